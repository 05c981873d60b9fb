// Base62 with the alphabet in ASCII order: strings of one length sort like the numbers they encode.

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A whole string of base62 characters. */
export const BASE62 = /^[0-9A-Za-z]+$/;

/** As many digits as a double holds exactly: they are cheap to write one by one, whereas each division of a bigint is not. */
const AT_ONCE = 8;
const LIMB = 62n ** BigInt(AT_ONCE);

/** Writes a non-negative integer in exactly `length` base62 characters. @throws RangeError when it does not fit. */
export function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= LIMB) text = digits(Number(rest % LIMB)) + text;
  const surplus = text.length - length;
  if (value < 0n || (surplus > 0 && text.slice(0, surplus) !== '0'.repeat(surplus))) {
    throw new RangeError(`${value} does not fit into ${length} base62 characters`);
  }
  return surplus > 0 ? text.slice(surplus) : text.padStart(length, '0');
}

function digits(limb: number): string {
  let text = '';
  for (let rest = limb; text.length < AT_ONCE; rest = Math.floor(rest / 62)) text = ALPHABET.charAt(rest % 62) + text;
  return text;
}
