import { type RateLimit, RateLimitStore, type Use, type Verdict, type Verdicts } from '../../platform/http/index.js';

/** What someone has used of a limit, until the window ends. */
interface Window {
  used: number;
  /** In epoch milliseconds. */
  readonly endsAt: number;
}

/** How often windows that have ended are forgotten. */
const SWEPT_EVERY_MS = 60_000;

/** Counts in this process, for a gateway that is the only one, or that can't reach the counts it shares with others. */
export class MemoryRateLimitStore extends RateLimitStore {
  readonly #windows = new Map<string, Window>();
  #sweepAt = 0;

  override consume(uses: readonly Use[]): Verdicts | Promise<Verdicts> {
    const now = Date.now();
    if (now >= this.#sweepAt) this.#sweep(now);
    const verdicts: Verdict[] = [];
    for (const use of uses) {
      const verdict = this.#count(use, now);
      verdicts.push(verdict);
      if (!verdict.allowed) break;
    }
    return verdicts;
  }

  override async giveBack(use: Use, { resetsAt }: Verdict): Promise<void> {
    const window = this.#windows.get(keyOf(use));
    if (window?.endsAt === resetsAt) window.used -= use.points;
  }

  #count(use: Use, now: number): Verdict {
    const { limit, points } = use;
    const key = keyOf(use);
    let window = this.#windows.get(key);
    if (window === undefined || now >= window.endsAt) {
      window = { used: 0, endsAt: now + limit.windowSeconds * 1_000 };
      this.#windows.set(key, window);
    }
    const used = (window.used += points);
    const { endsAt } = window;
    const remaining = Math.max(0, limit.points - used);
    return { allowed: used <= limit.points, used, remaining, resetsInMs: endsAt - now, resetsAt: endsAt };
  }

  #sweep(now: number): void {
    this.#sweepAt = now + SWEPT_EVERY_MS;
    for (const [key, { endsAt }] of this.#windows) if (now >= endsAt) this.#windows.delete(key);
  }
}

const keyOf = ({ limit, id }: Use): string => `${nameOf(limit)}:${id}`;

/** Limits of another name or size are counted apart. */
export const nameOf = ({ name, points, windowSeconds }: RateLimit): string => `${name}:${points}:${windowSeconds}`;
