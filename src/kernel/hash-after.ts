import { hash } from 'node:crypto';

/** What is hashed is written here first: a buffer for each costs as much as its hash. It grows to the largest input. */
let room = Buffer.alloc(16 * 1024);

/** The hash, in hex, of some bytes, given in hex, and texts in UTF-8 after them. */
export function hashAfter(algorithm: 'sha1' | 'sha256', bytes: string, ...texts: readonly string[]): string {
  let most = bytes.length;
  for (const text of texts) most += 3 * text.length; // a code unit takes at most three bytes
  if (most > room.length) room = Buffer.alloc(most);
  let end = room.write(bytes, 'hex');
  for (const text of texts) end += room.write(text, end);
  return hash(algorithm, room.subarray(0, end));
}
