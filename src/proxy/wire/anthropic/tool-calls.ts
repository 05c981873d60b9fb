// The ids of tool calls in both formats.
import type { JsonObject } from '../../../kernel/index.js';
import { SIGNATURE, signedId } from '../chat.js';
import { textIn } from '../json.js';

/** Far longer than any maker's ids. */
const MAX_ID = 256;

/**
 * The id of a chat's call for a client of Anthropic's API; derived from the answer's id when the provider gives none.
 */
export function clientCallId(call: JsonObject, chatId: string, index: number): string {
  const id = textIn(call, 'id') || `toolu_${chatId.replace(/[^\w-]/g, '_')}_${index}`;
  return signedId(call, id);
}

/** An id that Anthropic accepts: letters, digits, `_` and `-`. Ids of other models' calls may have other characters. */
export const anthropicCallId = (id: string): string =>
  (id.split(SIGNATURE, 1)[0] ?? '').slice(0, MAX_ID).replace(/[^\w-]/g, '_');
