// Why an answer ended. OpenAI has no word for most of Google's reasons; what Google broke off must not look like a whole answer, so
// that all of these are `content_filter`, with Google's own word beside it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';

const WHOLE = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  // The answer could be gone on with by a second request, which the hold of the first does not cover.
  ['CONTINUATION', 'length'],
]);
const UNSPECIFIED = 'FINISH_REASON_UNSPECIFIED';

/** Google's word for why a candidate ended; undefined while it goes on. */
export const reasonOf = (candidate: JsonObject): string | undefined => {
  const reason = candidate['finishReason'];
  return typeof reason === 'string' && reason !== UNSPECIFIED ? reason : undefined;
};

/** The fields of a choice that has ended. */
export function finishOf(reason: string, hasCalls: boolean): JsonObject & { readonly finish_reason: string } {
  if (reason === 'STOP' && hasCalls) return { finish_reason: 'tool_calls' };
  const known = WHOLE.get(reason);
  if (known !== undefined) return { finish_reason: known };
  return { finish_reason: 'content_filter', native_finish_reason: reason };
}

/** Why Google did not answer the prompt at all; undefined when it did. */
export function blockReasonOf(feedback: JsonValue | undefined): string | undefined {
  const reason = isJsonObject(feedback) ? feedback['blockReason'] : undefined;
  return typeof reason === 'string' && !reason.endsWith('UNSPECIFIED') ? reason : undefined;
}
