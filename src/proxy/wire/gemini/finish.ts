// Why an answer ended (https://ai.google.dev/api/generate-content#FinishReason). OpenAI has no word for most of Google's reasons. An answer that
// Google cut short must not look complete, so all of these become `content_filter`, with Google's own word beside it.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';

const CUT =
  'SAFETY RECITATION LANGUAGE OTHER BLOCKLIST PROHIBITED_CONTENT SPII MALFORMED_FUNCTION_CALL MALFORMED_RESPONSE UNEXPECTED_TOOL_CALL ' +
  'TOO_MANY_TOOL_CALLS MISSING_THOUGHT_SIGNATURE IMAGE_SAFETY IMAGE_PROHIBITED_CONTENT IMAGE_RECITATION IMAGE_OTHER NO_IMAGE';

/** OpenAI's words for Google's reasons. */
export const GOOGLE_FINISH: readonly (readonly [reason: string, finish: string])[] = [
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  // A second request could continue the answer, but the hold of the first does not cover it.
  ['CONTINUATION', 'length'],
  ...CUT.split(' ').map((reason) => [reason, 'content_filter'] as const),
];
const FINISH = new Map(GOOGLE_FINISH);
const UNSPECIFIED = 'FINISH_REASON_UNSPECIFIED';

/** Google's reason why a candidate ended; undefined while it goes on. */
export const reasonOf = (candidate: JsonObject): string | undefined => {
  const reason = candidate['finishReason'];
  return typeof reason === 'string' && reason !== '' && reason !== UNSPECIFIED ? reason : undefined;
};

/** The fields of a choice that has ended. */
export function finishOf(reason: string, hasCalls: boolean): JsonObject & { readonly finish_reason: string } {
  if (reason === 'STOP' && hasCalls) return { finish_reason: 'tool_calls' };
  // One to come is taken for a cut, too.
  const finish = FINISH.get(reason) ?? 'content_filter';
  return { finish_reason: finish, ...(finish === 'content_filter' && { native_finish_reason: reason }) };
}

/** Why Google refused to answer the prompt; undefined when it did not. */
export function blockReasonOf(feedback: JsonValue | undefined): string | undefined {
  const reason = isJsonObject(feedback) ? feedback['blockReason'] : undefined;
  return typeof reason === 'string' && !reason.endsWith('UNSPECIFIED') ? reason : undefined;
}
