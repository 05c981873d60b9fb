// Reads the parts of a chat completion in which providers differ, for every client format.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { GOOGLE_FINISH } from './gemini/finish.js';
import { objectIn, objectsOf, parseObject, textIn } from './json.js';

/** The only choice of a completion or a chunk; the usage chunk has none. */
export const choiceOf = (chat: JsonObject): JsonObject | undefined => objectsOf(chat['choices'])[0];

/** The message of a whole answer. GitHub Copilot has a choice for a Claude model's text, and others for its calls. */
export function messageIn(chat: JsonObject): JsonObject {
  const [message = {}, ...others] = objectsOf(chat['choices']).map((choice) => objectIn(choice, 'message') ?? {});
  const calls = others.flatMap((other) => objectsOf(other['tool_calls']));
  return calls.length === 0 ? message : { ...message, tool_calls: [...objectsOf(message['tool_calls']), ...calls] };
}

/**
 * OpenAI's words for reasons that only one maker has: Zhipu, whose two are the first, Mistral, and Google. Google's OpenAI-compatible endpoint
 * has its reasons after the name of a filter (https://github.com/coder/coder/pull/28470), and resellers alone
 * (https://github.com/HKUDS/Vibe-Trading/pull/308).
 */
const FINISH: ReadonlyMap<string | undefined, string> = new Map([
  ['sensitive', 'content_filter'],
  ['model_context_window_exceeded', 'length'],
  ['model_length', 'length'],
  ['function_call_filter', 'content_filter'],
  ...GOOGLE_FINISH,
]);

/** Why a choice ended, in OpenAI's words where there are any; undefined or empty while it goes on. */
export function finishIn(choice: JsonObject): string | undefined {
  const [reason] = textIn(choice, 'finish_reason')?.split(':', 1) ?? [];
  return FINISH.get(reason) ?? reason;
}

/** More than any model writes: a larger cap is a mistake. */
export const MAX_TOKENS_ASKED = 100_000_000;

