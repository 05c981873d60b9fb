// Exporting and deleting what is kept about a person.
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { JsonObject } from '../../kernel/index.js';
import { CloseAccount } from '../../ledger/index.js';
import { Logins } from '../login/logins.js';
import { MailTokens } from '../emails/mail-tokens.js';
import { EmailSender } from '../emails/email-sender.js';
import { Sessions } from '../sessions/sessions.js';
import { hasSecondFactor, isVerified, languageOf, type Person } from '../users/user.js';
import { Users } from '../users/users.js';
import type { Principal } from '../../platform/http/index.js';

export interface Farewell {
  readonly password: string | undefined;
  /** Whether they give up the credit that is left. */
  readonly forfeitCredit: boolean;
}

@Injectable()
export class PersonalData {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly tokens: MailTokens,
    private readonly logins: Logins,
    private readonly emails: EmailSender,
    private readonly commands: CommandBus,
  ) {}

  /** All that is kept about a person, but for secrets: hashes, and the secret of the second factor. */
  async export(person: Person): Promise<JsonObject> {
    const { userId, user } = person;
    const sessions = await this.sessions.list(person);
    return {
      user_id: userId,
      account_id: user.accountId,
      email: user.email,
      email_verified: isVerified(user),
      language: languageOf(user),
      roles: user.roles,
      decisions: (user.decisions ?? []).map(({ at, what, reason = null }) => ({ at, what, reason })),
      created: user.registeredAt,
      has_password: user.passwordHash !== undefined,
      second_factor: hasSecondFactor(user),
      billing: user.billing ?? null,
      google: user.googleId === undefined ? null : { id: user.googleId, email: user.googleEmail ?? null },
      sessions: sessions.map(({ doc: { client, startedAt, seenAt, expiresAt } }) => ({
        client,
        started: startedAt,
        last_seen: seenAt,
        expires: expiresAt,
      })),
    };
  }

  /**
   * Closes the account and forgets the person. The account comes first: who comes again after a crash goes on from there.
   * @throws Refused `wrong_password`, `login_too_old`, `credit_left`, `refund_under_way`, `rate_limit_exceeded`
   */
  async delete(principal: Principal, { password, forfeitCredit }: Farewell, ip: string): Promise<void> {
    const { userId, user } = await this.logins.again(principal, password, ip);
    const closing = { reason: 'closed by its owner', onlyWithoutCredit: !forfeitCredit };
    await this.commands.execute(new CloseAccount(user.accountId, closing));
    await this.tokens.revoke(userId);
    await this.users.remove(userId);
    await this.sessions.removeOf(userId); // they ended with the person
    this.emails.send(user, (emails) => emails.deleted());
  }
}
