/** So many points in a window, which begins with the first use and ends `windowSeconds` later. */
export interface RateLimit {
  /** What is limited, such as `requests-of-key`. Limits of another name or size are counted apart. */
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
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
  /** Points that are left in this window. */
  readonly remaining: number;
  /** When the window ends and all points are there again, in milliseconds from now. */
  readonly resetsInMs: number;
}

/**
 * Counts what is used of limits. The contract is executable: test/contract/rate-limit-store.contract.ts.
 *
 * - Exact: of all uses in a window, however they race, those are allowed that the limit has points for.
 * - In order: the uses of one call, each of another limit, count as if one after another; those after one that is refused don't count.
 * - A refused use counts like any other: nothing is left of a limit that someone goes on asking for more of.
 * - Always there: a store on a server that can't be reached, or hangs, is done without after a short time; then each process counts alone.
 */
export abstract class RateLimitStore {
  /** The verdicts of the uses, in their order, up to the first that is refused. Never rejects. */
  abstract consume(uses: readonly Use[]): Promise<readonly Verdict[]>;
}