export const isTokenCap = (value: JsonValue | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_TOKENS_ASKED;

/**
 * The text of a message or a delta. Mistral's content is a list of parts while its model thinks, and a text otherwise;
 * its references are not text (https://docs.mistral.ai/capabilities/reasoning/).
 */
export const contentIn = (said: JsonObject): string => textIn(said, 'content') ?? textsOf(said['content'], 'text');

/**
 * `reasoning_content` at DeepSeek and most others, `reasoning` at OpenRouter and newer vLLM, `reasoning_text` at GitHub Copilot, parts of the
 * content at Mistral and Databricks, and details alone at MiniMax when it is told to split them off
 * (https://platform.minimax.io/docs/api-reference/text-openai-api).
 */
export const reasoningIn = (said: JsonObject): string => toldIn(said) || detailsIn(said);

/** The reasoning in the deltas of a stream. Details that come after the words repeat them. */
export class Thoughts {
  #told = false;

  in(delta: JsonObject): string {
    const told = toldIn(delta);
    this.#told ||= told !== '';
    return this.#told ? told : detailsIn(delta);
  }
}

const toldIn = (said: JsonObject): string =>
  wordsOf(said['reasoning_content']) ||
  wordsOf(said['reasoning']) ||
  wordsOf(said['reasoning_text']) ||
  objectsOf(said['content']).map(thoughtsIn).join('');

/** A text, or Envoy's object around it (https://github.com/envoyproxy/ai-gateway/pull/1222). */
const wordsOf = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : ((isJsonObject(value) ? textIn(value, 'text') : undefined) ?? '');

/** The thoughts of a part: Mistral's, or those of Databricks (https://github.com/databricks/appkit/pull/559). */
function thoughtsIn(part: JsonObject): string {
  if (part['type'] === 'thinking') return textIn(part, 'thinking') ?? textsOf(part['thinking'], 'text');
  return part['type'] === 'reasoning' ? (textIn(part, 'text') ?? textsOf(part['summary'], 'summary_text')) : '';
}

/** The thoughts in details. One with a signature, like Anthropic's, repeats what was told before. */
const detailsIn = (said: JsonObject): string =>
  textsOf(
    objectsOf(said['reasoning_details']).filter(({ signature }) => signature === undefined),
    'reasoning.text',
  );

/** What a message or a delta cites, as the Responses API has it: both APIs have the same facts, a chat within one more object. */
export const citationsIn = (said: JsonObject): readonly JsonObject[] =>
  objectsOf(said['annotations']).flatMap((annotation) => {
    const cited = objectIn(annotation, 'url_citation');
    return cited === undefined ? [] : [{ type: 'url_citation', ...cited }];
  });

/** The texts of the parts of a type. */
const textsOf = (parts: JsonValue | undefined, type: string): string =>
  objectsOf(parts)
    .map((part) => (part['type'] === type ? (textIn(part, 'text') ?? '') : ''))
    .join('');

/** The text of a whole answer: white space beside calls or a refusal is padding. */
export const saidIn = (message: JsonObject): string => {
  const text = contentIn(message);
  const hasMore = objectsOf(message['tool_calls']).length > 0 || Boolean(textIn(message, 'refusal'));
  return hasMore && text.trim() === '' ? '' : text;
};

const OPENAI = /^(?:gpt|chatgpt|o\d)/;

/**
 * OpenAI refuses unknown fields within messages; makers that return their reasoning need it back while tools are
 * called.
 */
export const takesReasoning = (model: string): boolean => !OPENAI.test(model);

/**
 * What stands for reasoning that is not there, as in a conversation that another model began. Kimi and DeepSeek, while
 * they think, refuse a message of the assistant without any (https://github.com/QuantumNous/new-api/issues/3121,
 * https://github.com/openclaw/openclaw/issues/73417), and Kimi an empty one as well
 * (https://github.com/charmbracelet/crush/issues/2696).
 */
const STAND_INS: readonly (readonly [models: RegExp, reasoning: string])[] = [
  [/^kimi-k(?:2\.[5-9]|[3-9])/, ' '],
  [/^deepseek-(?!chat|reasoner)/, ''],
];

/** Whether a model refuses a call of its own without the reasoning before it. */
export const needsReasoning = (model: string): boolean => STAND_INS.some(([models]) => models.test(model));

/** The reasoning of an assistant message, for a model that takes it. */
export function reasoningBack(model: string, reasoning: string): JsonObject {
  if (!takesReasoning(model)) return {};
  const content = reasoning || STAND_INS.find(([models]) => models.test(model))?.[1];
  return content === undefined ? {} : { reasoning_content: content };
}

/**
 * An instruction within a conversation, for a model that takes instructions at the start alone. There, it would change the order of what was
 * said, and nothing after it could be read from the cache again (https://github.com/BerriAI/litellm/issues/42104). So it stays in its place
 * and says what it is, as others have it (https://github.com/pydantic/pydantic-ai/issues/5437, https://github.com/livekit/agents/pull/5287).
 */
export const instructionForUser = (text: string): string => `<system>\n${text}\n</system>`;

/** The function of a tool, or of a choice of one. Mistral's clients leave out the type. */
export const functionIn = (tool: JsonValue | undefined): JsonObject | undefined =>
  isJsonObject(tool) && (tool['type'] ?? 'function') === 'function' ? objectIn(tool, 'function') : undefined;

/** A call's arguments as a text. Hugging Face's server has the object itself (huggingface/text-generation-inference#2136). */
export function argumentsIn(called: JsonObject | undefined): string {
  const args = called?.['arguments'] ?? '';
  return typeof args === 'string' ? args : JSON.stringify(args);
}

/** The registered name of a media type. `image/jpg` is none, but many clients send it, and OpenAI takes it. */
export function mediaTypeOf(given: string): string {
  const type = given.toLowerCase();
  return type === 'image/jpg' ? 'image/jpeg' : type;
}

/** Whether a call's arguments say nothing; R and PHP write an empty object as a list. */
const areEmpty = (args: string): boolean => /^\s*(?:\[\s*\]|null)?\s*$/.test(args);

/**
 * A call's arguments for formats in which they are an object. What is none goes under `INVALID_JSON`, as Anthropic recommends for sending it
 * back: https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming
 */
export function inputOf(args: string): JsonObject {
  if (areEmpty(args)) return {};
  return parseObject(args) ?? { INVALID_JSON: args };
}

/** Stands for the text of a result that is images or files alone, where a result holds only text. */
export const SEE_BELOW = '(The result is in the message that follows.)';

/** Whether any tool must be called. OpenAI and most others say `required`, Mistral `any` as well (https://docs.mistral.ai/capabilities/function_calling/). */
export const isAnyCall = (choice: JsonValue): boolean => choice === 'required' || choice === 'any';

/** Separates a call's id from Gemini's signature of the call. */
export const SIGNATURE = '__thought__';

/**
 * Gemini needs the signature of a call back. Some clients keep only the id of a call, so the signature is hidden there,
 * as in LiteLLM.
 */
export function signedId(call: JsonObject, id: string): string {
  const google = objectIn(objectIn(call, 'extra_content') ?? {}, 'google') ?? {};
  const signature = textIn(google, 'thought_signature');
  return signature ? id + SIGNATURE + signature : id;
}

/** Parts as a message's content: a single text where possible, because not every provider reads lists. */
export function contentOf(parts: readonly JsonObject[]): JsonValue {
  const texts = parts.map((part) => (part['type'] === 'text' ? textIn(part, 'text') : undefined));
  return texts.includes(undefined) ? parts : texts.join('\n\n');
}
