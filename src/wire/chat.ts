// What every client's format reads of a chat completion: the places where providers differ.
import type { JsonObject, JsonValue } from '../kernel/index.js';
import { numberIn, objectIn, objectsOf, textIn } from './json.js';

/** The one choice of a completion or a chunk; the chunk that tells the usage has none. */
export const choiceOf = (chat: JsonObject): JsonObject | undefined => objectsOf(chat['choices'])[0];

/** OpenAI's block, at the top or in the choice, as some providers have it; undefined when there is none. */
export const usageIn = (chat: JsonObject): JsonObject | undefined =>
  objectIn(chat, 'usage') ?? objectIn(choiceOf(chat) ?? {}, 'usage');

/** Cached tokens stand in different places: OpenAI's details, DeepSeek's hits, beside the prompt at Moonshot. */
export const cachedTokensIn = (usage: JsonObject): number =>
  numberIn(objectIn(usage, 'prompt_tokens_details') ?? {}, 'cached_tokens') ??
  numberIn(usage, 'prompt_cache_hit_tokens') ??
  numberIn(usage, 'cached_tokens') ??
  0;

/** `reasoning_content` at DeepSeek and most others, `reasoning` at OpenRouter and newer vLLM. */
export const reasoningIn = (message: JsonObject): string =>
  textIn(message, 'reasoning_content') ?? textIn(message, 'reasoning') ?? '';

const OPENAI = /^(?:gpt|chatgpt|o\d)/;

/** OpenAI refuses fields it does not know within messages; those who tell their reasoning want it back while tools are called. */
export const takesReasoning = (model: string): boolean => !OPENAI.test(model);

/** What parts a call's id from Gemini's signature of the call. */
export const SIGNATURE = '__thought__';

/** Gemini wants the signature of a call back. Where clients keep nothing of a call but its id, it hides there, as LiteLLM has it. */
export function signedId(call: JsonObject, id: string): string {
  const google = objectIn(objectIn(call, 'extra_content') ?? {}, 'google') ?? {};
  const signature = textIn(google, 'thought_signature');
  return signature ? id + SIGNATURE + signature : id;
}

/** The provider's index of a call in a stream. Some leave it out: an id then starts a call, and what has none goes on with the last. */
export function callIndex(call: JsonObject, known: number): number {
  return numberIn(call, 'index') ?? (textIn(call, 'id') ? known : Math.max(known - 1, 0));
}

/** Parts as a message's content: one text where there is nothing else, as not every provider reads lists. */
export function contentOf(parts: readonly JsonObject[]): JsonValue {
  const texts = parts.map((part) => (part['type'] === 'text' ? textIn(part, 'text') : undefined));
  return texts.includes(undefined) ? parts : texts.join('\n\n');
}
