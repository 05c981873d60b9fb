// Why an answer ended. OpenAI has no word for most of Google's reasons. An answer that Google cut short must not look
// complete, so all of these become `content_filter`, with Google's own word beside it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';

const WHOLE = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  // A second request could continue the answer, but the hold of the first does not cover it.
  ['CONTINUATION', 'length'],
]);
const UNSPECIFIED = 'FINISH_REASON_UNSPECIFIED';

/** Google's reason why a candidate ended; undefined while it goes on. */
export const reasonOf = (candidate: JsonObject): string | undefined => {
  const reason = candidate['finishReason'];
  return typeof reason === 'string' && reason !== '' && reason !== UNSPECIFIED ? reason : undefined;
};

/** The fields of a choice that has ended. */
export function finishOf(reason: string, hasCalls: boolean): JsonObject & { readonly finish_reason: string } {
  if (reason === 'STOP' && hasCalls) return { finish_reason: 'tool_calls' };
  const known = WHOLE.get(reason);
  if (known !== undefined) return { finish_reason: known };
  return { finish_reason: 'content_filter', native_finish_reason: reason };
}

/** Why Google refused to answer the prompt; undefined when it did not. */
export function blockReasonOf(feedback: JsonValue | undefined): string | undefined {
  const reason = isJsonObject(feedback) ? feedback['blockReason'] : undefined;
  return typeof reason === 'string' && !reason.endsWith('UNSPECIFIED') ? reason : undefined;
}
