// Changing the email address, by a link to the new one.
import { Injectable } from '@nestjs/common';
import { Refused } from '../../kernel/index.js';
import { Background } from '../defences/background.js';
import { Throttle } from '../defences/throttle.js';
import { Logins } from '../login/logins.js';
import { invalidToken, MailTokens } from '../emails/mail-tokens.js';
import { EmailSender } from '../emails/email-sender.js';
import { isVerified, type Person } from '../users/user.js';
import { Users } from '../users/users.js';
import type { Principal } from '../../platform/http/index.js';

@Injectable()
export class EmailChange {
  constructor(
    private readonly users: Users,
    private readonly tokens: MailTokens,
    private readonly logins: Logins,
    private readonly emails: EmailSender,
    private readonly background: Background,
    private readonly throttle: Throttle,
  ) {}

  /**
   * Sends a link to the new address and a notice to the old one. The answer does not reveal whether another user has the new address.
   * @throws Refused `wrong_password`, `login_too_old`, `rate_limit_exceeded`
   */
  async ask(principal: Principal, input: { email: string; password: string | undefined }, ip: string): Promise<void> {
    const person = await this.logins.again(principal, input.password, ip);
    this.background.run('asking for another address', () => this.#write(person, input.email));
  }

  /** Changes the address. @throws Refused `rate_limit_exceeded`, `invalid_token`, or `already_in_use` when someone else has it by now */
  async confirm(token: string, ip: string): Promise<Person> {
    await this.throttle.count('link', ip);
    const { userId, email } = await this.tokens.read('email', token);
    const before = await this.users.byId(userId);
    if (before === undefined) throw new Refused(invalidToken);
    await this.users.removeUnverifiedAt(email);
    await this.tokens.take('email', token);
    const after = await this.users.change(userId, (user) => ({ ...user, email }));
    await this.tokens.revoke(userId); // links that were sent to the old address, too
    this.emails.send(before.user, (emails) => emails.addressChanged());
    return after;
  }

  async #write({ userId, user }: Person, email: string): Promise<void> {
    const { links } = this.emails;
    this.emails.send(user, (emails) => emails.addressAsked(links));
    const holder = await this.users.by('email', email);
    if (holder !== undefined && isVerified(holder.user))
      return this.emails.send(holder.user, (emails) => emails.knownAddress(links));
    await this.tokens.revoke(userId, 'email');
    const secret = await this.tokens.issue({ purpose: 'email', userId, email });
    const link = this.emails.link('confirmEmail', secret);
    this.emails.send(user, (emails) => emails.newAddress(link), email);
  }
}
