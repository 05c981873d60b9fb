// A Responses request that is forwarded unchanged to a provider with this API: this reads only what billing and routing
// need. Requests that depend on state at the provider are refused, because all customers share its account. Unknown
// items are refused too, because their cost is unknown.
// https://developers.openai.com/api/reference/resources/responses/methods/create
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { objectIn, objectsOf, textIn } from '../json.js';
import { refuseBilledApart, refuseOtherCacheLives, refuseOtherTiers } from '../billed-apart.js';
import { isTokenCap } from '../chat.js';
import { malformed, refuseField, Untranslatable } from '../wire.js';
import { detailsIn } from './thoughts.js';
import { typeOf } from './tool-items.js';
import { type Offered, withoutHosted } from './tool-offers.js';
import { refuseUnsupported, shown } from './unsupported.js';

export interface ResponsesRequest extends Offered {
  readonly model: string;
  readonly stream: boolean;
  /** The client's own cap on output tokens. */
  readonly maxTokens: number | undefined;
  /** The input items as chat parts, with a chat's type where there is one, otherwise unchanged. */
  readonly parts: readonly JsonObject[];
  readonly tools: number;
  /** Whether the provider searches the tools. */
  readonly searched: boolean;
  /** The most tokens that are added to what is sent. */
  readonly overheadTokens: number;
}

/** OpenAI's own definition of a tool, such as a computer or a shell; elsewhere, the schema around a custom tool. */
const TOKENS_PER_TOOL = 100;
const KNOWN_TOOL_TOKENS = 4_000;

/** Items that clients send back as the model made them, or that only hold text. */
const ITEMS =
  /^(?:message|agent_message|reasoning|additional_tools|configuration_update|compaction|web_search_call|tool_search_(?:call|output)|(?:function|custom_tool|local_shell|shell|apply_patch|computer)_call(?:_output)?)$/;

/** @throws Untranslatable naming the field at fault. */
export function readResponsesRequest(received: JsonObject): ResponsesRequest {
  refuseUnsupported(received);
  refuseUnpriced(received);
  const { body, leftOut } = withoutHosted(received);
  const { model, input, stream } = body;
  if (typeof model !== 'string' || model === '') malformed('model', 'the name of a model');
  if (typeof input !== 'string' && !Array.isArray(input)) malformed('input', 'a text or a list of items');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') malformed('stream', 'true or false');
  const items = Array.isArray(input) ? (input as readonly JsonValue[]) : [];
  items.forEach((item, index) => checkItem(item, `input[${index}]`));
  const tools = toolsIn(body, items);
  return {
    body,
    leftOut,
    model,
    stream: stream === true,
    maxTokens: maxTokensOf(body),
    parts: items.filter(isJsonObject).flatMap(partsOf).map(chatPart),
    tools: tools.length,
    searched: tools.some(isSearched),
    overheadTokens: overheadOf(tools),
  };
}

/** Refuses features without a known price. */
function refuseUnpriced(body: JsonObject): void {
  refuseOtherTiers(body['service_tier']);
  const { max_output_tokens: _cap, text: _schema, client_metadata: _notes, ...fields } = body;
  refuseBilledApart(fields);
  checkCache(objectIn(body, 'prompt_cache_options') ?? {}, 'prompt_cache_options');
}

function checkCache(options: JsonObject, at: string): void {
  refuseOtherCacheLives(options, at);
  if ((options['comparison_response_id'] ?? undefined) !== undefined)
    refuseField(`${at}.comparison_response_id`, 'answers are not kept here');
}

function maxTokensOf(body: JsonObject): number | undefined {
  const most = body['max_output_tokens'] ?? undefined;
  if (most === undefined) return undefined;
  if (isTokenCap(most)) return most;
  return malformed('max_output_tokens', 'a whole number from 1');
}

