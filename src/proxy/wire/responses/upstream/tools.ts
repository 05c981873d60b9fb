// Tools of a chat, their calls and the choice of one, as a response has them: with their fields beside the type, not in an object of their own.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { argumentsIn } from '../../chat.js';
import { defined, objectIn, objectsOf, textIn } from '../../json.js';
import { Untranslatable } from '../../wire.js';

/** What a chat calls one kind of tool, and what a response does. */
export interface Kind {
  readonly type: 'function' | 'custom';
  /** The type of its calls' items; that of their results follows from it. */
  readonly item: string;
  /** The field of a call for what the model wrote. */
  readonly field: 'arguments' | 'input';
  /** The events of that. */
  readonly event: string;
}
const FUNCTION: Kind = {
  type: 'function',
  item: 'function_call',
  field: 'arguments',
  event: 'response.function_call_arguments',
};
const CUSTOM: Kind = {
  type: 'custom',
  item: 'custom_tool_call',
  field: 'input',
  event: 'response.custom_tool_call_input',
};
const KINDS = [FUNCTION, CUSTOM];

/** The kind that an item of the output is a call of. */
export const kindOfItem = (item: JsonObject): Kind | undefined => KINDS.find((kind) => kind.item === item['type']);

/**
 * What the model has written of a call. Some servers that copy this API have the arguments as an object
 * (https://github.com/QuantumNous/new-api/issues/4432).
 */
export const writtenIn = ({ field }: Kind, item: JsonObject): string =>
  field === 'arguments' ? argumentsIn(item) : (textIn(item, field) ?? '');

/** The kind of a tool, of a call or of a choice in a chat. Mistral's clients leave out the type. */
const kindOf = (tool: JsonObject): Kind | undefined => KINDS.find(({ type }) => type === (tool['type'] ?? 'function'));

/** The tools of a request. @throws Untranslatable */
export function toolsOf(tools: JsonValue | undefined): readonly JsonObject[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  return (tools as readonly JsonValue[]).map((tool, index) => {
    const kind = isJsonObject(tool) ? kindOf(tool) : undefined;
    const definition = isJsonObject(tool) && kind !== undefined ? objectIn(tool, kind.type) : undefined;
    if (kind === undefined || definition === undefined)
      throw new Untranslatable(`"tools[${index}]" must be a function or a custom tool.`, `tools[${index}]`);
    const { name, description } = definition;
    const head = { type: kind.type, name: name ?? null, description: description ?? undefined };
    if (kind === CUSTOM) return defined({ ...head, format: formatOf(objectIn(definition, 'format')) });
    // A response promises to follow a schema where nothing is said, a chat does not.
    const { parameters, strict } = definition;
    return defined({ ...head, parameters: parameters ?? NO_PARAMETERS, strict: strict ?? false });
  });
}

const NO_PARAMETERS = { type: 'object', properties: {} };

function formatOf(format: JsonObject | undefined): JsonObject | undefined {
  const grammar = format && objectIn(format, 'grammar');
  return grammar === undefined ? format : { type: 'grammar', ...grammar };
}

/** @throws Untranslatable */
export function toolChoiceOf(choice: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(choice)) return choice ?? undefined;
  const allowed = objectIn(choice, 'allowed_tools');
  if (choice['type'] === 'allowed_tools' && allowed !== undefined)
    return { type: 'allowed_tools', mode: allowed['mode'], tools: objectsOf(allowed['tools']).map(named) };
  return named(choice);
}

function named(choice: JsonObject): JsonObject {
  const kind = kindOf(choice);
  const name = kind && textIn(objectIn(choice, kind.type) ?? {}, 'name');
  if (kind !== undefined && name !== undefined) return { type: kind.type, name };
  throw new Untranslatable(
    '"tool_choice" must be auto, none, required, allowed_tools, or a tool by its type and name.',
    'tool_choice',
  );
}

/** A call in a message, as an item; undefined when it is of no known kind. `call_id` is the id to go by. */
export function callItem(call: JsonObject, call_id: string): JsonObject | undefined {
  const kind = kindOf(call);
  const called = kind && objectIn(call, kind.type);
  if (kind === undefined || called === undefined) return undefined;
  return { type: kind.item, call_id, name: textIn(called, 'name') ?? '', [kind.field]: writtenIn(kind, called) };
}

/** The call of an item, with what the model has written of it. */
export const chatCall = ({ type, field }: Kind, item: JsonObject, written: string): JsonObject => ({
  id: textIn(item, 'call_id') ?? textIn(item, 'id') ?? '',
  type,
  [type]: { name: textIn(item, 'name') ?? '', [field]: written },
});
