// The secrets of links in emails. Each works once, for one purpose, until it expires.
import { Injectable } from '@nestjs/common';
import { type Collection, DocumentStore } from '../../platform/documents/index.js';
import { Clock, Refused, refuse, toInstant } from '../../kernel/index.js';
import { hashOf, newToken } from '../sessions/secret-token.js';

const HOUR_MS = 3_600_000;

/** How long a link works, in milliseconds. */
const LIFETIME_MS = { verify: 24 * HOUR_MS, reset: HOUR_MS, email: 24 * HOUR_MS } as const;

export type Purpose = keyof typeof LIFETIME_MS;

export type MailToken = {
  readonly purpose: Purpose;
  readonly userId: string;
  /** The address the link was sent to. */
  readonly email: string;
  /** For a registration: the hash of the password that was sent with it. */
  readonly passwordHash?: string;
  /** ISO 8601 */
  readonly expiresAt: string;
};

export const mailTokens: Collection<MailToken> = {
  name: 'mail-tokens-1',
  unique: [],
  indexes: ['userId', 'expiresAt'],
};

@Injectable()
export class MailTokens {
  constructor(
    private readonly documents: DocumentStore,
    private readonly clock: Clock,
  ) {}

  /** Returns the secret for the link. */
  async issue(token: Omit<MailToken, 'expiresAt'>): Promise<string> {
    const secret = newToken();
    const expiresAt = toInstant(this.clock.now() + LIFETIME_MS[token.purpose]);
    await this.documents.insert(mailTokens, hashOf(secret), { ...token, expiresAt });
    return secret;
  }

  /** Looks at a token without using it up. @throws Refused `invalid_token` */
  async read(purpose: Purpose, secret: string): Promise<MailToken> {
    const token = (await this.documents.get(mailTokens, hashOf(secret)))?.doc;
    if (token?.purpose !== purpose || token.expiresAt <= toInstant(this.clock.now())) throw new Refused(invalidToken);
    return token;
  }

  /** Uses a token up. If two requests try, one succeeds. @throws Refused `invalid_token` */
  async take(purpose: Purpose, secret: string): Promise<MailToken> {
    const token = await this.read(purpose, secret);
    const taken = await this.documents.remove(mailTokens, { where: { id: hashOf(secret) } });
    if (taken === 0) throw new Refused(invalidToken);
    return token;
  }

  /** Revokes the links of a user, for one purpose or for all. */
  async revoke(userId: string, purpose?: Purpose): Promise<void> {
    await this.documents.remove(mailTokens, { where: { userId, ...(purpose && { purpose }) } });
  }

  removeExpired(): Promise<number> {
    return this.documents.remove(mailTokens, { below: { expiresAt: toInstant(this.clock.now()) } });
  }
}

export const invalidToken = refuse(
  'invalid',
  'invalid_token',
  'This link was used already, has expired, or is incomplete. Request a new one; if it was used, log in.',
);
