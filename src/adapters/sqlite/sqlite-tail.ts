import type { RecordedEvent } from '../../event-store/index.js';

const PAGE_SIZE = 500;

/**
 * What a subscriber has still to take. Events that this process commits are handed to it as they are. It reads the file when others
 * may lie between: positions in a file follow each other without a gap.
 */
export class SqliteTail {
  /** Committed by this process, the first right after `#position`. */
  #handed: RecordedEvent[] = [];
  /** Whether the file may have events after `#position` that were not handed over. */
  #behind = true;
  #wake: (() => void) | undefined;
  #position: number;

  constructor(
    after: number,
    private readonly read: (after: number, limit: number) => readonly RecordedEvent[],
  ) {
    this.#position = after;
  }

  /** The next events; empty when there are none yet. */
  take(): readonly RecordedEvent[] {
    const page = this.#behind ? this.read(this.#position, PAGE_SIZE) : this.#handed;
    this.#behind &&= page.length === PAGE_SIZE;
    this.#handed = [];
    this.#position = page.at(-1)?.position ?? this.#position;
    return page;
  }

  /** Hands over events of one append, which is committed. */
  hand(events: readonly RecordedEvent[]): void {
    const [first, last] = [events[0]?.position ?? 0, events.at(-1)?.position ?? 0];
    if (this.#behind || last <= this.#end) return;
    if (first === this.#end + 1 && this.#handed.length < PAGE_SIZE) this.#handed.push(...events);
    else this.#fallBehind();
    this.wake();
  }

  /** Another process may have committed: `head` is the last position of the file. */
  compare(head: number): void {
    if (this.#behind || head <= this.#end) return;
    this.#fallBehind();
    this.wake();
  }

  /** Resolves when there may be something to take, or at `wake`. Call it in the same turn as a `take` that was empty. */
  news(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  readonly wake = (): void => {
    this.#wake?.();
    this.#wake = undefined;
  };

  get #end(): number {
    return this.#position + this.#handed.length;
  }

  #fallBehind(): void {
    this.#behind = true;
    this.#handed = [];
  }
}
