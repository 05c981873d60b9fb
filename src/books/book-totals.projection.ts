// What every account of the books stands at now, in one row: for pages that can't wait for a pass through the log. Reports never read it.
import type { Projection } from '../event-store/index.js';
import { formatMoney, type JsonObject, usd } from '../kernel/index.js';
import type { BookAccount } from '../ledger/index.js';
import { postingsOf } from './booked-streams.js';

export interface BookTotalsRow extends JsonObject {
  /** By account and currency, such as `assets:stripe:balance USD`: exact decimals, credit balances negative. */
  readonly balances: Readonly<Record<string, string>>;
}

/** The id of its only row. */
export const BOOK_TOTALS = 'now';

export const bookTotals: Projection<BookTotalsRow> = {
  view: { name: 'book-totals-1', indexes: [] },
  rowId: (event) => (postingsOf(event).length === 0 ? undefined : BOOK_TOTALS),
  step(row, event) {
    const balances = { ...row?.balances };
    for (const { account, currency, amount } of postingsOf(event)) {
      const key = `${account} ${currency}`;
      const balance = usd(balances[key] ?? '0') + amount;
      balances[key] = formatMoney({ currency, amount: balance });
    }
    return { balances };
  },
};

/** The balances of an account of the books, by currency. */
export const balancesOf = (
  { balances }: BookTotalsRow,
  account: BookAccount,
): { currency: string; balance: string }[] =>
  Object.entries(balances).flatMap(([key, balance]) =>
    key.startsWith(`${account} `) ? [{ currency: key.slice(account.length + 1), balance }] : [],
  );