function checkItem(item: JsonValue, at: string): void {
  if (!isJsonObject(item)) throw new Untranslatable(`"${at}" must be an object with a "type".`, at);
  const type = typeOf(item);
  if (type === 'item_reference') refuseField(at, 'items are not kept here: send the item itself, with "store": false');
  // Codex asks for it, and goes on only if it gets it (caozhiyuan/copilot-api#359, lidge-jun/opencodex#422).
  if (type === 'compaction_trigger')
    refuseField(
      at,
      'conversations are shortened by their clients (Codex does so if its provider has another "name" than OpenAI)',
    );
  if (!ITEMS.test(type))
    refuseField(at, `an item of type ${shown(type)} depends on work done at a provider, or is unknown here`);
  for (const [index, part] of partsOf(item).entries()) {
    const place = `${at}.${item['output'] === undefined ? 'content' : 'output'}[${index}]`;
    if ((part['file_id'] ?? undefined) !== undefined)
      refuseField(`${place}.file_id`, 'uploaded files belong to the account behind this gateway: send the file itself');
    checkCache(objectIn(part, 'prompt_cache_breakpoint') ?? {}, `${place}.prompt_cache_breakpoint`);
  }
}

/** The parts of a message or of a result, or the screenshot of a computer. */
function partsOf(item: JsonObject): readonly JsonObject[] {
  const screenshot = objectIn(item, 'output');
  return screenshot === undefined ? objectsOf(item['content'] ?? item['output']) : [screenshot];
}

/** The request without the reasoning that its provider can't read. */
export function withOwnThoughts(body: JsonObject, isOpenAi: boolean): JsonObject {
  const { input } = body;
  if (!Array.isArray(input)) return body;
  return { ...body, input: (input as readonly JsonValue[]).flatMap((item) => readableIn(item, isOpenAi)) };
}

/**
 * An item as far as it can be read. OpenAI looks up a reasoning item without `encrypted_content` by its id, but nothing is stored; it refuses
 * those that another maker encrypted, and words of which it has none (https://github.com/querymt/querymt/issues/976). Each would fail the whole
 * request.
 */
function readableIn(item: JsonValue, isOpenAi: boolean): readonly JsonValue[] {
  if (!isJsonObject(item) || item['type'] !== 'reasoning') return [item];
  const { content, ...wordless } = item;
  const hasWords = objectsOf(content).length > 0;
  if (typeof item['encrypted_content'] !== 'string') return hasWords && !isOpenAi ? [item] : [];
  if (detailsIn(item).length > 0) return [];
  return [hasWords && isOpenAi ? wordless : item];
}

/** https://developers.openai.com/api/docs/guides/file-inputs: a file fetched by URL can have any size. */
function chatPart(part: JsonObject): JsonObject {
  switch (textIn(part, 'type') ?? '') {
    case 'input_text':
    case 'output_text':
    case 'reasoning_text':
    case 'text':
      return { type: 'text', text: part['text'] ?? '' };
    case 'encrypted_content': // Has at least as many bytes as what it hides.
      return { type: 'text', text: part['encrypted_content'] ?? '' };
    case 'refusal':
      return { type: 'refusal', refusal: part['refusal'] ?? '' };
    case 'input_image':
    case 'computer_screenshot':
      return { type: 'image_url', image_url: { url: part['image_url'] ?? null } };
    case 'input_file':
      return { type: 'file', file: { file_data: part['file_data'] ?? null } };
    default:
      return part;
  }
}

const toolsIn = (body: JsonObject, items: readonly JsonValue[]): readonly JsonObject[] =>
  [body, ...items.filter(isJsonObject)]
    .flatMap((holder) => objectsOf(holder['tools']))
    .flatMap((tool) => [tool, ...objectsOf(tool['tools'])]);

const isSearched = ({ type, execution }: JsonObject): boolean => type === 'tool_search' && execution !== 'client';

/** A tool search at the provider reads the input again with its results, so only the model's window bounds it. */
function overheadOf(tools: readonly JsonObject[]): number {
  if (tools.some(isSearched)) return Infinity;
  const known = tools.filter(({ type }) => !['function', 'custom', 'namespace'].includes(String(type))).length;
  return tools.length * TOKENS_PER_TOOL + known * KNOWN_TOOL_TOKENS;
}
