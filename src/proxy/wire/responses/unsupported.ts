// Features of the Responses API that a chat lacks: state that OpenAI keeps per account, which all customers here share,
// and features billed by other measures than tokens. They are refused by name; other fields without an equivalent are
// hints and are dropped.
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { objectIn } from '../json.js';
import { refuseField } from '../wire.js';

const NOT_KEPT = 'conversations are not kept here: send the whole of it in "input"';

const FIELDS: Readonly<Record<string, string>> = {
  context_management: 'the usage of the answer does not include what a compaction uses',
  conversation: NOT_KEPT,
  moderation: 'answers are not moderated here',
  previous_response_id: NOT_KEPT,
  prompt: 'prompts stored at OpenAI belong to the account behind this gateway: send "input" and "instructions"',
};

/**
 * `store` is not refused: true is the SDKs' default, and the answer says that nothing was stored.
 * @throws Untranslatable
 */
export function refuseUnsupported(body: JsonObject): void {
  for (const [field, why] of Object.entries(FIELDS)) {
    if ((body[field] ?? undefined) !== undefined) refuseField(field, why);
  }
  if (body['background'] === true) refuseField('background', 'answers are not kept here to be fetched later');
  if ((objectIn(body, 'reasoning')?.['mode'] ?? 'standard') !== 'standard')
    refuseField('reasoning.mode', 'only the standard mode has known prices');
}

/** A type as shown in a message. */
export const shown = (type: JsonValue | undefined): string => JSON.stringify(type ?? null).slice(0, 60);
