// One page’s stream of what happens to its account.
import type { ServerResponse } from 'node:http';
import type { RecordedEvent } from '../../event-store/index.js';
import { framesOf } from './live-events.js';

/** What a page that reads too slowly may leave unread, in bytes; beyond, it is disconnected and asks again. */
const MOST_UNREAD = 64 * 1024;

/** Written before anything else: after how many milliseconds a browser that lost the stream asks again, at least. */
const RETRY_MS = 3_000;

export class LiveStream {
  /** The revision of the last event that the page knows of. */
  #told: number;
  /** Events that came before the page was told where it stands. */
  #early: RecordedEvent[] | undefined = [];

  constructor(
    private readonly raw: ServerResponse,
    headers: Readonly<Record<string, string | string[] | number | undefined>>,
  ) {
    this.#told = -1;
    raw.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.write(`retry: ${RETRY_MS}\n\n`);
  }

  get open(): boolean {
    return !this.raw.destroyed && !this.raw.writableEnded;
  }

  /** Ends a page that does not read. */
  write(text: string): void {
    if (!this.open || text === '') return;
    this.raw.write(text);
    if (this.raw.writableLength > MOST_UNREAD) this.raw.destroy();
  }

  /** Tells what the page missed, then what came meanwhile, then everything as it comes. */
  start(revision: number, missed: string): void {
    this.#told = revision;
    this.write(missed);
    const early = this.#early ?? [];
    this.#early = undefined;
    this.tell(early);
  }

  /** The next events of the account. False when the page knew them all, or is not to be told yet. */
  tell(events: readonly RecordedEvent[]): boolean {
    if (this.#early !== undefined) {
      this.#early.push(...events);
      return false;
    }
    const news = events.filter(({ revision }) => revision > this.#told);
    this.#told = news.at(-1)?.revision ?? this.#told;
    this.write(framesOf(news));
    return news.length > 0;
  }

  get told(): number {
    return this.#told;
  }

  end(): void {
    if (this.open) this.raw.end();
  }
}
