import { Injectable } from '@nestjs/common';
import { Clock, refuse, Rejection, toInstant } from '../../kernel/index.js';
import { EmailSender } from '../emails/email-sender.js';
import { Sealer } from './sealer.js';
import { Throttle } from '../defences/throttle.js';
import { hashOfRecoveryCode, newRecoveryCodes, newTotpSecret, spend, totpUrl } from './totp.js';
import { hasSecondFactor, type Person, type Totp, type User, without } from '../users/user.js';
import { Users } from '../users/users.js';

const PURPOSE = 'totp';

/** Sets up, uses and removes the second factor of a user. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly users: Users,
    private readonly sealer: Sealer,
    private readonly throttle: Throttle,
    private readonly emails: EmailSender,
    private readonly clock: Clock,
  ) {}

  /** Begins the set-up. Beginning again makes the earlier secret void. @throws Refused `second_factor_on` */
  async begin(userId: string): Promise<{ readonly secret: string; readonly url: string }> {
    const secret = newTotpSecret();
    const totp = { secret: this.sealer.seal(PURPOSE, userId, secret), lastStep: 0, recoveryCodes: [] };
    const { user } = await this.users.change(userId, (now) => (hasSecondFactor(now) ? alreadyOn : { ...now, totp }));
    return { secret, url: totpUrl(secret, user.email) };
  }

  /**
   * Turns it on with a code of the app; returns the recovery codes, which are shown this once.
   * @throws Refused `second_factor_on`, `second_factor_off`, `invalid_code`, `rate_limit_exceeded`
   */
  async confirm(userId: string, code: string, ip: string): Promise<{ person: Person; recoveryCodes: string[] }> {
    await this.throttle.count('code', ip, userId);
    const recoveryCodes = newRecoveryCodes();
    const on = { confirmedAt: toInstant(this.clock.now()), recoveryCodes: recoveryCodes.map(hashOfRecoveryCode) };
    const person = await this.users.change(userId, (user) =>
      hasSecondFactor(user) ? alreadyOn : this.#spent(userId, user, code, (totp) => ({ ...totp, ...on })),
    );
    this.emails.send(person.user, (emails) => emails.secondFactorOn());
    return { person, recoveryCodes };
  }

  /** Takes a code of the app, or a recovery code. @throws Refused `second_factor_off`, `invalid_code`, `rate_limit_exceeded` */
  async use(userId: string, code: string, ip: string): Promise<Person> {
    await this.throttle.count('code', ip, userId);
    return this.users.change(userId, (user) => this.#whenOn(userId, user, code, (totp) => totp));
  }

  /** Replaces the recovery codes that are left. @throws Refused as `use` does */
  async renewRecoveryCodes(userId: string, code: string, ip: string): Promise<string[]> {
    await this.throttle.count('code', ip, userId);
    const codes = newRecoveryCodes();
    const recoveryCodes = codes.map(hashOfRecoveryCode);
    await this.users.change(userId, (user) => this.#whenOn(userId, user, code, (totp) => ({ ...totp, recoveryCodes })));
    return codes;
  }

  /** Turns it off. @throws Refused as `use` does */
  async end(userId: string, code: string, ip: string): Promise<void> {
    await this.use(userId, code, ip);
    await this.remove(userId);
  }

  /** Turns it off without a code, for a user who has lost it. */
  async remove(userId: string): Promise<void> {
    const { user } = await this.users.change(userId, (now) => without(now, 'totp'));
    this.emails.send(user, (emails) => emails.secondFactorOff());
  }

  #whenOn(userId: string, user: User, code: string, then: (totp: Totp) => Totp): User | Rejection {
    return hasSecondFactor(user) ? this.#spent(userId, user, code, then) : off;
  }

  #spent(userId: string, user: User, code: string, then: (totp: Totp) => Totp): User | Rejection {
    const { totp } = user;
    if (totp === undefined) return off;
    const secret = this.sealer.open(PURPOSE, userId, totp.secret);
    if (secret === undefined) throw new Error('a second factor was sealed under another PEOPLE_SECRET');
    const spent = spend(totp, secret, code, this.clock.now());
    return spent instanceof Rejection ? spent : { ...user, totp: then(spent) };
  }
}

const alreadyOn = refuse('conflict', 'second_factor_on', 'The second factor is on already. End it first, with a code.');
const off = refuse(
  'conflict',
  'second_factor_off',
  'There is no second factor. Begin with POST /api/me/second-factor.',
);
export const codeNeeded = refuse(
  'unauthenticated',
  'code_required',
  'This account has a second factor: send a code of its app, too.',
);
