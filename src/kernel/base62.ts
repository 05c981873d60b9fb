// Base62 with the alphabet in ASCII order: strings of one length sort like the numbers they encode.

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A whole string of base62 characters. */
export const BASE62 = /^[0-9A-Za-z]+$/;

/** Writes a non-negative integer in exactly `length` base62 characters. @throws RangeError when it does not fit. */
export function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = ALPHABET.charAt(Number(rest % 62n)) + text;
  if (value < 0n || text.length > length) {
    throw new RangeError(`${value} does not fit into ${length} base62 characters`);
  }
  return text.padStart(length, '0');
}
