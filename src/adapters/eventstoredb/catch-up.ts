import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordedEvent } from '../../event-store/index.js';
import { Backoff, pause } from '../../kernel/index.js';
import type { ServerClient, ServerFeed } from './server-client.js';

export interface CatchUpSettings {
  readonly client: () => Promise<ServerClient>;
  /** The position of the last event. */
  readonly head: () => Promise<number>;
  /** After how long a silence a subscription is compared with the head. */
  readonly silenceMs: number;
  readonly onTrouble: (error: unknown) => void;
}

const MAX_BATCH = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Follows the log until the abort. A subscription of the server ends with its connection or when its reader is slow, or just falls silent.
 * Then another one continues from the last position that was handed on; no event is handed on twice.
 */
export async function* catchUp(
  { client, head, silenceMs, onTrouble }: CatchUpSettings,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[]> {
  let position = after;
  const backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  while (!signal.aborted) {
    let feed: Feed | undefined;
    try {
      feed = new Feed((await client()).subscribe(position), signal);
      while (!signal.aborted) {
        const batch = await feed.take(position, silenceMs);
        const last = batch.at(-1);
        if (last !== undefined) {
          position = last.position;
          backoff.reset();
          yield batch;
        } else if (!signal.aborted && (await head()) > position) {
          throw new Error(`a subscription was silent for ${silenceMs} ms, and the log went on`);
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      onTrouble(error);
      await pause(backoff.next(), signal);
    } finally {
      feed?.leave();
    }
  }
}

/** One subscription, in batches of the events that have come. */
class Feed {
  #error: unknown;
  #ended = false;
  #wake: () => void = () => undefined;
  readonly #onAbort = (): void => this.#wake();

  constructor(
    private readonly feed: ServerFeed,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', this.#onAbort);
    feed.on('readable', () => this.#wake());
    feed.on('error', (error) => this.#end(error));
    feed.on('end', () => this.#end(new Error('a subscription ended')));
    feed.on('close', () => this.#end(new Error('a subscription was closed')));
  }

  /** The next events after `position`; none after an abort, or after a silence of `silenceMs`. @throws when the subscription has ended */
  async take(position: number, silenceMs: number): Promise<readonly RecordedEvent[]> {
    const silentAt = performance.now() + silenceMs;
    while (!this.signal.aborted) {
      const batch = this.#drain(position);
      if (batch.length > 0) return batch;
      if (this.#ended) throw this.#error;
      const leftMs = silentAt - performance.now();
      if (leftMs <= 0) break;
      await this.#woken(leftMs);
      await nextTurn(); // events that came with the first one join its batch
    }
    return [];
  }

  leave(): void {
    this.signal.removeEventListener('abort', this.#onAbort);
    this.feed.leave();
  }

  #drain(position: number): RecordedEvent[] {
    const batch: RecordedEvent[] = [];
    let newest = position;
    while (batch.length < MAX_BATCH) {
      const entry = this.feed.next();
      if (entry === undefined) break;
      if (entry.event === undefined || entry.position <= newest) continue;
      newest = entry.position;
      batch.push(entry.event);
    }
    return batch;
  }

  #end(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake();
  }

  #woken(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
