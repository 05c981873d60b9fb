// Base62 with the alphabet in ASCII order: strings of one length sort like the numbers they encode.

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A whole string of base62 characters. */
export const BASE62 = /^[0-9A-Za-z]+$/;

/** Writes a non-negative integer in exactly `length` base62 characters. @throws RangeError when it does not fit. */
export function base62(value: bigint, length: number): string {
  let text = '';
  let rest = value < 0n ? -value : value;
  for (; text.length < length; rest /= 62n) text = ALPHABET.charAt(Number(rest % 62n)) + text;
  if (rest > 0n || value < 0n) throw new RangeError(`${value} does not fit into ${length} base62 characters`);
  return text;
}

const CODES = Buffer.from(ALPHABET, 'latin1');
const WORD = 2 ** 32;
/** What is left to write, the highest word first, and the digits: each call has several ids, and all are written here. */
const words = new Float64Array(4);
const digits = Buffer.alloc(22);

/** The same for the integer that 16 bytes make, the highest first, in at most 22 characters, several times as fast. @throws RangeError when it does not fit. */
export function bytesInBase62(bytes: Buffer, length: number): string {
  for (let at = 0; at < words.length; at++) words[at] = bytes.readUInt32BE(4 * at);
  for (let place = length - 1; place >= 0; place--) {
    let rest = 0;
    for (let at = 0; at < words.length; at++) {
      // A remainder and a word fit into a double.
      const value = rest * WORD + (words[at] as number);
      const quotient = Math.floor(value / CODES.length);
      words[at] = quotient;
      rest = value - quotient * CODES.length;
    }
    digits[place] = CODES[rest] as number;
  }
  if (words.some((word) => word > 0)) throw new RangeError(`16 bytes do not fit into ${length} base62 characters`);
  return digits.toString('latin1', 0, length);
}
