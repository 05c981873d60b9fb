import { refuse, type Rejection, wholeSeconds } from '../../kernel/index.js';

/** So many points in a window, which begins with the first use and ends `windowSeconds` later. */
export interface RateLimit {
  /** What is limited, such as `requests-of-key`. Limits of another name or size are counted apart. */
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
  /** Whether points may be given back. Then a store never remembers a refusal: each use is counted. */
  readonly refundable?: boolean;
}

/** Points that someone wants of a limit. */
export interface Use {
  readonly limit: RateLimit;
  /** Who wants them. */
  readonly id: string;
  readonly points: number;
}

/** How it stands with a limit after a use. */
export interface Verdict {
  readonly allowed: boolean;
  /** Points that were used in this window, these included; at least, where a refusal was remembered. */
  readonly used: number;
  /** Points that are left in this window. */
  readonly remaining: number;
  /** When the window ends and all points are there again, in milliseconds from now. */
  readonly resetsInMs: number;
  /** The same as an instant, in epoch milliseconds. */
  readonly resetsAt: number;
}

/**
 * Counts what is used of limits. The contract is executable: test/contract/rate-limit-store.contract.ts.
 *
 * - Exact: of all uses in a window, however they race, those are allowed that the limit has points for.
 * - In order: the uses of one call, each of another limit, count as if one after another; those after one that is refused don't count.
 * - A refused use counts like any other: nothing is left of a limit that someone goes on asking for more of.
 * - Given back in its window: points return to the window they were counted in; once that has ended, nothing returns.
 * - Always there: a store on a server that can't be reached, or hangs, is done without after a short time; then each process counts alone.
 */
export abstract class RateLimitStore {
  /** Whether a verdict takes the way to a server and back, in which something else can be done. */
  abstract readonly asksServer: boolean;

  /** The verdicts of the uses, in their order, up to the first that is refused. Never rejects. */
  abstract consume(uses: readonly Use[]): Promise<readonly Verdict[]>;

  /**
   * Gives back points of a use of a refundable limit, allowed or refused: at most as many as it had. `verdict` is the very one that
   * `consume` returned for it. Never rejects.
   */
  abstract giveBack(use: Use, verdict: Verdict): Promise<void>;
}

/** The refusal of what a limit had no points for: what is too much, in a sentence, and when to come again. */
export function overLimit(sentence: string, { resetsInMs }: Verdict): Rejection {
  const retryAfterSeconds = String(wholeSeconds(resetsInMs));
  return refuse('too_many', 'rate_limit_exceeded', `${sentence} Try again in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
  });
}
