// Tools of a Responses request in chat completions: functions, which the client runs itself.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { defined, textIn } from '../json.js';
import { Untranslatable } from '../wire.js';
import { refuse, shown } from './unsupported.js';

/** @throws Untranslatable for tools that run at the provider, and for those that a chat has not. */
export function chatTools(tools: JsonValue | undefined): readonly JsonObject[] | undefined {
  if (tools === undefined || tools === null) return undefined;
  if (!Array.isArray(tools)) throw new Untranslatable('"tools" must be a list of tools.', 'tools');
  const own = (tools as readonly JsonValue[]).map((tool, index) => chatTool(tool, `tools[${index}]`));
  return own.length === 0 ? undefined : own;
}

/** Here `strict` is on by default; a schema unfit for it is taken nonetheless, so where nothing is said nothing is asked for. */
function chatTool(tool: JsonValue, at: string): JsonObject {
  const { type, name, description, parameters, strict }: JsonObject = isJsonObject(tool) ? tool : {};
  if (type !== 'function')
    refuse(at, `only functions can, not a tool of type ${shown(type)}; those of the provider are billed apart`);
  if (typeof name !== 'string') throw new Untranslatable(`"${at}" must have a "name".`, at);
  const options = { description: description ?? undefined, parameters: parameters ?? undefined };
  return { type, function: defined({ name, ...options, strict: strict ?? undefined }) };
}

/** `tool_choice` and `parallel_tool_calls`, as far as they are set. @throws Untranslatable */
export const chatToolChoice = (body: JsonObject): JsonObject =>
  defined({
    tool_choice: choiceOf(body['tool_choice'] ?? undefined),
    parallel_tool_calls: body['parallel_tool_calls'] ?? undefined,
  });

function choiceOf(choice: JsonValue | undefined): JsonValue | undefined {
  if (choice === undefined || choice === 'auto' || choice === 'none' || choice === 'required') return choice;
  const name = isJsonObject(choice) && choice['type'] === 'function' ? textIn(choice, 'name') : undefined;
  if (name !== undefined) return { type: 'function', function: { name } };
  throw new Untranslatable('"tool_choice" must be auto, none, required or a function by its name.', 'tool_choice');
}
