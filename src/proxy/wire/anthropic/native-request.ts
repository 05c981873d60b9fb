// A Messages request that is forwarded to Anthropic unchanged: this reads only what billing and routing need.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { isTokenCap } from '../chat.js';
import { MAX_PDF_PAGES, pdfPages } from '../pdf-pages.js';
import { malformed } from '../wire.js';
import { blocksOfMessages } from './blocks.js';
import { objectIn, objectsOf, textIn } from '../json.js';
import { isSealed } from '../reasoning-details.js';
import { referredTokens, type Rounds, roundsOf } from './server-tools.js';
import { anthropicCallId, UniqueIds } from './tool-calls.js';
import { addedTool, refuseUnsupported } from './unsupported.js';

export interface MessagesRequest {
  /** The body to send, except for the model's name. */
  readonly body: JsonObject;
  readonly model: string;
  readonly stream: boolean;
  readonly maxTokens: number;
  readonly images: number;
  /** Pages of all PDF files. A page counts as an image and as its text: `PDF_PAGE_TEXT_TOKENS`. */
  readonly pdfPages: number;
  /** Whether it holds anything whose token count has no limit. */
  readonly unbounded: boolean;
  /** The size of the body in bytes, without its images and PDF files. */
  readonly textBytes: number;
  /** The most tokens that Anthropic adds to what is sent. */
  readonly overheadTokens: number;
  /** How often Anthropic may read the prompt because of server tools. */
  readonly rounds: Rounds;
  /** The longest lifetime of a cache entry the request may write. */
  readonly cacheWrites: 'none' | '5m' | '1h';
}

/** "1,500 to 3,000 tokens per page": https://platform.claude.com/docs/en/build-with-claude/pdf-support#estimate-your-costs */
export const PDF_PAGE_TEXT_TOKENS = 3_000;

const OVERHEAD_TOKENS = 500;
/** Anthropic's prompt that explains tools, plus its own tool definitions: a few hundred to two thousand tokens each. */
const TOOLS_TOKENS = 1_000;
const KNOWN_TOOL_TOKENS = 4_000;

/** `bytes` is the size of the received body. @throws Untranslatable naming the field at fault. */
export function readMessagesRequest(body: JsonObject, bytes: number): MessagesRequest {
  const { messages, ...conversation } = readConversation(body);
  const { stream, max_tokens: maxTokens } = body;
  if (!isTokenCap(maxTokens)) malformed('max_tokens', 'a whole number of at least 1');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') malformed('stream', 'true or false');
  const blocks = [...blocksOfMessages(messages)].map(({ block }) => block);
  const { mediaBytes, ...media } = mediaIn(blocks);
  const tools = [...objectsOf(body['tools']), ...objectsOf(blocks.map((block) => addedTool(block) ?? null))];
  return {
    ...conversation,
    stream: stream === true,
    maxTokens,
    ...media,
    textBytes: bytes - mediaBytes,
    overheadTokens: overheadOf(tools) + referredTokens(tools, blocks),
    rounds: roundsOf(tools),
    cacheWrites: cacheWritesOf(body, blocks),
  };
}

/** The part that counting and answering share. @throws Untranslatable naming the field at fault. */
export function readConversation(body: JsonObject) {
  refuseUnsupported(body);
  const { model, messages } = body;
  if (typeof model !== 'string' || model === '') malformed('model', 'the name of a model');
  if (!Array.isArray(messages) || messages.length === 0) malformed('messages', 'a list with at least one message');
  return { model, messages: messages as readonly JsonValue[], body: withoutForeign(body) };
}

function overheadOf(tools: readonly JsonObject[]): number {
  const known = tools.filter(({ type }) => (type ?? 'custom') !== 'custom').length;
  return OVERHEAD_TOKENS + (tools.length > 0 ? TOOLS_TOKENS : 0) + known * KNOWN_TOOL_TOKENS;
}

type Media = Pick<MessagesRequest, 'images' | 'pdfPages' | 'unbounded'> & { readonly mediaBytes: number };

/** Blocks of text, or that only hold other blocks; media are recognised below. */
const OF_TEXT =
  /^(?:text|search_result|(?:redacted_)?thinking|tool_(?:use|reference|addition|removal)|(?:server|mcp)_tool_use|(?:\w+_)?tool_result(?:_error)?|web_(?:fetch|search)_result|tool_search_tool_search_result|(?:bash_|text_editor_)?code_execution_(?:\w+_)?result|compaction)$/;

