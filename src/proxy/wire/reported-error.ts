// Reads a provider's error in any of its shapes: OpenAI's and Anthropic's {"error":{…}}, Google's (also in a list),
// OpenRouter's with the underlying provider's reason in `metadata.raw`, FastAPI's {"detail"}, vLLM's
// {"object":"error"}, Cloudflare's {"errors":[…]}, or a text.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { brokenOffIn } from './broken-off.js';
import { objectIn, objectsOf, parseObject, textIn } from './json.js';

export interface ReportedError {
  /** The provider's own words; undefined when it gave no reason. */
  readonly message: string | undefined;
  /** The HTTP status it stands for, if known. */
  readonly status?: number;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  /**
   * What it concerns, if the status does not say: the gateway's own key or credit, which no client can fix; the request;
   * or something that the request names and that another provider may have.
   */
  readonly about?: 'gateway' | 'request' | 'missing';
  /** How long to wait before the next request, in milliseconds, if its body says so. */
  readonly retryAfterMs?: number;
}

const MAX_WORDS = 500;
/** How often an error is taken out of another: gateways before gateways do not go deeper, and the stack holds some thousands. */
const MOST_WRAPPED = 100;
/** A code is a single word, not a sentence. */
const WORD = /^[\w.-]{1,64}$/;

/**
 * The gateway's own account problems that providers report with a 400 or a 429, as if the request or its rate were at
 * fault: OpenAI (https://platform.openai.com/docs/guides/error-codes), Moonshot
 * (https://platform.moonshot.ai/docs/api/chat#error-codes), Z.ai (11xx, https://docs.z.ai/api-reference/api-code),
 * Alibaba (https://www.alibabacloud.com/help/en/model-studio/error-code), Anthropic
 * (https://platform.claude.com/docs/en/api/errors; the two sentences are those of anthropics/claude-code#66314 and
 * similar), Google (https://ai.google.dev/gemini-api/docs/troubleshooting), Groq
 * (https://github.com/songquanpeng/one-api/issues/1764), MiniMax (https://github.com/modelscope/modelscope/issues/1691),
 * LiteLLM (its type is `budget_exceeded`).
 */
const OF_OURS = new Set([
  'insufficient_quota',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'project_spend_limit_exceeded',
  'billing_hard_limit_reached',
  'billing_not_active',
  'exceeded_current_quota_error',
  '1110',
  '1111',
  '1112',
  '1113',
  '1120',
  '1121',
  'Arrearage',
  'billing_error',
  'authentication_error',
  'enforced_spend_limit_reached',
  'organization_restricted',
  'insufficient_balance_error',
  'budget_exceeded',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'FAILED_PRECONDITION',
]);
/**
 * Fireworks tells of a suspended account by a 412, xAI of spent credits by a 429 that names our team, and MiniMax of an
 * empty balance by a 500 (https://github.com/MiniMax-AI/MiniMax-M2/issues/62).
 */
const SENTENCES_OF_OURS =
  /^Your credit balance is too low|^You have reached your specified .*usage limits|\bIncorrect API key provided\b|^Account (?:\S+ )?is suspended, possibly due to|\bhas either used all available credits or reached its monthly spending limit|^insufficient balance \(1008\)/;
/**
 * xAI refuses a prompt with a 403 and the code of a key without permission, and names our team and key
 * (UKGovernmentBEIS/inspect_ai#2267, theopenco/llmgateway#1785); a wrong key is a 400 (https://docs.x.ai/developers/debugging).
 */
const SENTENCES_OF_A_PROMPT = /\bContent violates usage guidelines\b/;
/**
 * A model's thoughts are encrypted or signed for the account that made them, and a conversation may go on at another
 * channel (https://github.com/anomalyco/opencode/issues/44135). Where the conversation itself was changed, no account can read them.
 */
