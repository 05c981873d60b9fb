// Passwords: which are good enough, and how they are kept.
import { hash, verify } from '@node-rs/argon2';
import { refuse, type Rejection } from '../../kernel/index.js';

/** In characters. Long rather than mixed: there are no rules of composition. */
export const SHORTEST_PASSWORD = 10;
export const LONGEST_PASSWORD = 200;

/** Argon2id with 19 MiB, two passes and one lane: the first that OWASP's Password Storage Cheat Sheet recommends. */
const ARGON2ID = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The most common passwords that are long enough (of the lists that Have I Been Pwned and SecLists publish). */
const COMMON = new Set(
  `1234567890 0123456789 12345678910 123456789a 1234567891 9876543210 0987654321 123123123123 1q2w3e4r5t 1qaz2wsx3edc q1w2e3r4t5y6
  qwertyuiop qwerty12345 qwerty123456 qwertyuiop123 asdfghjkl1 abcdefghij abc123456789 password12 password123 password1234 password12345
  passwordpassword p@ssw0rd123 administrator adminadmin admin12345 admin123456 letmein123 letmein1234 welcome123 welcome1234 changeme123
  iloveyou12 iloveyou123 sunshine12 princess12 football12 basketball liverpool1 chocolate1 unknown123`.split(/\s+/),
);
const ONE_CHARACTER = /^(.)\1*$/su;

/**
 * A password as it is compared: in NFKC, as the same characters typed on another keyboard are the same password (NIST SP 800-63B,
 * section 3.1.1.2).
 */
export const normalPassword = (typed: string): string => typed.normalize('NFKC');

/** Why a new password is not good enough for the person with this address. */
export function weakness(password: string, email: string): Rejection | undefined {
  const lower = password.toLowerCase();
  if (COMMON.has(lower) || ONE_CHARACTER.test(lower)) {
    return refuse('invalid', 'weak_password', 'This password is one of the first that anyone tries. Choose another.');
  }
  if (lower === email || lower === email.split('@')[0]) {
    return refuse('invalid', 'weak_password', 'The password must not be the email address. Choose another.');
  }
  return undefined;
}

export const hashPassword = (password: string): Promise<string> => hash(password, ARGON2ID);

let nobodys: Promise<string> | undefined;

/** Whether this is the password of that hash. Without a hash, it takes as long and is not. */
export async function isPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  nobodys ??= hashPassword('the password of nobody');
  const matches = await verify(passwordHash ?? (await nobodys), password);
  return matches && passwordHash !== undefined;
}
