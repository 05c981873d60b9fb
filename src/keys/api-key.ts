// The format of an API key: `sk-th_` + account id (22) + secret (32) + checksum (6), all base62. The account id names the account, so that a
// new key works at once. The checksum (CRC-32 of what precedes it) tells a damaged key from an unknown one.
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BASE62, base62, ID_LENGTH, randomBase62 } from '../kernel/index.js';

export const KEY_PREFIX = 'sk-th_';
const SECRET_LENGTH = 32; // 190 bits
const CHECKSUM_LENGTH = 6;
const KEY_LENGTH = KEY_PREFIX.length + ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH;

const checksum = (text: string): string => base62(BigInt(crc32(text)), CHECKSUM_LENGTH);

/** A new key for an account. Only its hash may be kept. */
export function createKey(accountId: string): string {
  const body = KEY_PREFIX + accountId + randomBase62(SECRET_LENGTH);
  return body + checksum(body);
}

/** The hash of a key that is kept: SHA-256 of the whole key, in hex. */
export const hashKey = (key: string): string => hash('sha256', key);

/** The account that a key names. */
export const accountIn = (key: string): string => key.slice(KEY_PREFIX.length, KEY_PREFIX.length + ID_LENGTH);

/** What is wrong with the format of a key; undefined when it is well-formed. */
export function faultOf(key: string): string | undefined {
  if (!key.startsWith(KEY_PREFIX)) return `is malformed: it does not start with ${KEY_PREFIX}`;
  if (!BASE62.test(key.slice(KEY_PREFIX.length))) return 'is malformed: after the prefix come letters and digits only';
  if (key.length < KEY_LENGTH) return `is truncated: it has ${key.length} of ${KEY_LENGTH} characters`;
  if (key.length > KEY_LENGTH) return `is malformed: it has ${key.length} characters instead of ${KEY_LENGTH}`;
  const body = key.slice(0, -CHECKSUM_LENGTH);
  if (checksum(body) === key.slice(-CHECKSUM_LENGTH)) return undefined;
  return 'is malformed: its checksum is wrong, so a character was changed';
}
