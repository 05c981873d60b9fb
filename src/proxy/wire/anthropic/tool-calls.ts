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
