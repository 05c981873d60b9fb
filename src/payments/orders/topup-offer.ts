// The offer: which amounts of credit can be bought, in which currencies, and at which price. Pure.
import {
  type Amount,
  floorToCents,
  formatUsd,
  fromCents,
  picoUsd,
  refuse,
  type Rejection,
  toInstant,
  usd,
} from '../../kernel/index.js';
import { priceOf } from '../topups/price.js';
import type { Quote, TopupCurrency } from '../topups/topup.events.js';

export const PRESETS: readonly Amount[] = [5n, 10n, 50n, 100n].map((dollars) => fromCents(dollars * 100n));
/** The smallest top-up. */
export const FLOOR: Amount = fromCents(500n);
/** How long an order can be paid. Stripe’s checkout allows 30 minutes to 24 hours (so `openableUntil`); a price in another currency should not stay valid for long. */
export const ORDER_LIFETIME_MS = 60 * 60_000;

export interface OfferSettings {
  readonly max: Amount;
  /** The price of a dollar of credit in yuan, as a decimal; undefined when CNY is not offered. */
  readonly cnyPerUsd: string | undefined;
}

/** The rate of a decimal such as "7.20" as a fraction of two integers. It is the same in yuan per dollar and in fen per cent. */
export function quoteOf(cnyPerUsd: string, at: number): Quote {
  const [whole = '', fraction = ''] = cnyPerUsd.split('.');
  return {
    // oxlint-disable-next-line no-restricted-globals -- digits alone: an integer
    numerator: Number.parseInt(whole + fraction, 10),
    denominator: 10 ** fraction.length,
    source: 'configured',
    expiresAt: toInstant(at + ORDER_LIFETIME_MS),
  };
}

/** A rate as a decimal: yuan for a dollar. Rounded down to 12 decimals, which a configured one never needs. */
export const rateOf = ({ numerator, denominator }: Pick<Quote, 'numerator' | 'denominator'>): string =>
  formatUsd(picoUsd((BigInt(numerator) * 10n ** 12n) / BigInt(denominator)));

export const currenciesOf = ({ cnyPerUsd }: OfferSettings): readonly TopupCurrency[] =>
  cnyPerUsd === undefined ? ['usd'] : ['usd', 'cny'];

export interface Priced {
  readonly currency: TopupCurrency;
  readonly priceMinor: number;
  readonly quote?: Quote | undefined;
}

/** The price of credit in a currency. Refused: `invalid_amount`, `currency_not_offered`. */
export function price(
  credit: Amount,
  currency: TopupCurrency,
  settings: OfferSettings,
  at: number,
): Priced | Rejection {
  const { max, cnyPerUsd } = settings;
  if (credit < FLOOR || credit > max || floorToCents(credit) !== credit) {
    const range = `from $${formatUsd(FLOOR)} to $${formatUsd(max)}`;
    return refuse(
      'invalid',
      'invalid_amount',
      `A top-up must be a whole number of cents ${range}, not $${formatUsd(credit)}.`,
    );
  }
  if (currency === 'usd') return { currency, priceMinor: priceOf(credit), quote: undefined };
  if (cnyPerUsd === undefined) {
    return refuse('invalid', 'currency_not_offered', 'Top-ups in CNY are not offered here. Choose "usd".');
  }
  const quote = quoteOf(cnyPerUsd, at);
  return { currency, priceMinor: priceOf(credit, quote), quote };
}

/** Reads an amount that a person entered. Refused: `invalid_amount`. */
export function readAmount(text: string): Amount | Rejection {
  try {
    return usd(text);
  } catch (error) {
    return refuse('invalid', 'invalid_amount', `${(error as RangeError).message}.`);
  }
}
