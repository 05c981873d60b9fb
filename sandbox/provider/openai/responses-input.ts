// The input of a Responses request, with OpenAI's checks for unstored conversations: calls have outputs, outputs have
// calls, and no item is referred to by its id.
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatMessage, ContentPart } from '../chat-request.js';
import { badRequest, WireError } from '../errors.js';
import { invalidType, missing } from './fields.js';

const ROLES = ['user', 'assistant', 'system', 'developer'];
const PARTS: Readonly<Record<string, readonly string[]>> = {
  assistant: ['output_text', 'refusal', 'output_audio'],
  user: ['input_text', 'input_image', 'input_file', 'input_audio'],
};
const CALL = /^(?:function|custom_tool|local_shell|shell|apply_patch|computer)_call$/;
const OUTPUT = /^(function|custom_tool|local_shell|shell|apply_patch|computer)_call_output$/;
/** Other item types, which the sandbox ignores. */
const OTHER =
  /^(?:additional_tools|configuration_update|compaction|compaction_trigger|web_search_call|file_search_call|code_interpreter_call|image_generation_call|tool_search_(?:call|output)|mcp_(?:call|list_tools|approval_request|approval_response)|program|program_output)$/;

/** @throws WireError (400, 404) */
export function messagesOf(body: JsonObject): readonly ChatMessage[] {
  const { input } = body;
  if (input === undefined) throw missing('input');
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  if (!Array.isArray(input)) throw invalidType('input', 'one of a string or an array of input items');
  const items = (input as readonly JsonValue[]).map((item, index) => {
    if (isJsonObject(item)) return item;
    throw invalidType(`input[${index}]`, 'an object');
  });
  checkCalls(items);
  return items.flatMap((item, index) => messagesOfItem(item, `input[${index}]`));
}

function messagesOfItem(item: JsonObject, at: string): readonly ChatMessage[] {
  const type = String(item.type ?? (item.role === undefined ? '' : 'message'));
  if (type === 'message') return [messageOf(item, at)];
  if (type === 'item_reference') throw notStored(String(item.id));
  if (type === 'reasoning') {
    // With only an id, OpenAI would look it up among stored items.
    if (typeof item.encrypted_content !== 'string') throw notStored(String(item.id));
    if (!item.encrypted_content.startsWith(ENCRYPTED))
      throw badRequest('The encrypted content could not be verified.', null, 'invalid_encrypted_content');
    return [];
  }
  if (CALL.test(type)) return [{ role: 'assistant', content: '', tool_calls: [item] }];
  if (type === 'tool_search_output') return [{ role: 'tool', content: JSON.stringify(item.tools ?? []) }];
  if (OUTPUT.test(type)) {
    if (item.output === undefined) throw missing(`${at}.output`);
    return [{ role: 'tool', content: typeof item.output === 'string' ? item.output : textOf(item.output) }];
  }
  if (OTHER.test(type)) return [];
  throw badRequest(`Invalid value: '${type}'.`, `${at}.type`, 'invalid_value');
}

/** The sandbox's own encrypted thoughts start with this. */
export const ENCRYPTED = 'gAAAAAsandbox';

const notStored = (id: string): WireError =>
  new WireError(
    404,
    `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
    { param: 'input' },
  );

function messageOf({ role, content }: JsonObject, at: string): ChatMessage {
  if (typeof role !== 'string' || !ROLES.includes(role))
    throw badRequest(`Invalid value: '${String(role)}'.`, `${at}.role`, 'invalid_value');
  if (typeof content === 'string') return { role, content };
  if (content === undefined) throw missing(`${at}.content`);
  if (!Array.isArray(content)) throw invalidType(`${at}.content`, 'one of a string or an array of content parts');
  const types = PARTS[role] ?? PARTS.user ?? [];
  const parts = content.map((part: unknown, index): ContentPart => {
    const type = isJsonObject(part) ? part.type : undefined;
    if (!isJsonObject(part) || typeof type !== 'string' || !types.includes(type))
      throw badRequest(
        `Invalid value: '${String(type)}'. Supported values are: ${types.map((known) => `'${known}'`).join(', ')}.`,
        `${at}.content[${index}]`,
        'invalid_value',
      );
    return { ...part, type };
  });
  return { role, content: parts };
}

const textOf = (output: JsonValue): string =>
  (Array.isArray(output) ? (output as readonly JsonValue[]) : [])
    .map((part) => (isJsonObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('') || JSON.stringify(output);

function checkCalls(items: readonly JsonObject[]): void {
  const idsOf = (is: RegExp) =>
    items.flatMap(({ type, call_id: id }) => (is.test(String(type)) && typeof id === 'string' ? [id] : []));
  const [calls, outputs] = [idsOf(CALL), idsOf(OUTPUT)];
  const missingOutput = calls.find((id) => !outputs.includes(id));
  if (missingOutput !== undefined)
    throw badRequest(`No tool output found for function call ${missingOutput}.`, 'input');
  const missingCall = outputs.find((id) => !calls.includes(id));
  if (missingCall !== undefined)
    throw badRequest(`No tool call found for function call output with call_id ${missingCall}.`, 'input');
}
