// The row that pages read must be what reports find in the log, in every account and currency.
import { expect, it } from 'vitest';
import { logOfEntries } from '../../test/support/ledger/entry-log.js';
import { allEvents } from '../event-store/index.js';
import { balancesOf, BOOK_TOTALS, bookTotals, type BookTotalsRow } from './book-totals.projection.js';
import { trialBalanceAt } from './reports/trial-balance.js';

it('the totals of the books are the trial balance of the log', async () => {
  const log = await logOfEntries({ events: 2_000 });
  let row: BookTotalsRow | undefined;
  for await (const event of allEvents(log)) {
    const id = bookTotals.rowId(event);
    if (id === undefined) continue;
    expect(id).toBe(BOOK_TOTALS);
    row = bookTotals.step(row, event);
  }
  const { rows } = await trialBalanceAt(log, {});
  const accounts = [...new Set(rows.map(({ account }) => account))];
  const totals = accounts.flatMap((account) =>
    balancesOf(row as BookTotalsRow, account).map((of) => ({ account, ...of })),
  );
  const sorted = (all: readonly { account: string; currency: string; balance: string }[]): string[] =>
    all.map(({ account, currency, balance }) => `${account} ${currency} ${balance}`).toSorted();
  expect(sorted(totals)).toEqual(sorted(rows));
  expect(new Set(rows.map(({ currency }) => currency)).size).toBeGreaterThan(1);
});
