// Pages, as every list of /api answers them.
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
