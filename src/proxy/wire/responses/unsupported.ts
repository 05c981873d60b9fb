// What the Responses API offers beyond a chat: state that OpenAI keeps per account, which here all customers share, and what is billed by
// other measures than tokens. Refused by name; other fields that a chat has nothing like are hints, and left out.
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { objectIn } from '../json.js';
import { Untranslatable } from '../wire.js';

const NOT_KEPT = 'conversations are not kept here: send the whole of it in "input"';

const FIELDS: Readonly<Record<string, string>> = {
  context_management: 'what a compaction uses is not in the usage of the answer',
  conversation: NOT_KEPT,
  moderation: 'answers are not moderated here',
  previous_response_id: NOT_KEPT,
  prompt: 'prompts stored at OpenAI belong to the account behind this gateway: send "input" and "instructions"',
};

/** `store` is not among them: true is the SDKs' default, and the answer says that nothing was stored. @throws Untranslatable */
export function refuseUnsupported(body: JsonObject): void {
  for (const [field, why] of Object.entries(FIELDS)) {
    if ((body[field] ?? undefined) !== undefined) refuse(field, why);
  }
  if (body['background'] === true) refuse('background', 'answers are not kept here to be fetched later');
  if ((objectIn(body, 'reasoning')?.['mode'] ?? 'standard') !== 'standard')
    refuse('reasoning.mode', 'only the standard mode has known prices');
}

/** @throws Untranslatable */
export function refuse(at: string, why: string): never {
  throw new Untranslatable(`"${at}" can’t be used here: ${why}.`, at);
}

/** A type as it is shown in a message. */
export const shown = (type: JsonValue | undefined): string => JSON.stringify(type ?? null).slice(0, 60);
