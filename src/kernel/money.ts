// Money in a currency: what customers pay, what Stripe settles and what the books keep. Credit is US dollars alone, which is `Amount`: so the
// compiler refuses to add yuan to credit.
import { type Amount, formatUsd, picoUsd } from './amount.js';

/** A sum in a currency. May be negative. */
export interface Money {
  /** ISO 4217, such as `CNY`. */
  readonly currency: string;
  /** In 10^-12 of the currency. */
  readonly amount: bigint;
}

export const dollars = (amount: Amount): Money => ({ currency: 'USD', amount });

export const opposite = ({ currency, amount }: Money): Money => ({ currency, amount: -amount });

/** US dollars as an amount. @throws RangeError for another currency */
export function usdOf({ currency, amount }: Money): Amount {
  if (currency !== 'USD') throw new RangeError(`${currency} can’t be counted as US dollars`);
  return picoUsd(amount);
}

/** Prints the number alone, without the currency, as `formatUsd` does: "72.00". */
export const formatMoney = ({ amount }: Money): string => formatUsd(picoUsd(amount));
