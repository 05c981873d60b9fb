import { Progress, type WalkProgress } from '../event-store/index.js';

/** Without a terminal, one line per interval for a log. */
const LINE_EVERY_MS = 10_000;

/** Reports on standard error how far a walk through the log is; on a terminal it rewrites one line. */
export class ProgressLine {
  readonly #started = performance.now();
  readonly #progress = new Progress();
  #events = 0;
  #told = performance.now();

  constructor(private readonly name: string) {}

  get seconds(): number {
    return (performance.now() - this.#started) / 1_000;
  }

  show({ position, head, events }: WalkProgress): void {
    const now = performance.now();
    this.#events = events;
    this.#progress.add({ at: now, position, events });
    if (process.stderr.isTTY) process.stderr.write(`\r${this.#text(head)}\x1b[K`);
    else if (now - this.#told >= LINE_EVERY_MS) {
      this.#told = now;
      console.error(this.#text(head));
    }
  }

  end(): void {
    if (process.stderr.isTTY && this.#events > 0) process.stderr.write('\n');
  }

  #text(head: number): string {
    const { done, eventsPerSecond, secondsLeft } = this.#progress.figures(head);
    const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
    return `${this.name}: ${Math.floor(done * 100)} %, ${Math.round(eventsPerSecond)} events/s${left}`;
  }
}
