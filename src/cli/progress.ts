import { Progress, type WalkProgress } from '../event-store/index.js';

/** Without a terminal, one line per interval for a log. */
const LINE_EVERY_MS = 10_000;

/** Reports on standard error how far long work is; on a terminal it rewrites one line. */
export class ProgressLine {
  readonly #progress = new Progress();
  #isShown = false;
  #told = performance.now();

  constructor(private readonly name: string) {}

  /** How far a walk through the log is. */
  show({ position, head, events }: WalkProgress): void {
    this.#progress.add({ at: performance.now(), position, events });
    const { eventsPerSecond } = this.#progress.figures(head);
    this.#tell(head, `${Math.round(eventsPerSecond)} events/s`);
  }

  /** How many of all units are done. */
  count(done: number, total: number, units: string): void {
    const [position, head] = [done - 1, total - 1];
    this.#progress.add({ at: performance.now(), position, events: done });
    this.#tell(head, `${done} of ${total} ${units}`);
  }

  end(): void {
    if (process.stderr.isTTY && this.#isShown) process.stderr.write('\n');
    this.#isShown = false;
  }

  #tell(head: number, what: string): void {
    const { done, secondsLeft } = this.#progress.figures(head);
    const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
    const text = `${this.name}: ${Math.floor(done * 100)} %, ${what}${left}`;
    const now = performance.now();
    if (process.stderr.isTTY) {
      this.#isShown = true;
      process.stderr.write(`\r${text}\x1b[K`);
    } else if (now - this.#told >= LINE_EVERY_MS) {
      this.#told = now;
      console.error(text);
    }
  }
}
