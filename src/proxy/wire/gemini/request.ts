// A chat completion as the body of generateContent. Every field is translated, dropped as a hint, or refused by name: a
// field that Gemini would ignore must not seem to have an effect.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { isUsualTier } from '../billed-apart.js';
import { Untranslatable } from '../wire.js';
import { conversationOf } from './contents.js';
import { schemaOf } from './schema.js';
import { thinkingOf } from './thinking.js';
import { toolsOf } from './tools.js';

/** The same meaning in both; values pass unchanged. */
const SAMPLING = [
  ['temperature', 'temperature'],
  ['top_p', 'topP'],
  ['top_k', 'topK'],
  ['frequency_penalty', 'frequencyPenalty'],
  ['presence_penalty', 'presencePenalty'],
  ['logprobs', 'responseLogprobs'],
  ['top_logprobs', 'logprobs'],
] as const;

/** Translated elsewhere, or expressed by the path. */
const TRANSLATED =
  'model messages stream stream_options max_tokens max_completion_tokens n stop response_format ' +
  'seed tools tool_choice parallel_tool_calls reasoning_effort reasoning thinking extra_body';

/** They change nothing in the answer. `usage` is OpenRouter’s, which asked for the count that is always told here. */
const HINTS =
  'metadata user safety_identifier store prediction prompt_cache_key prompt_cache_options prompt_cache_retention usage';

const KNOWN = new Set<string>([...SAMPLING.map(([name]) => name), ...`${TRANSLATED} ${HINTS}`.split(' ')]);

/** Fields that only accept the value for Gemini's own behaviour. */
const ONLY: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  modalities: (value) => isJsonArray(value) && value.every((modality) => modality === 'text'),
  service_tier: isUsualTier,
  verbosity: (value) => value === 'medium',
  logit_bias: (value) => isJsonObject(value) && Object.keys(value).length === 0,
};

/** The body to send for a chat completion whose `model` is the provider's name. @throws Untranslatable */
export function requestOf(chat: JsonObject): JsonObject {
  const unheeded = Object.keys(chat).find((field) => !isHeeded(field, chat[field] ?? null));
  if (unheeded !== undefined)
    throw new Untranslatable(`"${unheeded}" can’t be used with a Gemini model. Leave it out.`, unheeded);
  const model = modelOf(chat);
  const { contents, system } = conversationOf(chat['messages'], model);
  return {
    contents,
    ...(system.length > 0 && { systemInstruction: { parts: system } }),
    ...toolsOf(chat),
    generationConfig: generationConfig(chat, model),
  };
}

function isHeeded(field: string, value: JsonValue): boolean {
  if (value === null || KNOWN.has(field)) return true;
  return Object.hasOwn(ONLY, field) && ONLY[field]?.(value) === true;
}

export function modelOf({ model }: JsonObject): string {
  if (typeof model === 'string') return model;
  throw new Untranslatable('"model" must be the name of a model.', 'model');
}

function generationConfig(chat: JsonObject, model: string): JsonObject {
  const sampling = SAMPLING.map(([name, theirs]) => [theirs, chat[name] ?? undefined] as const);
  const candidateCount = chat['n'] ?? 1;
  const stop = chat['stop'] ?? undefined;
  const thinking = thinkingOf(chat, model);
  return {
    ...Object.fromEntries(sampling.filter(([, value]) => value !== undefined)),
    ...seedOf(chat),
    // It includes thoughts (https://ai.google.dev/gemini-api/docs/generate-content/thinking), so it bounds everything
    // that is billed.
    maxOutputTokens: capOf(chat),
    // Newer models refuse the field itself.
    ...(candidateCount !== 1 && { candidateCount }),
    ...(stop !== undefined && { stopSequences: typeof stop === 'string' ? [stop] : stop }),
    ...formatOf(chat['response_format'] ?? undefined),
    ...(thinking !== undefined && { thinkingConfig: thinking }),
  };
}

/** Gemini's has 32 bits (https://ai.google.dev/api/generate-content#generationconfig), OpenAI's 64: the same one gives the same one. */
function seedOf(chat: JsonObject): JsonObject {
  const seed = chat['seed'] ?? undefined;
  if (seed === undefined) return {};
  const digits = JSON.stringify(seed);
  return { seed: /^-?\d+$/.test(digits) ? Number(BigInt.asIntN(32, BigInt(digits))) : seed };
}

function capOf(chat: JsonObject): number {
  const cap = chat['max_completion_tokens'] ?? chat['max_tokens'];
  if (typeof cap === 'number' && Number.isSafeInteger(cap) && cap > 0) return cap;
  throw new Untranslatable('"max_tokens" must be set to a whole number of tokens.', 'max_tokens');
}

function formatOf(format: JsonValue | undefined): JsonObject {
  const { type, json_schema: described }: JsonObject = isJsonObject(format) ? format : { type: format ?? 'text' };
  if (type === 'text') return {};
  const at = 'response_format';
  if (type === 'json_object') return { responseMimeType: 'application/json' };
  const schema = isJsonObject(described) ? described['schema'] : undefined;
  if (type === 'json_schema' && isJsonObject(schema))
    return {
      responseMimeType: 'application/json',
      responseJsonSchema: schemaOf(schema, `${at}.json_schema.schema`),
    };
  throw new Untranslatable(`"${at}" must be of type "text", "json_object" or "json_schema" with a schema.`, at);
}
