// The last calls to a provider, or attempts at a channel, as figures: when, how long until the answer began, how it ended.

/** How many are remembered. Under load they span less than a window. */
const REMEMBERED = 1_024;
/** So many failures in a row, with nothing in between, and it counts as down. */
const DOWN_AFTER = 5;
/** From this share of failures on it counts as degraded. */
const DEGRADED_FROM = 0.05;

/** `idle`: there was no call in the window, so nothing is known. */
export const PROVIDER_STATES = ['operational', 'degraded', 'down', 'idle'] as const;
type ProviderState = (typeof PROVIDER_STATES)[number];

/** One call or attempt. */
export interface CallFigures {
  /** Until the answer began, or failed, in milliseconds. */
  readonly milliseconds: number;
  /** Whether the provider failed. A faulty request, or a client that left, is not its failure. */
  readonly failed: boolean;
  /** The HTTP status of the provider; 0 when no answer came, or for a call as a whole. */
  readonly status: number;
}

/** What is known of the calls of a window. */
export interface CallSummary {
  readonly state: ProviderState;
  readonly calls: number;
  readonly failed: number;
  /** Of the calls that did not fail, in milliseconds; undefined without one. */
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  /** When the latest call and the latest failure were, in epoch milliseconds, however long ago. */
  readonly lastAt: number | undefined;
  readonly lastFailure: { readonly at: number; readonly status: number } | undefined;
}

/** A ring of the last calls. Adding one is a few writes to arrays. */
export class CallRing {
  readonly #at = new Float64Array(REMEMBERED);
  readonly #milliseconds = new Float32Array(REMEMBERED);
  readonly #status = new Uint16Array(REMEMBERED);
  readonly #failed = new Uint8Array(REMEMBERED);
  #added = 0;
  #lastFailure: CallSummary['lastFailure'];

  /** Remembers a call, and returns its number for `failLater`. `at` is in epoch milliseconds. */
  add(at: number, { milliseconds, failed, status }: CallFigures): number {
    const slot = this.#added % REMEMBERED;
    this.#at[slot] = at;
    this.#milliseconds[slot] = milliseconds;
    this.#status[slot] = status;
    this.#failed[slot] = failed ? 1 : 0;
    if (failed) this.#lastFailure = { at, status };
    return this.#added++;
  }

  /** An answer that had begun broke off, so its call has failed after all. */
  failLater(number: number, at: number): void {
    this.#lastFailure = { at, status: 0 };
    if (number >= this.#added - REMEMBERED) this.#failed[number % REMEMBERED] = 1;
  }

  /** The calls since an instant (epoch milliseconds), as far as they are remembered. */
  since(fromMs: number): CallSummary {
    const latencies: number[] = [];
    let [calls, failed, failedInARow] = [0, 0, 0];
    for (let number = this.#added - 1; number >= 0 && number >= this.#added - REMEMBERED; number--) {
      const slot = number % REMEMBERED;
      if ((this.#at[slot] ?? 0) < fromMs) break;
      calls++;
      if (this.#failed[slot] === 1) {
        failed++;
        if (failedInARow === calls - 1) failedInARow++;
      } else latencies.push(this.#milliseconds[slot] ?? 0);
    }
    latencies.sort((a, b) => a - b);
    const lastAt = this.#added === 0 ? undefined : this.#at[(this.#added - 1) % REMEMBERED];
    const state = stateOf(calls, failed, failedInARow);
    return {
      state,
      calls,
      failed,
      p50: quantile(latencies, 0.5),
      p95: quantile(latencies, 0.95),
      lastAt,
      lastFailure: this.#lastFailure,
    };
  }
}

function stateOf(calls: number, failed: number, failedInARow: number): ProviderState {
  if (calls === 0) return 'idle';
  if (failedInARow >= DOWN_AFTER) return 'down';
  return failed / calls >= DEGRADED_FROM ? 'degraded' : 'operational';
}

/** Of sorted numbers: the smallest that so large a share does not exceed. */
const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
