// Thought signatures: Gemini needs them back in the next turn to continue its thoughts. Gemini 3 refuses one of its own
// function calls when it comes back without
// (https://ai.google.dev/gemini-api/docs/generate-content/thought-signatures).
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';

/** Google's documented placeholder for calls that Gemini did not make, or whose signature the client did not keep. */
export const NO_SIGNATURE = 'skip_thought_signature_validator';
/** LiteLLM hides the signature in the id, for clients that keep only the id of a call. */
const IN_ID = '__thought__';

/** Where Google's OpenAI-compatible endpoint puts it: beside a call, or beside the content of a message or a delta. */
export const extraContent = (signature: string): JsonObject => ({ google: { thought_signature: signature } });

/** The signature of a call or of a message, in the form of Google's endpoint or of LiteLLM. */
export function signatureOf(holder: JsonObject): string | undefined {
  const google = nested(holder['extra_content'], 'google');
  const fields = holder['provider_specific_fields'];
  const ofFunction = nested(holder['function'], 'provider_specific_fields');
  const several = nested(fields, 'thought_signatures');
  return [
    nested(google, 'thought_signature'),
    nested(fields, 'thought_signature'),
    nested(ofFunction, 'thought_signature'),
    isJsonArray(several) ? several[0] : undefined,
    splitId(holder['id'])[1],
  ].find((signature) => typeof signature === 'string' && signature !== '') as string | undefined;
}

/** The id of a call as Gemini knows it, without a signature hidden in it. */
export const plainId = (id: string): string => splitId(id)[0] ?? id;

const splitId = (id: JsonValue | undefined): readonly string[] => (typeof id === 'string' ? id.split(IN_ID, 2) : []);

const nested = (holder: JsonValue | undefined, field: string): JsonValue | undefined =>
  isJsonObject(holder) ? holder[field] : undefined;
