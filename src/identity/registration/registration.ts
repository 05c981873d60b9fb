// Registering with an address and a password, and verifying the address.
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Clock, newId, Refused, toInstant } from '../../kernel/index.js';
import { OpenAccount } from '../../ledger/index.js';
import { Background } from '../defences/background.js';
import { Throttle } from '../defences/throttle.js';
import { invalidToken, MailTokens } from '../emails/mail-tokens.js';
import { hashPassword, weakness } from '../passwords/password.js';
import { EmailSender } from '../emails/email-sender.js';
import { isVerified, newUser, type Person, verified } from '../users/user.js';
import type { Language } from '../../platform/mail/index.js';
import { Users } from '../users/users.js';

export interface Registrant {
  readonly email: string;
  readonly password: string;
  /** Of the page, or of the browser; English unless it is said. */
  readonly language?: Language | undefined;
}

@Injectable()
export class Registration {
  constructor(
    private readonly users: Users,
    private readonly tokens: MailTokens,
    private readonly emails: EmailSender,
    private readonly background: Background,
    private readonly throttle: Throttle,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  /**
   * Registers after the answer, which must not reveal whether the address is known. Registering again sends another link.
   * @throws Refused `rate_limit_exceeded`, `weak_password`
   */
  async begin({ email, password, language }: Registrant, ip: string): Promise<void> {
    await this.throttle.count('register', ip, email);
    const weak = weakness(password, email);
    if (weak !== undefined) throw new Refused(weak);
    this.background.run('registering', async () => {
      const passwordHash = await hashPassword(password);
      const person = (await this.users.by('email', email)) ?? (await this.#add(email, passwordHash, language));
      if (person === undefined) return; // the same person at the same moment, whose other request goes on
      await this.#write(person, passwordHash);
    });
  }

  /**
   * Verifies an address and opens the user's ledger account. The password is that of the registration that the link belongs to: an attacker
   * who registered someone else's address does not know the password that its owner confirms.
   * @throws Refused `rate_limit_exceeded`, `invalid_token`
   */
  async verify(secret: string, ip: string): Promise<Person> {
    await this.throttle.count('link', ip);
    const { userId, passwordHash } = await this.tokens.read('verify', secret);
    const found = await this.users.byId(userId);
    if (found === undefined || isVerified(found.user)) throw new Refused(invalidToken);
    // The account first, with the id in the registration: an attempt after a crash gets the same account.
    await this.commands.execute(new OpenAccount(found.user.accountId));
    const person = await this.users.change(userId, (user) =>
      isVerified(user) ? invalidToken : { ...verified(user), ...(passwordHash && { passwordHash }) },
    );
    await this.tokens.revoke(userId, 'verify');
    return person;
  }

  async #write({ userId, user }: Person, passwordHash: string): Promise<void> {
    const { email } = user;
    if (isVerified(user)) return this.emails.send(user, (emails) => emails.knownAddress(this.emails.links));
    // Until then, a login with the newest password is answered "not verified yet". The link decides which password counts.
    await this.users.change(userId, (now) => (isVerified(now) ? now : { ...now, passwordHash }));
    const secret = await this.tokens.issue({ purpose: 'verify', userId, email, passwordHash });
    const link = this.emails.link('verify', secret);
    this.emails.send(user, (emails) => emails.verification(link));
  }

  async #add(email: string, passwordHash: string, language?: Language): Promise<Person | undefined> {
    const now = toInstant(this.clock.now());
    const person = { userId: newId(), user: { ...newUser(email, now, language), passwordHash } };
    return (await this.users.add(person)) ? person : undefined;
  }
}
