// The ids of tool calls in both formats.
import type { JsonObject } from '../../../kernel/index.js';
import { CallIds } from '../call-ids.js';
import { SIGNATURE } from '../chat.js';
import { textIn } from '../json.js';
import { blocksOfMessages } from './blocks.js';

/** Far longer than any maker's ids. */
const MAX_ID = 256;

/** The ids of a chat's calls for a client of Anthropic's API. */
export const callIdsFor = ({ messages }: JsonObject, chatId: string): CallIds =>
  new CallIds(
    () =>
      Array.from(
        blocksOfMessages(messages),
        ({ block }) => (block['type'] === 'tool_use' && textIn(block, 'id')) || '',
      ),
    (place) => `toolu_${chatId.replace(/[^\w-]/g, '_')}_${place}`,
  );

/** An id that Anthropic accepts: letters, digits, `_` and `-`. Ids of other models' calls may have other characters. */
export const anthropicCallId = (id: string): string =>
  (id.split(SIGNATURE, 1)[0] ?? '').slice(0, MAX_ID).replace(/[^\w-]/g, '_');

/**
 * The ids of a conversation's calls and results, in order, as Anthropic takes them: each call has one of its own. Models of other makers may have
 * begun anew in each answer (`call_0`), which is a 400: "`tool_use` ids must be unique" (Kilo-Org/cloud#4026).
 */
export class UniqueIds {
  /** By the id that a call came with: how many had it, and what those are called now that wait for a result. */
  readonly #calls = new Map<string, { count: number; readonly waiting: string[]; last: string }>();

  ofCall(given: string): string {
    const id = anthropicCallId(given);
    const same = this.#calls.get(id) ?? { count: 0, waiting: [], last: id };
    this.#calls.set(id, same);
    same.count++;
    const unique = same.count === 1 ? id : `${id}_${same.count}`;
    same.waiting.push(unique);
    return unique;
  }

  ofResult(given: string): string {
    const id = anthropicCallId(given);
    const same = this.#calls.get(id);
    if (same === undefined) return id;
    return (same.last = same.waiting.shift() ?? same.last);
  }
}
