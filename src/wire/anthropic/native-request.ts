// A request of Anthropic's Messages API that goes on to Anthropic as it is: only what billing and routing need is read.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { MAX_PDF_PAGES, pdfPages } from '../pdf-pages.js';
import { Untranslatable } from '../wire.js';
import { blocksOfMessages } from './blocks.js';
import { objectIn, objectsOf, textIn } from '../json.js';
import { anthropicCallId } from './tool-calls.js';
import { refuseUnsupported } from './unsupported.js';

export interface MessagesRequest {
  /** The body to send, but for the model's name. */
  readonly body: JsonObject;
  readonly model: string;
  readonly stream: boolean;
  readonly maxTokens: number;
  readonly images: number;
  /** Pages of all PDF files. A page counts as an image and as its text: `PDF_PAGE_TEXT_TOKENS`. */
  readonly pdfPages: number;
  /** The size of the body in bytes, less the images and PDF files in it. */
  readonly textBytes: number;
  /** The most tokens that Anthropic adds around what is sent. */
  readonly overheadTokens: number;
  /** The longest life of what the request may write to the cache. */
  readonly cacheWrites: 'none' | '5m' | '1h';
}

/** "1,500 to 3,000 tokens per page": https://platform.claude.com/docs/en/build-with-claude/pdf-support#estimate-your-costs */
export const PDF_PAGE_TEXT_TOKENS = 3_000;

const OVERHEAD_TOKENS = 500;
/** The prompt that explains tools, and what Anthropic's own definitions come to: a few hundred to two thousand tokens each. */
const TOOLS_TOKENS = 1_000;
const KNOWN_TOOL_TOKENS = 4_000;
const MAX_TOKENS_ASKED = 100_000_000;

/** `bytes` is the size of the body as it came. @throws Untranslatable naming the field at fault. */
export function readMessagesRequest(body: JsonObject, bytes: number): MessagesRequest {
  const { messages, ...conversation } = readConversation(body);
  const { stream, max_tokens: maxTokens } = body;
  if (!isCap(maxTokens)) refuse('max_tokens', 'a whole number of at least 1');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') refuse('stream', 'true or false');
  const blocks = [...blocksOfMessages(messages)].map(({ block }) => block);
  const { mediaBytes, ...media } = mediaIn(blocks);
  return {
    ...conversation,
    stream: stream === true,
    maxTokens,
    ...media,
    textBytes: bytes - mediaBytes,
    overheadTokens: overheadOf(objectsOf(body['tools'])),
    cacheWrites: cacheWritesOf(body, blocks),
  };
}

/** What a request has whether it is answered or only counted. @throws Untranslatable naming the field at fault. */
export function readConversation(body: JsonObject) {
  refuseUnsupported(body);
  const { model, messages } = body;
  if (typeof model !== 'string' || model === '') refuse('model', 'the name of a model');
  if (!Array.isArray(messages) || messages.length === 0) refuse('messages', 'a list with at least one message');
  return { model, messages: messages as readonly JsonValue[], body: withoutForeign(body) };
}

const isCap = (value: JsonValue | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_TOKENS_ASKED;

function refuse(field: string, what: string): never {
  throw new Untranslatable(`"${field}" must be ${what}.`, field);
}

function overheadOf(tools: readonly JsonObject[]): number {
  const known = tools.filter(({ type }) => (type ?? 'custom') !== 'custom').length;
  return OVERHEAD_TOKENS + (tools.length > 0 ? TOOLS_TOKENS : 0) + known * KNOWN_TOOL_TOKENS;
}

type Media = Pick<MessagesRequest, 'images' | 'pdfPages'> & { readonly mediaBytes: number };

/** Images and PDF files, and their size within the body. A PDF fetched from a URL may have as many pages as there can be. */
function mediaIn(blocks: readonly JsonObject[]): Media {
  const media = { images: 0, pdfPages: 0, mediaBytes: 0 };
  for (const block of blocks) {
    const source = objectIn(block, 'source') ?? {};
    const data = source['type'] === 'base64' ? (textIn(source, 'data') ?? '') : '';
    media.mediaBytes += data.length;
    if (block['type'] === 'image') media.images++;
    else if (data !== '') media.pdfPages += pdfPages(data);
    else if (source['type'] === 'url') media.pdfPages += MAX_PDF_PAGES;
  }
  return { ...media, pdfPages: Math.min(media.pdfPages, MAX_PDF_PAGES) };
}

function cacheWritesOf(body: JsonObject, blocks: readonly JsonObject[]): MessagesRequest['cacheWrites'] {
  const markable = [body, ...objectsOf(body['system']), ...objectsOf(body['tools']), ...blocks];
  const marks = markable.map((marked) => marked['cache_control'] ?? undefined).filter((mark) => mark !== undefined);
  if (marks.length === 0) return 'none';
  const isShort = (mark: JsonValue): boolean => isJsonObject(mark) && (mark['ttl'] ?? '5m') === '5m';
  return marks.every(isShort) ? '5m' : '1h';
}

/**
 * Without what this gateway handed out for other models, in a conversation that changed its model: thinking that Anthropic did not sign,
 * and ids of calls that it does not take. Either would be a 400.
 */
function withoutForeign(body: JsonObject): JsonObject {
  const messages = body['messages'];
  if (!Array.isArray(messages)) return body;
  const own = (messages as readonly JsonValue[]).map(ownMessage);
  return own.some((message, index) => message !== messages[index]) ? { ...body, messages: own } : body;
}

function ownMessage(message: JsonValue): JsonValue {
  const content = isJsonObject(message) ? message['content'] : undefined;
  if (!isJsonObject(message) || !Array.isArray(content)) return message;
  const own = (content as readonly JsonValue[]).flatMap(ownBlock);
  const isSame = own.length === content.length && own.every((block, index) => block === content[index]);
  return isSame ? message : { ...message, content: own };
}

function ownBlock(block: JsonValue): JsonValue | readonly JsonValue[] {
  if (!isJsonObject(block)) return block;
  if (block['type'] === 'thinking' && !textIn(block, 'signature')) return [];
  for (const field of ['id', 'tool_use_id']) {
    const id = textIn(block, field);
    if (id !== undefined && id !== anthropicCallId(id)) return { ...block, [field]: anthropicCallId(id) };
  }
  return block;
}
