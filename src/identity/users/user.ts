// A user, and what is kept about them. It is in documents and never in events: all of it can be changed and deleted.
import type { Collection } from '../../platform/documents/index.js';
import { newId } from '../../kernel/index.js';
import type { Role } from '../../platform/http/index.js';
import type { Language } from '../../platform/mail/index.js';

/** The second factor of a user: a time-based one-time password (TOTP, RFC 6238). */
export type Totp = {
  /** Sealed (sealer.ts). */
  readonly secret: string;
  /** ISO 8601. Without it, the set-up has begun and no code is needed yet. */
  readonly confirmedAt?: string;
  /** The newest 30-second step whose code was accepted: no code is accepted twice. */
  readonly lastStep: number;
  /** Hashes of the codes that are left. */
  readonly recoveryCodes: readonly string[];
};

/** What staff decided about a user. It is kept and deleted with the user: no event holds personal data. */
export type StaffDecision = {
  /** ISO 8601 */
  readonly at: string;
  readonly what: string;
  /** A user id, or `console` for somebody at the machine who named nobody. */
  readonly by: string;
  readonly reason?: string;
};

const DECISIONS_KEPT = 100;

/** Who a user's invoices are made out to. */
export type BillingDetails = {
  /** Of a company, or of the user. */
  readonly name: string;
  /** Line by line. */
  readonly address: readonly string[];
  readonly taxId?: string;
};

// A type, not an interface: only so it passes for a JSON object, and names its fields alone.
export type User = {
  /** As `normalEmail` makes it. */
  readonly email: string;
  /** The user's ledger account, whose stream does not name the user. It is opened when the address is verified. */
  readonly accountId: string;
  readonly roles: readonly Role[];
  /** ISO 8601 */
  readonly registeredAt: string;
  /** ISO 8601, while the address is not verified. */
  readonly unverifiedSince?: string;
  /** Argon2id. Missing if the user only logs in with Google. */
  readonly passwordHash?: string;
  /** Google's `sub` of the user. */
  readonly googleId?: string;
  readonly googleEmail?: string;
  readonly totp?: Totp;
  readonly billing?: BillingDetails;
  /** Their name in small letters, by which it is found. */
  readonly billingKey?: string;
  /** Of emails and pages; missing for who registered before there was a choice. */
  readonly language?: Language;
  /** The newest last. */
  readonly decisions?: readonly StaffDecision[];
  /** A session of another generation has ended, so one more logs the user out everywhere. */
  readonly generation: number;
};

export interface Person {
  readonly userId: string;
  readonly user: User;
}

export const users: Collection<User> = {
  name: 'users-1',
  unique: ['email', 'accountId', 'googleId'],
  indexes: ['registeredAt', 'unverifiedSince', 'billingKey'],
};

export const isVerified = ({ unverifiedSince }: User): boolean => unverifiedSince === undefined;
export const languageOf = ({ language = 'en' }: User): Language => language;
export const hasSecondFactor = ({ totp }: User): boolean => totp?.confirmedAt !== undefined;

/** A user whose address is not verified yet, with the id of the ledger account that is opened then. */
export const newUser = (email: string, now: string, language: Language = 'en'): User => ({
  email,
  accountId: newId(),
  roles: [],
  registeredAt: now,
  unverifiedSince: now,
  generation: 1,
  language,
});

/** A user with one more decision about them. */
export const decidedOn = (user: User, decision: StaffDecision): User => ({
  ...user,
  decisions: [...(user.decisions ?? []), decision].slice(-DECISIONS_KEPT),
});

/** A user without some of the optional fields. */
export function without(
  user: User,
  ...fields: ('unverifiedSince' | 'totp' | 'googleId' | 'googleEmail' | 'billing' | 'billingKey')[]
): User {
  const left = Object.entries(user).filter(([field]) => !fields.some((gone) => gone === field));
  return Object.fromEntries(left) as User;
}

export const verified = (user: User): User => without(user, 'unverifiedSince');
