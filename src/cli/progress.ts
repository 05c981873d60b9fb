import type { ProjectorProgress } from '../event-store/index.js';

/** How often a line is written where it can't be written over: into a file, or the log of a container. */
const LINE_EVERY_MS = 10_000;

/** Tells how far a walk through the log has come: percent, rate, and how long it will still take. On standard error. */
export class ProgressLine {
  readonly #started = performance.now();
  #writtenAt = this.#started;
  #first: { readonly position: number; readonly at: number } | undefined;

  constructor(private readonly label: string) {}

  get seconds(): number {
    return (performance.now() - this.#started) / 1_000;
  }

  show(progress: ProjectorProgress): void {
    const now = performance.now();
    const first = (this.#first ??= { position: progress.position, at: now });
    const text = `${this.label}: ${percentOf(progress)} %, ${Math.round(progress.events / this.seconds)} events/s`;
    // Positions are no count of events: a server's are offsets in bytes. So the time left goes by positions, too.
    const left =
      ((progress.head - progress.position) * (now - first.at)) / (progress.position - first.position) / 1_000;
    this.#write(Number.isFinite(left) ? `${text}, ${Math.ceil(Math.max(0, left))} s left` : text, now);
  }

  /** What is written next starts on a line of its own. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\n');
  }

  #write(text: string, now: number): void {
    if (process.stderr.isTTY) process.stderr.write(`\r${text}   `);
    else if (now - this.#writtenAt > LINE_EVERY_MS) {
      this.#writtenAt = now;
      process.stderr.write(`${text}\n`);
    }
  }
}

const percentOf = ({ position, head }: ProjectorProgress): number =>
  Math.min(100, Math.floor(((position + 1) / Math.max(1, head + 1)) * 100));
