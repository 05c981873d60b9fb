// Pages, as every list of /api answers them.
import { z } from 'zod';

const SHOWN = 20;
const MOST_SHOWN = 100;
const LIMIT = `must be a whole number from 1 to ${MOST_SHOWN}`;

/** What a query does not know is refused: a filter that is misspelt would let everything through. */
export const ListQuery = z.strictObject({
  limit: z.coerce.number(LIMIT).int(LIMIT).min(1, LIMIT).max(MOST_SHOWN, LIMIT).default(SHOWN).describe('rows at most'),
  cursor: z.string().min(1).max(255).optional().describe('`next_cursor` of the page before'),
});

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    object: z.literal('list'),
    data: z.array(item),
    has_more: z.boolean(),
    next_cursor: z.string().nullable().describe('for the next page; null on the last one'),
  });

export interface Page<Item> {
  readonly object: 'list';
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}
