// The price of credit in a currency, and the conversion between shares of a price and shares of its credit. Integers only; each function states its rounding. Pure.
import { type Amount, formatMoney, formatUsd, type Money, picoUsd, usd } from '../../kernel/index.js';
import type { Quote } from './topup.events.js';

const PICO_PER_CENT = 10_000_000_000n;

/** Decimals of the currencies whose minor unit is not a hundredth (docs.stripe.com/currencies#zero-decimal, #three-decimal). */
const DECIMALS: Readonly<Record<string, bigint>> = Object.fromEntries([
  ...'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ').map((code) => [code, 0n]),
  ...'bhd jod kwd omr tnd'.split(' ').map((code) => [code, 3n]),
]);

/** Stripe's minor units of a currency (by Stripe's code of it, such as `cny`) as money. */
export const fromMinor = (minor: number, code: string): Money => ({
  currency: code.toUpperCase(),
  amount: BigInt(minor) * 10n ** (12n - (DECIMALS[code] ?? 2n)),
});

/** Reads a decimal of the currency, such as "72.00", as Stripe’s minor units. @throws RangeError for what has more decimals */
export function readMinor(text: string, code: string): number {
  const [pico, unit] = [usd(text), 10n ** (12n - (DECIMALS[code] ?? 2n))];
  if (pico % unit !== 0n) throw new RangeError(`${text} ${code.toUpperCase()} is not a whole number of minor units`);
  return toMinor(pico / unit);
}

/** Stripe's minor units as a decimal of the currency, such as "72.00". */
export const formatMinor = (minor: number, currency: string): string => formatMoney(fromMinor(minor, currency));

/** The same with the currency, such as "72.00 CNY". */
export const moneyText = (minor: number, currency: string): string =>
  `${formatMinor(minor, currency)} ${currency.toUpperCase()}`;

/** @throws RangeError when it is not a whole number of cents */
function wholeCents(amount: Amount): bigint {
  if (amount % PICO_PER_CENT !== 0n) throw new RangeError(`$${formatUsd(amount)} is not a whole number of cents`);
  return amount / PICO_PER_CENT;
}

const LARGEST_INTEGER = 2n ** 53n - 1n;

/** An integer as a JSON number, as Stripe uses. @throws RangeError beyond 2^53 */
export function toMinor(value: bigint): number {
  if (value > LARGEST_INTEGER || value < -LARGEST_INTEGER)
    throw new RangeError(`${value} minor units are more than a JSON number can hold exactly`);
  // oxlint-disable-next-line no-restricted-globals -- exact, as the line above has checked
  return Number(value);
}

/** The price of credit in the currency of the quote, rounded up to a whole minor unit; without a quote, in cents. */
export function priceOf(credit: Amount, quote?: Pick<Quote, 'numerator' | 'denominator'>): number {
  const cents = wholeCents(credit);
  if (quote === undefined) return toMinor(cents);
  const [numerator, denominator] = [BigInt(quote.numerator), BigInt(quote.denominator)];
  return toMinor((cents * numerator + denominator - 1n) / denominator);
}

interface Order {
  readonly credit: Amount;
  readonly priceMinor: number;
}

/** The share of the credit for a share of the price, rounded down to 10^-12 USD. The whole price gives the whole credit. */
export function creditShare({ credit, priceMinor }: Order, minor: number): Amount {
  return minor >= priceMinor ? credit : picoUsd((credit * BigInt(minor)) / BigInt(priceMinor));
}

/** The share of the price for a share of the credit, rounded down to a whole minor unit. The whole credit gives the whole price. */
export function priceShare({ credit, priceMinor }: Order, part: Amount): number {
  return part >= credit ? priceMinor : toMinor((part * BigInt(priceMinor)) / credit);
}
