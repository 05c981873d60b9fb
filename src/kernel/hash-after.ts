import { hash } from 'node:crypto';

/** What is hashed is written here first: a buffer for each costs as much as its hash. It grows to the largest input. */
let room = Buffer.alloc(16 * 1024);

/** The hash, in hex, of some bytes, given in hex, and a text in UTF-8 after them. */
export function hashAfter(algorithm: 'sha1' | 'sha256', bytes: string, text: string): string {
  const most = bytes.length + 3 * text.length; // a code unit takes at most three bytes
  if (most > room.length) room = Buffer.alloc(most);
  const start = room.write(bytes, 'hex');
  return hash(algorithm, room.subarray(0, start + room.write(text, start)));
}
