/** Where a walk through the log is, at an instant. */
export interface Sample {
  /** Milliseconds of any one clock. */
  readonly at: number;
  readonly position: number;
  /** Events taken in since the walk began. */
  readonly events: number;
}

export interface ProgressFigures {
  /** How much of the log is done, from 0 to 1. Positions are not events: it is an estimate. */
  readonly done: number;
  readonly eventsPerSecond: number;
  /** Undefined where it does not get on. */
  readonly secondsLeft: number | undefined;
}

/** What the figures go by: a walk that stood still for a while tells its present speed soon. */
const WINDOW_MS = 30_000;

/** How far a walk through the log is, how fast it goes now, and how long it will take. */
export class Progress {
  readonly #samples: Sample[] = [];

  add(sample: Sample): void {
    const last = this.#samples.at(-1);
    // A view that was emptied begins again.
    if (last !== undefined && sample.position < last.position) this.#samples.length = 0;
    this.#samples.push(sample);
    while ((this.#samples[1]?.at ?? Infinity) <= sample.at - WINDOW_MS) this.#samples.shift();
  }

  /** As seen from the newest sample, with the log at `head`. */
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

/** How much of a log with its last event at `head` is done at `position`, from 0 to 1. */
export const doneOf = (position: number, head: number): number =>
  position >= head ? 1 : Math.max(0, (position + 1) / (head + 1));
