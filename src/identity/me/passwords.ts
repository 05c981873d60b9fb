// A new password, for people who forgot theirs or want another.
import { Injectable } from '@nestjs/common';
import { Refused } from '../../kernel/index.js';
import { Background } from '../defences/background.js';
import { Throttle } from '../defences/throttle.js';
import { Logins } from '../login/logins.js';
import { invalidToken, MailTokens } from '../emails/mail-tokens.js';
import { hashPassword, weakness } from '../passwords/password.js';
import { EmailSender } from '../emails/email-sender.js';
import { Sessions } from '../sessions/sessions.js';
import { isVerified, type Person } from '../users/user.js';
import { Users } from '../users/users.js';
import type { Principal } from '../../platform/http/index.js';

export interface Reset {
  /** Of the mailed link. */
  readonly token: string;
  readonly password: string;
  readonly code?: string | undefined;
}

@Injectable()
export class Passwords {
  constructor(
    private readonly users: Users,
    private readonly tokens: MailTokens,
    private readonly sessions: Sessions,
    private readonly logins: Logins,
    private readonly emails: EmailSender,
    private readonly background: Background,
    private readonly throttle: Throttle,
  ) {}

  /** Sends a link after the answer, which must not reveal whether the address is known. A user who never verified it registers again. @throws Refused `rate_limit_exceeded` */
  async askReset(email: string, ip: string): Promise<void> {
    await this.throttle.count('reset', ip, email);
    this.background.run('asking for a new password', async () => {
      const person = await this.users.by('email', email);
      if (person === undefined || !isVerified(person.user)) return;
      const secret = await this.tokens.issue({ purpose: 'reset', userId: person.userId, email });
      const link = this.emails.link('reset', secret);
      this.emails.send(person.user, (emails) => emails.reset(link));
    });
  }

  /** The user that a link is for. Does not use the link up. @throws Refused `rate_limit_exceeded`, `invalid_token` */
  async ofLink(token: string, ip: string): Promise<Person> {
    await this.throttle.count('link', ip);
    const { userId, email } = await this.tokens.read('reset', token);
    const person = await this.users.byId(userId);
    if (person === undefined || person.user.email !== email) throw new Refused(invalidToken);
    return person;
  }

  /**
   * Sets a new password and ends all sessions. It needs the second factor too, because access to a mailbox is not enough.
   * @throws Refused `invalid_token`, `weak_password`, `code_required`, `invalid_code`, `rate_limit_exceeded`
   */
  async reset({ token, password, code }: Reset, ip: string): Promise<Person> {
    const person = await this.ofLink(token, ip);
    checkStrength(password, person);
    await this.logins.withCode(person, code, ip);
    await this.tokens.take('reset', token);
    return this.#set(person.userId, password);
  }

  /**
   * Changes the password of someone who is logged in, and ends all sessions, this one too.
   * @throws Refused `wrong_password`, `login_too_old`, `weak_password`, `rate_limit_exceeded`
   */
  async change(principal: Principal, input: { now: string | undefined; next: string }, ip: string): Promise<Person> {
    const person = await this.logins.again(principal, input.now, ip);
    checkStrength(input.next, person);
    return this.#set(person.userId, input.next);
  }

  async #set(userId: string, password: string): Promise<Person> {
    const passwordHash = await hashPassword(password);
    const person = await this.users.change(userId, (user) => ({
      ...user,
      passwordHash,
      generation: user.generation + 1,
    }));
    await this.tokens.revoke(userId);
    await this.sessions.removeOf(userId);
    this.emails.send(person.user, (emails) => emails.passwordChanged(this.emails.links));
    return person;
  }
}

function checkStrength(password: string, { user }: Person): void {
  const weak = weakness(password, user.email);
  if (weak !== undefined) throw new Refused(weak);
}
