// Tool calls as items of a response, and such items and their results in a chat's form.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { argumentsIn } from '../chat.js';
import { parseObject, textIn } from '../json.js';
import { CUSTOM_INPUT, OWN_TOOLS } from './own-tools.js';
import { flatName, type Origin } from './tools.js';

export interface ToolCall {
  readonly origin: Origin;
  readonly call_id: string;
  /** As the model wrote them. */
  readonly arguments: string;
}

/** Other makers’ models write nothing for a function without parameters; clients parse what they get (openai/codex#29549, openai/openai-python#3502). */
export const NO_ARGUMENTS = '{}';

/** The call as an item, either complete or before its first piece. */
export function callItem(id: string, { origin, call_id, arguments: args }: ToolCall, status: string): JsonObject {
  const { type, name, namespace } = origin;
  const item = { id, status, call_id };
  const named = { ...(namespace !== undefined && { namespace }), name };
  const own = Object.hasOwn(OWN_TOOLS, type) ? OWN_TOOLS[type] : undefined;
  if (own !== undefined) {
    const input = { ...own.always, ...parseObject(args) };
    const execution = type === 'tool_search' ? { execution: 'client' } : {};
    return { ...item, type: own.item, [own.field]: input, ...execution };
  }
  if (type === 'custom') return { ...item, type: 'custom_tool_call', ...named, input: inputOf(args) };
  const written = args === '' && status !== 'in_progress' ? NO_ARGUMENTS : args;
  return { ...item, type: 'function_call', ...named, arguments: written };
}

/** The input of a custom tool. If a model omits the JSON around it, the whole text is the input. */
export const inputOf = (args: string): string => {
  const input = parseObject(args);
  return (input && textIn(input, CUSTOM_INPUT)) ?? args;
};

const CALLS: ReadonlyMap<string, readonly [name: string, field: string]> = new Map(
  Object.entries(OWN_TOOLS).map(([type, { item, field }]) => [item, [type, field]]),
);

/** The type of an item; a message may omit its own. */
export const typeOf = (item: JsonObject): string =>
  textIn(item, 'type') ?? (item['role'] === undefined ? '' : 'message');

/** Whether an item is a call that the client carries out. */
export const isCall = (type: string): boolean =>
  type === 'function_call' || type === 'custom_tool_call' || CALLS.has(type);

/** Whether an item is the result of one. */
export const isResult = (type: string): boolean =>
  type === 'tool_search_output' || (type.endsWith('_output') && isCall(type.slice(0, -'_output'.length)));

/** Whether an item is a search for tools at the provider, or what it found: the tools are offered anyway. */
export const isSearchAtProvider = (item: JsonObject): boolean =>
  (item['type'] === 'tool_search_call' || item['type'] === 'tool_search_output') && item['execution'] === 'server';

/** The function that an item calls in a chat; undefined when it has no name. */
export function calledIn(item: JsonObject): { readonly name: string; readonly arguments: string } | undefined {
  const [type, name, namespace] = [textIn(item, 'type') ?? '', textIn(item, 'name'), textIn(item, 'namespace')];
  const own = CALLS.get(type);
  if (own !== undefined) return { name: own[0], arguments: JSON.stringify(item[own[1]] ?? {}) };
  if (name === undefined) return undefined;
  // OpenAI names a function of no namespace by itself once a search found it.
  const flat = flatName({ name, ...(namespace !== undefined && namespace !== name && { namespace }) });
  if (type !== 'custom_tool_call') return { name: flat, arguments: argumentsIn(item) };
  return { name: flat, arguments: JSON.stringify({ [CUSTOM_INPUT]: textIn(item, 'input') ?? '' }) };
}

/** A result as content: a text, or parts if there are any; otherwise the result as JSON. */
export function resultIn(item: JsonObject): JsonValue {
  if (item['type'] === 'tool_search_output') return JSON.stringify(item['tools'] ?? []);
  const { output } = item;
  if (typeof output === 'string') return output;
  if (output === undefined || output === null)
    return textIn(item, 'type') === 'function_call_output' ? null : (textIn(item, 'status') ?? '');
  const areParts = Array.isArray(output) && output.every((part) => isJsonObject(part) && part['type'] !== undefined);
  return areParts ? output : JSON.stringify(output);
}
