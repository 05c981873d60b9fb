import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type RateLimit, RateLimitStore, type Verdict, type Use } from '../../platform/http/index.js';

/** A limiter's clock may be read one tick before that of its verdict. */
const TICK_MS = 5;

/** Counts in this process, for a gateway that is the only one, or that can't reach the counts it shares with others. */
export class MemoryRateLimitStore extends RateLimitStore {
  readonly #limiters = new Map<string, RateLimiterMemory>();

  override consume(uses: readonly Use[]): Promise<readonly Verdict[]> {
    return inTurn(uses, ({ limit, id, points }) => verdictOf(limit, this.#limiter(limit).consume(id, points)));
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

/** What came of a use, and whether it is allowed: a limiter resolves with what it allows and rejects with what it refuses. */
export async function outcomeOf(
  consumed: Promise<RateLimiterRes>,
): Promise<{ allowed: boolean; used: RateLimiterRes }> {
  try {
    return { allowed: true, used: await consumed };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    return { allowed: false, used: refused };
  }
}

async function verdictOf(limit: RateLimit, consumed: Promise<RateLimiterRes>): Promise<Verdict> {
  const { allowed, used } = await outcomeOf(consumed);
  return toVerdict(allowed, limit, used);
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
