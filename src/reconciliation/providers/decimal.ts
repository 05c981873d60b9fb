// Decimals as providers write them: with more digits than an amount of the ledger holds ("0.13080438340307526"), and with exponents
// ("7.5e-05"). They are read from their text and added exactly; only a sum is rounded to the ledger's 10^-12 USD.
import { type Amount, picoUsd } from '../../kernel/index.js';

/** Decimals that are kept. A double has 17 digits, and a price of one token begins at the eighth. */
const DECIMALS = 60;
const TO_PICO = 10n ** BigInt(DECIMALS - 12);
const DECIMAL = /^(-?)(\d{1,30})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** Of a text that is an integer: a count, an exponent, seconds. */
// oxlint-disable-next-line no-restricted-globals -- never an amount
export const wholeNumber = (text: string): number => Number.parseInt(text, 10);

/** In 10^-60 of the unit. @throws RangeError when it is no decimal, or is smaller than that */
export function readDecimal(text: string): bigint {
  const [, sign, whole, fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`"${text.slice(0, 60)}" is not a decimal such as 12.50`);
  const shift = DECIMALS - fraction.length + wholeNumber(exponent);
  const digits = BigInt(whole + fraction);
  if (shift < 0 && digits % 10n ** BigInt(-shift) !== 0n) throw new RangeError(`"${text}" has too many decimals`);
  const value = shift < 0 ? digits / 10n ** BigInt(-shift) : digits * 10n ** BigInt(shift);
  return sign === '-' ? -value : value;
}

/** A hundredth of it, exactly, for what is stated in cents. @throws RangeError when that is smaller than 10^-60 */
export function hundredth(value: bigint): bigint {
  if (value % 100n !== 0n) throw new RangeError('an amount in cents has too many decimals');
  return value / 100n;
}

/** US dollars, to the nearest 10^-12; a half goes away from zero. */
export function toAmount(value: bigint): Amount {
  const half = value < 0n ? -TO_PICO / 2n : TO_PICO / 2n;
  return picoUsd((value + half) / TO_PICO);
}
