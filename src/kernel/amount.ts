// Money as an integer number of pico-dollars (10^-12 USD), so that a price with up to six decimals per million tokens
// is a whole number per token and no charge is ever rounded (docs/architecture.md, "Money").

declare const unit: unique symbol;

/** An exact sum of US dollars, counted in pico-dollars (10^-12 USD). May be negative. */
export type Amount = bigint & { readonly [unit]: 'pico-USD' };

const DECIMALS = 12;
const PICO_PER_USD = 10n ** BigInt(DECIMALS);
const PICO_PER_CENT = PICO_PER_USD / 100n;
const MAX_DIGITS = 40;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
/** What one is in the last decimal of an amount with so many of them, in pico-dollars. */
const PICO_PER_LAST = Array.from({ length: DECIMALS + 1 }, (_, decimals) => 10n ** BigInt(DECIMALS - decimals));

export const ZERO = 0n as Amount;

/** Takes a bigint that already counts pico-dollars. */
export const picoUsd = (pico: bigint): Amount => pico as Amount;

/**
 * Reads a decimal string of US dollars exactly, such as "5", "-0.25" or "0.000003750000".
 * @throws RangeError when it is not a plain decimal, or has more than 12 decimals or 40 characters.
 */
export function usd(decimal: string): Amount {
  if (decimal.length > MAX_DIGITS) throw new RangeError(`"${decimal.slice(0, MAX_DIGITS)}…" is too long for an amount`);
  if (!DECIMAL.test(decimal))
    throw new RangeError(`"${decimal}" is not a decimal amount of US dollars, such as "12.50"`);
  const point = decimal.indexOf('.');
  const decimals = point === -1 ? 0 : decimal.length - point - 1;
  const picoPerLast = PICO_PER_LAST[decimals];
  if (picoPerLast === undefined) {
    throw new RangeError(`"${decimal}" has ${decimals} decimals; an amount holds at most ${DECIMALS}`);
  }
  return (BigInt(decimal.replace('.', '')) * picoPerLast) as Amount;
}

/** Prints an amount as the shortest exact decimal string of US dollars with at least two decimals: "5.00", "0.000375". */
export function formatUsd(amount: Amount): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(DECIMALS + 1, '0');
  const cut = digits.length - DECIMALS;
  let end = digits.length;
  while (end > cut + 2 && digits.charCodeAt(end - 1) === 48) end--;
  return `${amount < 0n ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut, end)}`;
}

/** Converts Stripe's minor units of USD (whole cents) exactly. */
export const fromCents = (cents: bigint): Amount => (cents * PICO_PER_CENT) as Amount;

export const add = (a: Amount, b: Amount): Amount => (a + b) as Amount;
export const subtract = (a: Amount, b: Amount): Amount => (a - b) as Amount;
export const negate = (a: Amount): Amount => -a as Amount;
export const times = (a: Amount, count: bigint): Amount => (a * count) as Amount;
export const min = (a: Amount, b: Amount): Amount => (a < b ? a : b);
export const max = (a: Amount, b: Amount): Amount => (a > b ? a : b);

/** How much it is, whichever way. */
export const magnitude = (a: Amount): Amount => max(a, negate(a));
/** The largest whole number of cents in an amount that is not negative. */
export const floorToCents = (amount: Amount): Amount => (amount - (amount % PICO_PER_CENT)) as Amount;

/** Adds up any number of amounts. */
export function sum(amounts: Iterable<Amount>): Amount {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total as Amount;
}
