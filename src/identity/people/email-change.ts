// Another email address, confirmed from there.
import { Injectable } from '@nestjs/common';
import { Refused } from '../../kernel/index.js';
import { Background } from '../background.js';
import { addressAskedLetter, addressChangedLetter, knownAddressLetter, newAddressLetter } from '../mails/letters.js';
import { Logins } from '../sessions/logins.js';
import { invalidToken, MailTokens } from '../registration/mail-tokens.js';
import { Post } from '../mails/post.js';
import { isVerified, type Person } from './user.js';
import { Users } from './users.js';
import type { Principal } from '../../platform/http/index.js';

@Injectable()
export class EmailChange {
  constructor(
    private readonly users: Users,
    private readonly tokens: MailTokens,
    private readonly logins: Logins,
    private readonly post: Post,
    private readonly background: Background,
  ) {}

  /**
   * Sends a link to the new address and tells the old one. The answer does not tell whether someone has the new one already.
   * @throws Refused `wrong_password`, `login_too_old`, `rate_limit_exceeded`
   */
  async ask(principal: Principal, wish: { email: string; password: string | undefined }, ip: string): Promise<void> {
    const person = await this.logins.again(principal, wish.password, ip);
    this.background.run('asking for another address', () => this.#write(person, wish.email));
  }

  /** Changes the address. @throws Refused `invalid_token`, or `already_in_use` when someone else has it by now */
  async confirm(token: string): Promise<Person> {
    const { userId, email } = await this.tokens.read('email', token);
    const before = await this.users.byId(userId);
    if (before === undefined) throw new Refused(invalidToken);
    await this.users.removeUnverifiedAt(email);
    await this.tokens.take('email', token);
    const after = await this.users.change(userId, (user) => ({ ...user, email }));
    await this.tokens.revoke(userId); // links that were sent to the old address, too
    this.post.send(before.user.email, addressChangedLetter());
    return after;
  }

  async #write({ userId, user }: Person, email: string): Promise<void> {
    this.post.send(user.email, addressAskedLetter(this.post.link('forgot')));
    const holder = await this.users.by('email', email);
    if (holder !== undefined && isVerified(holder.user)) {
      const links = { login: this.post.link('login'), forgot: this.post.link('forgot') };
      return this.post.send(email, knownAddressLetter(links));
    }
    await this.tokens.revoke(userId, 'email');
    const secret = await this.tokens.issue({ purpose: 'email', userId, email });
    this.post.send(email, newAddressLetter(this.post.link('confirmEmail', secret)));
  }
}
