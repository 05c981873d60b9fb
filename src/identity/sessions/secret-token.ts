// Random secrets that a user has and the store does not: only their hash is kept, so reading the store is not enough to use them.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits as 43 characters that a URL and a cookie can carry. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token. A fast hash is enough: nobody guesses 256 random bits. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Compares in constant time. */
export const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
