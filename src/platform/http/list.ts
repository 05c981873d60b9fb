// Pages, as every list of /api answers them.
import { type ApiError, invalidRequest } from './api-error.js';
import { FromDigits, IntegerField, TextField } from './request-fields.js';

const SHOWN = 20;
const MOST_SHOWN = 100;

/** What a query does not know is refused: a filter that is misspelt would let everything through. */
export class ListQuery {
  @FromDigits()
  @IntegerField('rows at most', { min: 1, max: MOST_SHOWN, default: SHOWN })
  readonly limit: number = SHOWN;

  @TextField('`next_cursor` of the page before', { min: 1, max: 255, optional: true })
  readonly cursor?: string;
}

export interface Page<Item> {
  readonly object: 'list';
  readonly data: readonly Item[];
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/** A page, and the cursor of the one after it where there is one. */
export const pageOf = <Item>(data: readonly Item[], next?: string): Page<Item> => ({
  object: 'list',
  data,
  has_more: next !== undefined,
  next_cursor: next ?? null,
});

export const notACursor = (): ApiError =>
  invalidRequest('"cursor" must be the next_cursor of a page of this list.', 'cursor');