const FOREIGN_THOUGHTS = 'invalid_encrypted_content';
const SENTENCES_OF_FOREIGN_THOUGHTS = /\bInvalid `signature` in `\w+` block(?!.*\bdifferent conversation\b)/s;
/**
 * A model that the provider does not know, told by a 400: OpenAI's code in its Responses API (recorded in newrelic/newrelic-python-agent), DeepSeek
 * (https://github.com/ConardLi/easy-dataset/issues/9), SiliconFlow (https://github.com/ErlichLiu/DeepClaude/issues/111), OpenRouter
 * (https://github.com/continuedev/continue/issues/10758).
 */
const NO_MODEL = 'model_not_found';
const SENTENCES_OF_NO_MODEL = /^Model Not Exist$|^Model does not exist\b|\bis not a valid model ID$/;
/**
 * llama.cpp and Ollama tell by a 500 of media that the model does not take, or not in that format (both recorded in maruel/genai, providers/llamacpp
 * and providers/ollama).
 */
const SENTENCES_OF_OTHER_MEDIA =
  /^(?:image|audio|video) input is not supported - hint: |\bfailed to process inputs: image: unknown format$/;
const OUR_IDS = /\bTeam: [^,]*, API key ID: [^,]*, /;

/** OpenAI's codes, which clients know, for those of others: llama.cpp's (https://github.com/ggml-org/llama.cpp/pull/15780). */
const CODES: ReadonlyMap<string, string> = new Map([['exceed_context_size_error', 'context_length_exceeded']]);

/** The statuses of errors that have none, by their type or code: Anthropic's, OpenAI's, Google's. */
const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  api_error: 500,
  server_error: 500,
  internal_server_error: 500,
  service_unavailable: 503,
  timeout_error: 504,
  overloaded_error: 529,
  INVALID_ARGUMENT: 400,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/**
 * The error within an answer or an event; undefined when there is none. An `error` that is false, null or empty does
 * not count. `began` is whether something of the answer came before it.
 */
export function readError(body: unknown, began = false, depth = 0): ReportedError | undefined {
  const first: unknown = isJsonArray(body) ? body[0] : body;
  if (!isJsonObject(first)) return undefined;
  if (isSomething(first['error'])) return errorOf(first['error'], first, depth);
  const error = first['object'] === 'error' || first['type'] === 'error' ? first : brokenOffIn(first, began);
  return error && errorOf(error, first, depth);
}

/** The error in a body with an error status, in any format. */
export function readErrorBody(text: string, contentType: string): ReportedError {
  const parsed = parseJson(text);
  if (parsed === undefined) {
    // HTML and the like is not shown to clients.
    const words = contentType.startsWith('text/plain') ? text.trim() : '';
    return { message: words === '' ? undefined : words.slice(0, MAX_WORDS) };
  }
  const first: unknown = isJsonArray(parsed) ? parsed[0] : parsed;
  return readError(parsed) ?? (isJsonObject(first) ? errorOf(first, first) : { message: undefined });
}

const isSomething = (error: JsonValue | undefined): error is JsonValue =>
  error !== undefined && error !== null && error !== false && error !== '' && !isEmpty(error);

const isEmpty = (error: JsonValue): boolean =>
  typeof error === 'object' && error !== null && Object.keys(error).length === 0;

