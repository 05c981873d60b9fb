import { inTime, ReadModelsUnavailable } from '../../event-store/index.js';
import { pause } from '../../kernel/index.js';

export interface CircuitSettings {
  /** A request that the server answers when all is well. */
  readonly probe: () => Promise<unknown>;
  /** Ends the probes. */
  readonly signal: AbortSignal;
  /** Called with the reason when calls stop waiting for the server, and without one when they wait again. */
  readonly onChange?: (reason?: unknown) => void;
  /** Called now and then when some work was late or failed while the server answered the rest: how much of how much, and why the last of it. */
  readonly onLate?: (late: number, of: number, reason: unknown) => void;
}

/** The state of a server that calls wait for only briefly; "partly" when it was late for some of them in the last minute. */
export type CircuitState = 'up' | 'partly' | 'down';

const PAUSE_MS = 1_000;
/** How long late work counts as recent, and between two calls of `onLate`. */
const LATE_MS = 60_000;

/**
 * Keeps customers' calls from waiting for a server that is down or hangs. After the first call that waits in vain, all are refused at once,
 * until the server answers a probe in time. No call waits for a probe, which is why this is no breaker of cockatiel's (ADR 12).
 */
export class Circuit {
  #open = false;
  /** When the server last answered. */
  #heardAt = Number.NEGATIVE_INFINITY;
  #lateAt = Number.NEGATIVE_INFINITY;
  #missed = 0;
  /** Work since the last call of `onLate`, and when that was. */
  #untold = { late: 0, of: 0, since: Number.NEGATIVE_INFINITY };

  constructor(private readonly settings: CircuitSettings) {}

  get state(): CircuitState {
    if (this.#open) return 'down';
    return performance.now() - this.#lateAt < LATE_MS ? 'partly' : 'up';
  }

  /** How often this process has gone on without the server since it started: work that was late, failed or was refused. */
  get missed(): number {
    return this.#missed;
  }

  /** The result of `work`. @throws ReadModelsUnavailable when that takes longer, or at once while the circuit is open */
  async run<T>(work: () => Promise<T>, withinMs: number): Promise<T> {
    if (this.#open) {
      this.#missed++;
      throw new ReadModelsUnavailable('MongoDB did not answer a moment ago');
    }
    this.#untold.of++;
    const started = performance.now();
    try {
      const result = await within(withinMs, work());
      this.#heardAt = performance.now();
      return result;
    } catch (error) {
      this.#missed++;
      // The server has answered another call since: one of many may fail or be late.
      if (this.#heardAt < started) this.#interrupt(error, withinMs);
      else this.#tellLate(error);
      throw error;
    }
  }

  #tellLate(reason: unknown): void {
    const { late, of, since } = this.#untold;
    this.#lateAt = performance.now();
    this.#untold.late = late + 1;
    if (this.#lateAt - since < LATE_MS) return;
    this.settings.onLate?.(late + 1, of, reason);
    this.#untold = { late: 0, of: 0, since: this.#lateAt };
  }

  #interrupt(reason: unknown, withinMs: number): void {
    if (this.#open || this.settings.signal.aborted) return;
    this.#open = true;
    this.settings.onChange?.(reason);
    void this.#recover(withinMs);
  }

  /** Probes at once, as it may have been a hiccup, then every second. Never rejects. */
  async #recover(withinMs: number): Promise<void> {
    const { probe, signal, onChange } = this.settings;
    const isAnswered = (): Promise<boolean> =>
      within(withinMs, probe()).then(
        () => true,
        () => false,
      );
    while (!(await isAnswered())) {
      await pause(PAUSE_MS, signal, { ref: false });
      if (signal.aborted) return;
    }
    this.#open = false;
    onChange?.();
  }
}

/** The result of `work`, unless that takes longer; the work itself goes on. @throws ReadModelsUnavailable */
export function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = (): ReadModelsUnavailable => new ReadModelsUnavailable(`MongoDB gave no answer in ${milliseconds} ms`);
  // If this process was busy, the answer may be waiting to be read: that happens before an immediate.
  return inTime(work, milliseconds, (reject) => setImmediate(() => reject(late())));
}
