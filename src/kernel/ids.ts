import { createHash, randomBytes } from 'node:crypto';
import { v5, v7 } from 'uuid';
import { base62 } from './base62.js';

/** The length of an id: 128 bits in base62. */
export const ID_LENGTH = 22;

/** The namespace of every event id derived here (RFC 9562, section 6.5). */
const EVENT_NAMESPACE = '6f1b2f0e-6d0a-5c57-9a3e-2f5d8c1f7a11';

/** A new id: a UUIDv7 (RFC 9562) in 22 base62 characters, which sort by time of creation. */
export function newId(): string {
  return base62(BigInt(`0x${v7().replaceAll('-', '')}`), ID_LENGTH);
}

/** A fixed id derived from a text: the first 128 bits of its SHA-256. */
export function derivedId(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex');
  return base62(BigInt(`0x${digest.slice(0, 32)}`), ID_LENGTH);
}

/**
 * The UUIDv5 of the `index`th event of a command with this data, as JSON text. The same events sent twice carry the
 * same ids. Events that another process decided on the same command at another instant do not: a server that finds a
 * stored id accepts it without comparing the data.
 */
export function eventId(stream: string, commandId: string, index: number, data: string): string {
  return v5(`${stream}/${commandId}/${index}/${data}`, EVENT_NAMESPACE);
}

/** A random string of `length` base62 characters from the system's secure source (5.95 bits each). */
export function randomBase62(length: number): string {
  const bound = 62n ** BigInt(length);
  // With 64 extra bits, the bias of the remainder is below 2^-64.
  const bits = BigInt(`0x${randomBytes(Math.ceil((length * 5.96) / 8) + 8).toString('hex')}`);
  return base62(bits % bound, length);
}
