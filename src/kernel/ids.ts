import { hash, randomBytes, randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';
import { base62, bytesInBase62 } from './base62.js';
import { hashAfter } from './hash-after.js';

/** The length of an id: 128 bits in base62. */
export const ID_LENGTH = 22;

/** The namespace of every event id derived here (RFC 9562, section 6.5). */
const EVENT_NAMESPACE = '6f1b2f0e6d0a5c579a3e2f5d8c1f7a11';

/** Random bytes for many ids: a call to the system for each costs more than all the rest. */
const POOL = Buffer.alloc(16 * 256);
let taken = POOL.length;

/** The instant and the counter of the newest id (RFC 9562, section 6.2, method 1). */
const newest = { msecs: Number.NEGATIVE_INFINITY, seq: 0 };
const uuid = Buffer.alloc(16);

/** A new id: a UUIDv7 (RFC 9562) in 22 base62 characters, which sort by time of creation, in this process also within a millisecond. */
export function newId(): string {
  if (taken === POOL.length) {
    randomFillSync(POOL);
    taken = 0;
  }
  const random = POOL.subarray(taken, (taken += 16));
  const now = Date.now();
  if (now > newest.msecs) {
    newest.msecs = now;
    newest.seq = random.readUInt32BE() >>> 1; // leaves room to count up
  } else if (++newest.seq > 0xffff_ffff) {
    newest.msecs++;
    newest.seq = 0;
  }
  v7({ random, ...newest }, uuid);
  return bytesInBase62(uuid, ID_LENGTH);
}

/** A fixed id derived from a text: the first 128 bits of its SHA-256. */
export function derivedId(text: string): string {
  return bytesInBase62(hash('sha256', text, 'buffer').subarray(0, 16), ID_LENGTH);
}

/**
 * The UUIDv5 of the `index`th event of a command with this data, as JSON text. The same events sent twice carry the
 * same ids. Events that another process decided on the same command at another instant do not: a server that finds a
 * stored id accepts it without comparing the data.
 */
export function eventId(stream: string, commandId: string, index: number, data: string): string {
  return uuidV5(EVENT_NAMESPACE, `${stream}/${commandId}/${index}/`, data);
}

/** RFC 9562, section 5.5. The package `uuid` computes SHA-1 in JavaScript, which takes ten times as long. */
function uuidV5(namespace: string, ...name: readonly string[]): string {
  const hex = hashAfter('sha1', namespace, ...name);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b11) | 0b1000).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A random string of `length` base62 characters from the system's secure source (5.95 bits each). */
export function randomBase62(length: number): string {
  const bound = 62n ** BigInt(length);
  // With 64 extra bits, the bias of the remainder is below 2^-64.
  const bits = BigInt(`0x${randomBytes(Math.ceil((length * 5.96) / 8) + 8).toString('hex')}`);
  return base62(bits % bound, length);
}
