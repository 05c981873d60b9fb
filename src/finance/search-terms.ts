// What the words of a search may be. A text can be several things at once: "2026" is the beginning of an address, too. Pure.
import { formatUsd, ID_LENGTH, usd } from '../kernel/index.js';
import { readMinor } from '../payments/index.js';
import type { Period } from '../platform/http/index.js';

export interface SearchTerms {
  /** The beginning of an e-mail address or of a name, in small letters. */
  readonly beginning: string;
  /** An id of ours. */
  readonly id?: string;
  /** An id of Stripe’s, with its kind before the underscore. */
  readonly stripeId?: string;
  readonly invoice?: string;
  readonly period?: Required<Period>;
  readonly amount?: SearchedAmount;
}

export interface SearchedAmount {
  /** As events have US dollars; undefined where another currency was named. */
  readonly dollars?: string;
  /** In minor units, by the currencies it may be in. */
  readonly minor: Readonly<Record<string, number>>;
}

const STRIPE_ID = /^[a-z]+_\w+$/;
const OUR_ID = new RegExp(`^[0-9A-Za-z]{${ID_LENGTH}}$`);
const INVOICE = /^\d{4}-\d{6}$/;
const DAY_OR_MONTH = /^(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?$/;
const AMOUNT = /^(?<sign>[$¥])?\s?(?<number>\d{1,9}(?:\.\d{1,12})?)(?:\s?(?<code>usd|cny|rmb))?$/i;

export function searchTerms(query: string): SearchTerms {
  const period = periodOf(query);
  const amount = amountOf(query.replaceAll(',', ''));
  return {
    beginning: query.toLowerCase(),
    ...(OUR_ID.test(query) && { id: query }),
    ...(STRIPE_ID.test(query) && { stripeId: query }),
    ...(INVOICE.test(query) && { invoice: query }),
    ...(period !== undefined && { period }),
    ...(amount !== undefined && { amount }),
  };
}

/** A day, or a month, of UTC. */
function periodOf(query: string): Required<Period> | undefined {
  const [, year, month, day] = DAY_OR_MONTH.exec(query) ?? [];
  if (year === undefined || month === undefined) return undefined;
  const from = new Date(`${year}-${month}-${day ?? '01'}T00:00:00.000Z`);
  if (from.toISOString().slice(0, query.length) !== query) return undefined; // the 31st of a shorter month
  const to = new Date(from);
  if (day === undefined) to.setUTCMonth(to.getUTCMonth() + 1);
  else to.setUTCDate(to.getUTCDate() + 1);
  return { from: from.toISOString(), to: to.toISOString() };
}

function amountOf(query: string): SearchedAmount | undefined {
  const { sign, number, code } = AMOUNT.exec(query)?.groups ?? {};
  if (number === undefined) return undefined;
  const named = currencyNamed(sign, code?.toLowerCase());
  const currencies = named === undefined ? ['usd', 'cny'] : [named];
  const minor = Object.fromEntries(
    currencies.flatMap((currency) => {
      const units = minorOf(number, currency);
      return units === undefined ? [] : [[currency, units]];
    }),
  );
  return { ...(named !== 'cny' && { dollars: formatUsd(usd(number)) }), minor };
}

function currencyNamed(sign: string | undefined, code: string | undefined): string | undefined {
  if (sign === '¥' || code === 'cny' || code === 'rmb') return 'cny';
  return sign === '$' || code === 'usd' ? 'usd' : undefined;
}

function minorOf(number: string, currency: string): number | undefined {
  try {
    return readMinor(number, currency);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // parts of a cent
    throw error;
  }
}
