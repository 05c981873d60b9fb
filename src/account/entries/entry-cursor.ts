// Where a page of entries goes on: with which event, and at which balance. So no page has to begin from the first or the last event.
import { type Amount, formatUsd, usd } from '../../kernel/index.js';
import { notACursor } from '../../platform/http/index.js';

export interface EntryCursor {
  /** Of the next event to look at; -1 when there is none. */
  readonly revision: number;
  /** After that event. */
  readonly balance: Amount;
}

const TEXT = /^(\d{1,15}):(-?\d{1,24}\.\d{2,12})$/;

export const writeCursor = ({ revision, balance }: EntryCursor): string =>
  Buffer.from(`${revision}:${formatUsd(balance)}`).toString('base64url');

/** What a cursor says; undefined where none was sent. @throws ApiError 400 when it is none of ours */
export function readCursor(cursor: string | undefined): EntryCursor | undefined {
  if (cursor === undefined) return undefined;
  const [, revision, balance] = TEXT.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (revision === undefined || balance === undefined) throw notACursor();
  // oxlint-disable-next-line no-restricted-globals -- a revision, not an amount
  const read = { revision: Number(revision), balance: usd(balance) };
  if (writeCursor(read) !== cursor) throw notACursor();
  return read;
}
