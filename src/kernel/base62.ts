// Base62 with the alphabet in ASCII order: strings of one length sort like the numbers they encode.

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A whole string of base62 characters. */
export const BASE62 = /^[0-9A-Za-z]+$/;

const WORD = 2 ** 32;
/** Two digits at a time: a remainder and a word then fit into a double, which is divided several times as fast as a bigint. */
const PAIRS = Array.from(ALPHABET).flatMap((first) => Array.from(ALPHABET, (second) => first + second));

/** Writes a non-negative integer in exactly `length` base62 characters. @throws RangeError when it does not fit. */
export function base62(value: bigint, length: number): string {
  const words: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 32n) words.unshift(Number(BigInt.asUintN(32, rest)));
  const text = value < 0n ? undefined : digits(Float64Array.from(words), length);
  if (text === undefined) throw new RangeError(`${value} does not fit into ${length} base62 characters`);
  return text;
}

/** The same for the integer that bytes make, the highest first, in words of four bytes. @throws RangeError when it does not fit. */
export function bytesInBase62(bytes: Buffer, length: number): string {
  const words = new Float64Array(bytes.length / 4);
  for (let at = 0; at < words.length; at++) words[at] = bytes.readUInt32BE(4 * at);
  const text = digits(words, length);
  if (text === undefined) throw new RangeError(`${bytes.length} bytes do not fit into ${length} base62 characters`);
  return text;
}

/** The digits of the integer that words of 32 bits make, the highest first; undefined when it does not fit. The words are used up. */
function digits(words: Float64Array, length: number): string | undefined {
  let text = '';
  while (text.length < length) {
    let rest = 0;
    for (let at = 0; at < words.length; at++) {
      const value = rest * WORD + (words[at] as number);
      const quotient = Math.floor(value / PAIRS.length);
      words[at] = quotient;
      rest = value - quotient * PAIRS.length;
    }
    text = (PAIRS[rest] as string) + text;
  }
  const fits = words.every((word) => word === 0) && (text.length === length || text.startsWith('0'));
  return fits ? text.slice(-length) : undefined;
}
