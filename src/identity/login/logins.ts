// Authentication: at login, and again before a critical change.
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Clock, fromInstant, Refused, refuse } from '../../kernel/index.js';
import { OpenAccount } from '../../ledger/index.js';
import { Background } from '../defences/background.js';
import { isPassword } from '../passwords/password.js';
import { codeNeeded, SecondFactor } from '../second-factor/second-factor.js';
import { Sessions } from '../sessions/sessions.js';
import { Throttle } from '../defences/throttle.js';
import { hasSecondFactor, isVerified, type Person } from '../users/user.js';
import { Users } from '../users/users.js';
import type { Principal } from '../../platform/http/index.js';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** The code of the second factor, if there is one: of the app, or a recovery code. */
  readonly code?: string | undefined;
}

/** A user without a password need not authenticate again for this long after a login. */
const RECENT_MS = 10 * 60_000;

@Injectable()
export class Logins {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly secondFactor: SecondFactor,
    private readonly throttle: Throttle,
    private readonly background: Background,
    private readonly commands: CommandBus,
    private readonly clock: Clock,
  ) {}

  /**
   * The user with this address, password and code. An unknown address takes as long, and gets the same answer, as a wrong password.
   * @throws Refused `invalid_credentials`, `email_not_verified`, `code_required`, `invalid_code`, `rate_limit_exceeded`
   */
  async withPassword({ email, password, code }: Credentials, ip: string): Promise<Person> {
    await this.throttle.count('login', ip, email);
    const person = await this.users.by('email', email);
    const right = await isPassword(person?.user.passwordHash, password);
    if (person === undefined || !right) throw new Refused(invalidCredentials);
    if (!isVerified(person.user)) throw new Refused(notVerified);
    return this.withCode(person, code, ip);
  }

  /** The user, once the second factor is shown where there is one. @throws Refused `code_required`, `invalid_code`, `rate_limit_exceeded` */
  async withCode(person: Person, code: string | undefined, ip: string): Promise<Person> {
    if (!hasSecondFactor(person.user)) return this.#welcome(person);
    if (code === undefined) throw new Refused(codeNeeded);
    return this.#welcome(await this.secondFactor.use(person.userId, code, ip));
  }

  /** If the ledger was restored from a copy older than the user, it lacks the user's account. The account is opened again, with the same id and empty. */
  #welcome(person: Person): Person {
    this.background.run('opening an account', async () => {
      await this.commands.execute(new OpenAccount(person.user.accountId));
    });
    return person;
  }

  /**
   * Authenticates a user who is logged in once more: by the password or, without one, by a recent login.
   * @throws Refused `wrong_password`, `login_too_old`, `rate_limit_exceeded`
   */
  async again({ userId, sessionId }: Principal, password: string | undefined, ip: string): Promise<Person> {
    const person = await this.users.byId(userId);
    if (person === undefined) throw new Refused(wrongPassword);
    if (person.user.passwordHash === undefined) {
      const startedAt = await this.sessions.startOf(sessionId);
      if (startedAt !== undefined && this.clock.now() - fromInstant(startedAt) <= RECENT_MS) return person;
      throw new Refused(loginTooOld);
    }
    await this.throttle.count('password', ip, userId);
    if (!(await isPassword(person.user.passwordHash, password ?? ''))) throw new Refused(wrongPassword);
    return person;
  }
}

const invalidCredentials = refuse(
  'unauthenticated',
  'invalid_credentials',
  'The email address or the password is wrong.',
);
const notVerified = refuse(
  'forbidden',
  'email_not_verified',
  'This email address is not verified yet: open the link in the email. POST /api/auth/resend sends another.',
);
const wrongPassword = refuse('forbidden', 'wrong_password', 'The password is wrong. Send your current password.');
const loginTooOld = refuse(
  'forbidden',
  'login_too_old',
  'You have no password, so this needs a login of the last ten minutes. Log in with Google again.',
);