function errorOf(error: JsonValue, around: JsonObject, depth = 0): ReportedError {
  if (!isJsonObject(error)) {
    const { code = null, status = null, status_code = null } = around;
    return errorOf({ message: error, code, status, status_code }, around, depth);
  }
  const within = depth < MOST_WRAPPED ? objectIn(error, 'error') : undefined;
  if (within !== undefined && error['message'] === undefined)
    return errorOf({ code: error['code'] ?? null, ...within }, error, depth + 1);
  const behind = depth < MOST_WRAPPED ? behindIt(objectIn(error, 'metadata'), depth + 1) : undefined;
  const own = wordsOf(error['message'] ?? error['detail'] ?? error['errors'] ?? error['title']);
  const message = [own, behind?.message]
    .filter((words) => words !== undefined)
    .join(': ')
    .replace(OUR_IDS, '');
  const code = [error['code'], error['status'], behind?.code, error['type']].find(isWord);
  const type = [error['type'], behind?.type].find(isWord);
  const param = textIn(error, 'param')?.slice(0, MAX_WORDS) ?? behind?.param;
  const about = aboutIn(error, message);
  const retryAfterMs = retryIn(error);
  return {
    message: message === '' ? undefined : message.slice(0, MAX_WORDS),
    ...statusIn(error),
    ...(type !== undefined && { type }),
    ...(code !== undefined && { code: CODES.get(code) ?? code }),
    ...(param !== undefined && { param }),
    ...(about !== undefined && { about }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The error of the provider behind an intermediary (https://openrouter.ai/docs/api/reference/errors-and-debugging). */
function behindIt(metadata: JsonObject | undefined, depth: number): ReportedError | undefined {
  const raw = metadata?.['raw'];
  if (raw === undefined || raw === null || raw === '') return undefined;
  const value = typeof raw === 'string' ? parseObject(raw) : raw;
  if (!isJsonObject(value)) return { message: wordsOf(raw) };
  return readError(value, false, depth) ?? errorOf(value, value, depth);
}

/** The text of an error, wherever a provider puts it. */
function wordsOf(value: JsonValue | undefined, depth = 0): string | undefined {
  if (depth > MOST_WRAPPED) return undefined;
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (isJsonArray(value))
    return (
      value
        .map((each) => wordsOf(each, depth + 1))
        .filter((words) => words !== undefined)
        .join('; ') || undefined
    );
  return isJsonObject(value) ? wordsOf(value['message'] ?? value['msg'] ?? value['detail'], depth + 1) : undefined;
}

function statusIn(error: JsonObject): { readonly status?: number } {
  // The last is MiniMax's: https://github.com/BigPizzaV3/CodexPlusPlus/issues/267.
  const numbers = [error['status'], error['status_code'], error['code'], error['http_code']].map((value) =>
    typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value,
  );
  const value = numbers.find((number) => typeof number === 'number' && number >= 400 && number < 600);
  const words = [error['type'], error['code'], error['status']].filter(isWord);
  const status = value ?? words.map((word) => (Object.hasOwn(STATUS, word) ? STATUS[word] : undefined)).find(Boolean);
  return typeof status === 'number' ? { status } : {};
}

function aboutIn(error: JsonObject, message: string): ReportedError['about'] {
  const { type, code, status, details, metadata } = error;
  const reasons = [details]
    .flat()
    .map((detail) => (isJsonObject(detail) ? (detail['reason'] ?? detail['error_code']) : undefined));
  if (SENTENCES_OF_A_PROMPT.test(message)) return 'request';
  const words = [type, code, status, ...reasons].map(String);
  const isOurs =
    words.some((word) => OF_OURS.has(word) || word.startsWith('API_KEY_')) || SENTENCES_OF_OURS.test(message);
  if (isOurs) return 'gateway';
  if (words.includes(FOREIGN_THOUGHTS) || SENTENCES_OF_FOREIGN_THOUGHTS.test(message)) return 'missing';
  if (SENTENCES_OF_OTHER_MEDIA.test(message)) return 'missing';
  if (words.includes(NO_MODEL) || SENTENCES_OF_NO_MODEL.test(message)) return 'missing';
  // OpenRouter's moderation, reported with a 403.
  return isJsonObject(metadata) && isJsonArray(metadata['reasons']) ? 'request' : undefined;
}

/**
 * Google puts it in a detail instead of a header: `RetryInfo` of google/rpc/error_details.proto
 * (https://google.aip.dev/193).
 */
function retryIn({ details }: JsonObject): number | undefined {
  const detail = objectsOf(isJsonArray(details) ? details : [details ?? null]).find((one) => 'retryDelay' in one) ?? {};
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(textIn(detail, 'retryDelay') ?? '') ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

const isWord = (value: JsonValue | undefined): value is string => typeof value === 'string' && WORD.test(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
