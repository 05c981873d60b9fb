// Limits on attempts that could guess a secret or that send email.
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config.js';
import { overLimit, type RateLimit, RateLimitStore, type Use } from '../../platform/http/index.js';
import { Refused } from '../../kernel/index.js';

const MINUTE = 60;

/**
 * Attempts on one user (by email address or user id): in all, and from one network address. The second limit is far smaller, so a single
 * attacker can't lock the owner out; the first bounds what many attackers can guess together.
 */
const LIMITS = {
  register: { ofPerson: 10, fromOneAddress: 5, windowSeconds: 60 * MINUTE },
  reset: { ofPerson: 10, fromOneAddress: 5, windowSeconds: 60 * MINUTE },
  login: { ofPerson: 100, fromOneAddress: 10, windowSeconds: 15 * MINUTE },
  // Three of a million codes are valid at any time. With this limit, an attacker who has the password finds one in two weeks with a chance of 1 in 1,000.
  code: { ofPerson: 20, fromOneAddress: 10, windowSeconds: 60 * MINUTE },
  password: { ofPerson: 30, fromOneAddress: 10, windowSeconds: 15 * MINUTE },
} as const;

/** What is attempted. `link`: the secret of a link in an email, which names no user. */
export type Attempt = keyof typeof LIMITS | 'link';

@Injectable()
export class Throttle {
  readonly #perAddress: number;

  constructor(
    private readonly store: RateLimitStore,
    @Inject(CONFIG) config: Pick<Config, 'LOGIN_ATTEMPTS_PER_ADDRESS'>,
  ) {
    this.#perAddress = config.LOGIN_ATTEMPTS_PER_ADDRESS;
  }

  /** Counts an attempt. @throws Refused `rate_limit_exceeded` */
  async count(attempt: Attempt, ip: string, person?: string): Promise<void> {
    const address = networkOf(ip);
    const uses = [use(`${attempt}-from`, this.#perAddress, 15 * MINUTE, address)];
    if (attempt !== 'link' && person !== undefined) {
      const { ofPerson, fromOneAddress, windowSeconds } = LIMITS[attempt];
      uses.push(use(`${attempt}-of-from`, fromOneAddress, windowSeconds, `${address} ${person}`));
      uses.push(use(`${attempt}-of`, ofPerson, windowSeconds, person));
    }
    // A refused attempt ends the list: an attacker who is stopped uses up none of the user's own attempts.
    const refused = (await this.store.consume(uses)).find(({ allowed }) => !allowed);
    if (refused === undefined) return;
    throw new Refused(overLimit('There were too many attempts.', refused));
  }
}

/** Counted under a hash: the counts live for minutes and hold nobody's address. */
function use(name: string, points: number, windowSeconds: number, whose: string): Use {
  const limit: RateLimit = { name: `people-${name}`, points, windowSeconds };
  return { limit, id: createHash('sha256').update(whose).digest('base64url').slice(0, 22), points: 1 };
}

/** The network of an address: a client with one IPv6 address has its whole /64 (RFC 6177). */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (v4 !== undefined) return v4;
  const [head = '', tail] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length;
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 4).join(':');
}
