/** The progress of a walk through the log at one instant. */
export interface Sample {
  /** Milliseconds of any monotonic clock. */
  readonly at: number;
  readonly position: number;
  /** Events taken in since the walk began. */
  readonly events: number;
}

export interface ProgressFigures {
  /** The fraction of the log that is done, from 0 to 1. An estimate, because positions have gaps. */
  readonly done: number;
  readonly eventsPerSecond: number;
  /** Undefined when it makes no progress. */
  readonly secondsLeft: number | undefined;
}

/** Figures are computed over this window, so a walk that stood still soon shows its present speed. */
const WINDOW_MS = 30_000;

/** Measures how far a walk through the log is, how fast it goes now, and how long it will take. */
export class Progress {
  readonly #samples: Sample[] = [];

  add(sample: Sample): void {
    const last = this.#samples.at(-1);
    // A view that was emptied starts again.
    if (last !== undefined && sample.position < last.position) this.#samples.length = 0;
    this.#samples.push(sample);
    while ((this.#samples[1]?.at ?? Infinity) <= sample.at - WINDOW_MS) this.#samples.shift();
  }

  /** The figures at the newest sample, with the log ending at `head`. */
  figures(head: number): ProgressFigures {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (first === undefined || last === undefined) return { done: 0, eventsPerSecond: 0, secondsLeft: undefined };
    const seconds = (last.at - first.at) / 1_000;
    const per = (amount: number): number => (seconds > 0 ? amount / seconds : 0);
    const positionsPerSecond = per(last.position - first.position);
    const left = Math.max(0, head - last.position);
    return {
      done: doneOf(last.position, head),
      eventsPerSecond: per(last.events - first.events),
      secondsLeft: left === 0 ? 0 : positionsPerSecond > 0 ? left / positionsPerSecond : undefined,
    };
  }
}

/** The fraction of the log that is done at `position` when its last event is at `head`, from 0 to 1. */
export const doneOf = (position: number, head: number): number =>
  position >= head ? 1 : Math.max(0, (position + 1) / (head + 1));