/**
 * Images and PDF files, and their size within the body. A file fetched from a URL, or of an unknown kind, may have any
 * length.
 */
function mediaIn(blocks: readonly JsonObject[]): Media {
  const media = { images: 0, pdfPages: 0, unbounded: false, mediaBytes: 0 };
  for (const block of blocks) {
    const source = objectIn(block, 'source') ?? {};
    const [type, from] = [textIn(block, 'type') ?? '', textIn(source, 'type') ?? ''];
    const data = from === 'base64' ? (textIn(source, 'data') ?? '') : '';
    if (type === 'image' && (from === 'url' || from === 'base64')) {
      media.images++;
      media.mediaBytes += data.length;
    } else if (type === 'document' && from === 'base64') {
      media.pdfPages += pdfPages(data);
      media.mediaBytes += data.length;
    } else if (type === 'document' ? from !== 'text' && from !== 'content' : !OF_TEXT.test(type)) {
      media.unbounded = true;
    }
  }
  return { ...media, pdfPages: Math.min(media.pdfPages, MAX_PDF_PAGES) };
}

function cacheWritesOf(body: JsonObject, blocks: readonly JsonObject[]): MessagesRequest['cacheWrites'] {
  const markable = [body, ...objectsOf(body['system']), ...objectsOf(body['tools']), ...blocks];
  const marks = markable.map((marked) => marked['cache_control'] ?? undefined).filter((mark) => mark !== undefined);
  if (marks.length === 0) return 'none';
  return marks.every(isShortCache) ? '5m' : '1h';
}

/** Whether a `cache_control` asks for no more than five minutes. https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
export const isShortCache = (mark: JsonValue): boolean =>
  mark === null || (isJsonObject(mark) && (mark['ttl'] ?? '5m') === '5m');

/**
 * Removes what this gateway issued for other models, in a conversation that changed its model: thinking and citations
 * without Anthropic's own mark, and call ids that Anthropic does not accept, or not twice. Each would cause a 400.
 */
function withoutForeign(body: JsonObject): JsonObject {
  const messages = body['messages'];
  if (!Array.isArray(messages)) return body;
  const ids = new UniqueIds();
  const own = (messages as readonly JsonValue[]).flatMap((message) => ownMessage(message, ids));
  const isSame = own.length === messages.length && own.every((message, index) => message === messages[index]);
  return isSame ? body : { ...body, messages: own };
}

/** None where nothing of it is left: Anthropic refuses an empty message, and joins those around it. */
function ownMessage(message: JsonValue, ids: UniqueIds): JsonValue | readonly JsonValue[] {
  const content = isJsonObject(message) ? message['content'] : undefined;
  if (!isJsonObject(message) || !Array.isArray(content)) return message;
  const own = (content as readonly JsonValue[]).flatMap((block) => ownBlock(block, ids));
  const isSame = own.length === content.length && own.every((block, index) => block === content[index]);
  if (isSame) return message;
  return own.length === 0 ? [] : { ...message, content: own };
}

function ownBlock(block: JsonValue, ids: UniqueIds): JsonValue | readonly JsonValue[] {
  if (!isJsonObject(block)) return block;
  const signature = textIn(block, 'signature');
  if (block['type'] === 'thinking' && (!signature || isSealed(signature))) return [];
  for (const field of ['id', 'tool_use_id']) {
    const id = textIn(block, field);
    const own = id === undefined ? undefined : ownId(block, id, ids);
    if (own !== id) return { ...block, [field]: own };
  }
  return withOwnCitations(block);
}

function ownId({ type }: JsonObject, id: string, ids: UniqueIds): string {
  if (type === 'tool_use') return ids.ofCall(id);
  return type === 'tool_result' ? ids.ofResult(id) : anthropicCallId(id);
}

function withOwnCitations(block: JsonObject): JsonObject {
  const { citations, ...uncited } = block;
  const cited = objectsOf(citations);
  const own = cited.filter((one) => one['type'] !== 'web_search_result_location' || textIn(one, 'encrypted_index'));
  if (own.length === cited.length) return block;
  return own.length === 0 ? uncited : { ...uncited, citations: own };
}
