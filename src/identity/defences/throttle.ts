// How often things that could be guessed or would send mail may be tried.
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config.js';
import { overLimit, type RateLimit, RateLimitStore, type Use } from '../../platform/http/index.js';
import { Refused } from '../../kernel/index.js';

const MINUTE = 60;

/**
 * Tries for one person (an address, or a user), in all and from one network address alone. The second is far smaller, so that a single
 * attacker does not lock the owner out; the first bounds what many can guess together.
 */
const LIMITS = {
  register: { ofPerson: 10, fromOneAddress: 5, windowSeconds: 60 * MINUTE },
  reset: { ofPerson: 10, fromOneAddress: 5, windowSeconds: 60 * MINUTE },
  login: { ofPerson: 100, fromOneAddress: 10, windowSeconds: 15 * MINUTE },
  // Three of a million codes are right at any time: this allows one in a thousand to be found in two weeks, by who has the password.
  code: { ofPerson: 20, fromOneAddress: 10, windowSeconds: 60 * MINUTE },
  password: { ofPerson: 30, fromOneAddress: 10, windowSeconds: 15 * MINUTE },
} as const;

/** What is tried. `link`: the secret of a mailed link, which names nobody. */
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

  /** Counts a try. @throws Refused `rate_limit_exceeded` */
  async count(attempt: Attempt, ip: string, person?: string): Promise<void> {
    const address = networkOf(ip);
    const uses = [use(`${attempt}-from`, this.#perAddress, 15 * MINUTE, address)];
    if (attempt !== 'link' && person !== undefined) {
      const { ofPerson, fromOneAddress, windowSeconds } = LIMITS[attempt];
      uses.push(use(`${attempt}-of-from`, fromOneAddress, windowSeconds, `${address} ${person}`));
      uses.push(use(`${attempt}-of`, ofPerson, windowSeconds, person));
    }
    // Those after a refused one don't count: who is stopped uses up nothing of the person's.
    const refused = (await this.store.consume(uses)).find(({ allowed }) => !allowed);
    if (refused === undefined) return;
    throw new Refused(overLimit('There were too many tries.', refused));
  }
}

/** Counted under a hash: the counts live for minutes, but hold no one's address. */
function use(name: string, points: number, windowSeconds: number, whose: string): Use {
  const limit: RateLimit = { name: `people-${name}`, points, windowSeconds };
  return { limit, id: createHash('sha256').update(whose).digest('base64url').slice(0, 22), points: 1 };
}

/** Who has one IPv6 address has its whole /64 (RFC 6177). */
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
