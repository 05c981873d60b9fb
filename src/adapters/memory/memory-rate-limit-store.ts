import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { type RateLimit, RateLimitStore, type Verdict, type Use } from '../../platform/http/index.js';

/** A limiter's clock may be read one tick before that of its verdict. */
const TICK_MS = 5;

/** Counts in this process, for a gateway that is the only one, or that can't reach the counts it shares with others. */
export class MemoryRateLimitStore extends RateLimitStore {
  override readonly asksServer: boolean = false;
  readonly #limiters = new Map<string, RateLimiterMemory>();

  /** A limiter's `penalty` counts as its `consume` does, and rejects nothing. */
  override consume(uses: readonly Use[]): Promise<readonly Verdict[]> {
    return inTurn(uses, async ({ limit, id, points }) => {
      const used = await this.#limiter(limit).penalty(id, points);
      return toVerdict(used.consumedPoints <= limit.points, limit, used);
    });
  }

  override async giveBack({ limit, id, points }: Use, { resetsAt }: Verdict): Promise<void> {
    if (Date.now() < resetsAt - TICK_MS) await this.#limiter(limit).reward(id, points);
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

/** The verdict of a use, from the points that were used up to it. */
export function toVerdict(
  allowed: boolean,
  limit: RateLimit,
  { consumedPoints, msBeforeNext }: Pick<RateLimiterRes, 'consumedPoints' | 'msBeforeNext'>,
): Verdict {
  const used = Math.max(consumedPoints, allowed ? 0 : limit.points + 1);
  const remaining = Math.max(0, limit.points - used);
  return { allowed, used, remaining, resetsInMs: msBeforeNext, resetsAt: Date.now() + msBeforeNext };
}
