import { inTime, ReadModelsUnavailable } from '../../event-store/index.js';
import { pause } from '../../kernel/index.js';

export interface CircuitSettings {
  /** Asks the server for something that it answers when all is well. */
  readonly probe: () => Promise<unknown>;
  /** Ends the probing. */
  readonly signal: AbortSignal;
  /** Told why the server is not waited for any more, and without a reason when it is again. */
  readonly onChange?: (reason?: unknown) => void;
  /** Told, now and then, that of so much work some was late or failed while the server answered the rest, and why the last of it. */
  readonly onLate?: (late: number, of: number, reason: unknown) => void;
}

/** How it stands with a server that calls wait for a short time only; "partly" when it was late for some of them in the last minute. */
export type CircuitState = 'up' | 'partly' | 'down';

const PAUSE_MS = 1_000;
/** So long some late work is remembered, and nobody is told of more. */
const LATE_MS = 60_000;

/**
 * Keeps the calls of customers from waiting for a server that is down or hangs: the first that has waited in vain for its short time is
 * the last. Then all are refused at once, until a probe, which no call waits for, is answered in that time.
 */
export class Circuit {
  #open = false;
  /** When the server last gave an answer. */
  #heardAt = Number.NEGATIVE_INFINITY;
  #lateAt = Number.NEGATIVE_INFINITY;
  #missed = 0;
  /** Since `onLate` was told, and when that was. */
  #untold = { late: 0, of: 0, since: Number.NEGATIVE_INFINITY };

  constructor(private readonly settings: CircuitSettings) {}

  get state(): CircuitState {
    if (this.#open) return 'down';
    return performance.now() - this.#lateAt < LATE_MS ? 'partly' : 'up';
  }

  /** How much work was done without, from the beginning: late, failed or refused. */
  get missed(): number {
    return this.#missed;
  }

  /** What `work` comes to. @throws ReadModelsUnavailable when that takes longer, or at once when the server is known not to answer. */
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
      // A server that answers others is there: one call in many may fail or be late.
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

  /** Asks at once, as it may have been a hiccup, then again and again. Never rejects. */
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

/** What `work` comes to, unless that takes longer. The work itself goes on. @throws ReadModelsUnavailable */
export function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const late = (): ReadModelsUnavailable => new ReadModelsUnavailable(`MongoDB gave no answer in ${milliseconds} ms`);
  // When it is this process that was busy, the answer is here and waits to be read: that comes before an immediate.
  return inTime(work, milliseconds, (reject) => setImmediate(() => reject(late())));
}
