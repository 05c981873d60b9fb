// Logging in with Google, and linking a Google account to a user who is logged in.
import { Inject, Injectable, Optional } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Clock, newId, Refused, refuse, toInstant } from '../../kernel/index.js';
import { OpenAccount } from '../../ledger/index.js';
import { type Language, PublicUrl } from '../../platform/mail/index.js';
import { isEmail, normalEmail } from '../users/email.js';
import { Google, type GoogleChecks, type GoogleProfile } from './google.js';
import { Throttle } from '../defences/throttle.js';
import { EmailSender } from '../emails/email-sender.js';
import { Sealer } from '../second-factor/sealer.js';
import { isVerified, newUser, type Person, verified, without } from '../users/user.js';
import { Users } from '../users/users.js';

const GOOGLE_CALLBACK = '/api/auth/google/callback';
/** How long a user may take at Google, in milliseconds. */
export const GOOGLE_LOGIN_MS = 10 * 60_000;
const PURPOSE = 'google-login';

/** What a login with Google is for. */
export type GoogleLogin = {
  /** The user to link to. */
  readonly linkTo?: string;
  /** Where the browser goes then: a path of ours. */
  readonly next?: string;
};

/** What the browser keeps, encrypted, while its user is at Google. */
type Begun = GoogleChecks & GoogleLogin & { readonly expiresAt: number };

/** A browser that Google has sent back. */
export interface Return {
  /** What Google added to the callback's address. */
  readonly query: string;
  readonly cookie: string | undefined;
  /** The user who is logged in in this browser. */
  readonly visitor: string | undefined;
  /** Of a user who is new. */
  readonly language: Language;
}

export interface Returned {
  readonly person: Person;
  readonly next: string | undefined;
}

@Injectable()
export class GoogleLogins {
  constructor(
    private readonly users: Users,
    private readonly sealer: Sealer,
    private readonly emails: EmailSender,
    private readonly commands: CommandBus,
    private readonly publicUrl: PublicUrl,
    private readonly clock: Clock,
    private readonly throttle: Throttle,
    @Optional() @Inject(Google) private readonly google: Google | undefined,
  ) {}

  get isConfigured(): boolean {
    return this.google !== undefined;
  }

  /** Where to send the browser, and the cookie that it brings back. @throws Refused `rate_limit_exceeded`, `google_not_configured`; GoogleFailed */
  async begin(ip: string, login: GoogleLogin): Promise<{ readonly url: string; readonly cookie: string }> {
    await this.throttle.count('link', ip);
    const { url, checks } = await this.#configured().begin(this.publicUrl.link(GOOGLE_CALLBACK));
    const begun: Begun = { ...checks, ...login, expiresAt: this.clock.now() + GOOGLE_LOGIN_MS };
    return { url, cookie: this.sealer.seal(PURPOSE, '', JSON.stringify(begun)) };
  }

  /**
   * The user who came back from Google: known, new, or now linked.
   * @throws Refused `google_not_configured`, `google_login_expired`, `google_email_not_verified`, `email_in_use`, `google_in_use`; GoogleFailed
   */
  async finish({ query, cookie, visitor, language }: Return): Promise<Returned> {
    const google = this.#configured();
    const { linkTo, next, expiresAt, ...checks } = this.#begun(cookie);
    if (expiresAt <= this.clock.now() || (linkTo !== undefined && linkTo !== visitor)) throw new Refused(expired);
    const profile = await google.finish(new URL(this.publicUrl.link(GOOGLE_CALLBACK) + query), checks);
    const known = await this.users.by('googleId', profile.googleId);
    if (linkTo !== undefined) return { person: await this.#link(linkTo, profile, known), next };
    const person = known ?? (await this.#register(profile, language));
    return { person: isVerified(person.user) ? person : await this.#open(person), next };
  }

  /** @throws Refused `password_needed`: a user must keep a way to log in */
  unlink(userId: string): Promise<Person> {
    return this.users.change(userId, (user) => {
      if (user.googleId === undefined) return user;
      return user.passwordHash === undefined ? passwordNeeded : without(user, 'googleId', 'googleEmail');
    });
  }

  async #link(userId: string, { googleId, email }: GoogleProfile, known: Person | undefined): Promise<Person> {
    if (known !== undefined && known.userId !== userId) throw new Refused(googleInUse);
    const person = await this.users.change(userId, (user) =>
      user.googleId === undefined || user.googleId === googleId
        ? { ...user, googleId, googleEmail: email }
        : anotherLinked,
    );
    if (known === undefined) this.emails.send(person.user, (emails) => emails.googleLinked());
    return person;
  }

  /** Adds a user whose address Google has verified. If another user has the address, that user must log in and link the Google account. */
  async #register({ googleId, email, emailVerified }: GoogleProfile, language: Language): Promise<Person> {
    const address = normalEmail(email);
    if (!emailVerified || !isEmail(address)) throw new Refused(emailNotVerified);
    await this.users.removeUnverifiedAt(address);
    const person = {
      userId: newId(),
      user: { ...newUser(address, toInstant(this.clock.now()), language), googleId, googleEmail: email },
    };
    if (!(await this.users.add(person))) throw new Refused(emailInUse);
    return person;
  }

  /** Opens the account first and then verifies the user, so an attempt after a crash gets the same account. */
  async #open({ userId, user }: Person): Promise<Person> {
    await this.commands.execute(new OpenAccount(user.accountId));
    return this.users.change(userId, verified);
  }

  #configured(): Google {
    if (this.google !== undefined) return this.google;
    throw new Refused(
      refuse(
        'not_found',
        'google_not_configured',
        'Logging in with Google is not set up here. Use your email address and a password.',
      ),
    );
  }

  #begun(cookie: string | undefined): Begun {
    const opened = cookie === undefined ? undefined : this.sealer.open(PURPOSE, '', cookie);
    if (opened === undefined) throw new Refused(expired);
    return JSON.parse(opened) as Begun;
  }
}

const expired = refuse(
  'invalid',
  'google_login_expired',
  'This login with Google took too long, or began in another browser. Begin again.',
);
const emailNotVerified = refuse(
  'invalid',
  'google_email_not_verified',
  'Google has not verified the address of this Google account.',
);
const emailInUse = refuse(
  'invalid',
  'email_in_use',
  'There is an account with the address of this Google account. Log in with its password first, then link Google in your settings.',
);
const googleInUse = refuse('conflict', 'google_in_use', 'This Google account is linked to another user.');
const anotherLinked = refuse('conflict', 'google_in_use', 'Another Google account is linked already. Unlink it first.');
const passwordNeeded = refuse(
  'conflict',
  'password_needed',
  'Without Google, you need a password to log in. Set one first.',
);
