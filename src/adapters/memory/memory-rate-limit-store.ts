import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type RateLimit, RateLimitStore, type Verdict, type Use } from '../../proxy/index.js';

/** Counts in this process: for a gateway that is the only one, or is cut off from what it shares with others. */
export class MemoryRateLimitStore extends RateLimitStore {
  readonly #limiters = new Map<string, RateLimiterMemory>();

  override consume(uses: readonly Use[]): Promise<readonly Verdict[]> {
    return inTurn(uses, ({ limit, id, points }) => verdictOf(this.#limiter(limit).consume(id, points)));
  }

  #limiter(limit: RateLimit): RateLimiterMemory {
    const options = limiterOptions(limit);
    const known = this.#limiters.get(options.keyPrefix);
    if (known !== undefined) return known;
    const limiter = new RateLimiterMemory(options);
    this.#limiters.set(options.keyPrefix, limiter);
    return limiter;
  }
}

export const limiterOptions = ({ name, points, windowSeconds }: RateLimit) => ({
  keyPrefix: `${name}:${points}:${windowSeconds}`,
  points,
  duration: windowSeconds,
});

/** Counts one use after another, and none after one that is refused. */
export async function inTurn(uses: readonly Use[], count: (use: Use) => Promise<Verdict>): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const use of uses) {
    const verdict = await count(use);
    verdicts.push(verdict);
    if (!verdict.allowed) break;
  }
  return verdicts;
}

/** A limiter resolves with what it allows and rejects with what it refuses. */
export async function verdictOf(consumed: Promise<RateLimiterRes>): Promise<Verdict> {
  try {
    return toVerdict(true, await consumed);
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return toVerdict(false, refused);
  }
}

const toVerdict = (allowed: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): Verdict => ({
  allowed,
  remaining: Math.max(0, remainingPoints),
  resetsInMs: msBeforeNext,
});
