import {
  AppendRefused,
  type Ask,
  EventStore,
  EventStoreUnavailable,
  type NewEvent,
  type RecordedEvent,
  START,
  toAppend,
  UnreadableEvent,
  withTimeout,
  WrongExpectedRevision,
} from '../../event-store/index.js';
import { catchUp } from './catch-up.js';
import { Connection } from './connection.js';
import { checkConnectionString } from './connection-string.js';
import type { ServerClient } from './server-client.js';

export interface EventStoreDbOptions {
  /** How long the server may keep silent on an append or a read, in milliseconds. Shorter than what the stream writer waits for a try. */
  readonly deadlineMs?: number;
  /** After so many milliseconds without an event a subscription is compared with the head. */
  readonly silenceMs?: number;
  /** Told of what the adapter mended without anyone being told: subscriptions that ended, clients that broke. For the log. */
  readonly onTrouble?: (error: unknown) => void;
}

const DEADLINE_MS = 4_000;
/** A server that says itself that an append's deadline is over is there, and so is the client that hears it. */
const LAST_WORD_MS = 200;
const SILENCE_MS = 5_000;
/** The log is read in pages of at least so many entries, as some of them are the server's own. */
const MIN_PAGE = 32;
const BACKWARD_PAGE = 1_000;
/** What is wrong with a question, or with what was stored, and not with the server or its client. */
const ANSWERS = [WrongExpectedRevision, AppendRefused, UnreadableEvent];

/** The events in an EventStoreDB (KurrentDB) 22.6 or later, one node or a cluster. */
export class EventStoreDbEventStore extends EventStore {
  readonly #connection: Connection;
  readonly #closing = new AbortController();
  readonly #deadlineMs: number;
  readonly #silenceMs: number;
  readonly #onTrouble: (error: unknown) => void;

  private constructor(url: string, options: EventStoreDbOptions) {
    super();
    const { deadlineMs = DEADLINE_MS, silenceMs = SILENCE_MS, onTrouble = () => undefined } = options;
    this.#deadlineMs = deadlineMs;
    this.#silenceMs = silenceMs;
    this.#onTrouble = onTrouble;
    this.#connection = new Connection({ url, deadlineMs, onTrouble });
  }

  /**
   * Takes the usual connection string: `esdb://user:password@host:2113?tls=true`, several hosts, or `esdb+discover://`. Waits for no server:
   * `head` tells whether there is one.
   * @throws Error when the connection string is none.
   */
  static async open(url: string, options: EventStoreDbOptions = {}): Promise<EventStoreDbEventStore> {
    checkConnectionString(url);
    const store = new EventStoreDbEventStore(url, options);
    await store.#connection.client();
    return store;
  }

  override async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    toAppend(stream, expected, events);
    const what = `the outcome of an append to ${stream} is unknown`;
    const limitMs = this.#deadlineMs + LAST_WORD_MS;
    await this.#ask('append', what, (client) => withTimeout(client.append(stream, expected, events), limitMs));
  }

  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    return this.#ask('read', `${stream} can't be read`, (client) => client.readStream(stream, from, limit));
  }

  override async readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    return this.#ask('read', "the log can't be read", async (client) => {
      const found: RecordedEvent[] = [];
      for (let from = after; found.length < limit;) {
        const count = Math.max(MIN_PAGE, limit - found.length + 1); // the server counts the event at `from`, too
        const page = await client.readForwards(from, count);
        for (const { position, event } of page) if (event !== undefined && position > from) found.push(event);
        const last = page.at(-1);
        if (last === undefined || page.length < count) break;
        from = last.position;
      }
      return found.slice(0, limit);
    });
  }

  override subscribe(after: number, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    const settings = {
      client: () => this.#connection.client(),
      head: () => this.head(),
      silenceMs: this.#silenceMs,
      onTrouble: this.#onTrouble,
    };
    return catchUp(settings, after, AbortSignal.any([signal, this.#closing.signal]));
  }

  /** Rejects within the deadline when the server can't be reached. */
  override async head(): Promise<number> {
    return (await this.#newest())?.position ?? START;
  }

  /**
   * Appends the newest event once more, which changes nothing. So a leader is there, its storage writer is at work, and it takes our appends:
   * the writer finds that the event is there only when its turn comes. Not that the disk has room: but a server that can't write ends itself
   * (EventStore.Core/Services/Storage/StorageWriterService.cs of EventStore/EventStore: "Terminating the process"), and answers nothing then.
   */
  override async probe(): Promise<void> {
    const newest = await this.#newest();
    if (newest === undefined) return;
    const { stream, revision, id, type, data, metadata } = newest;
    await this.append(stream, revision - 1, [{ id, type, data, metadata }]);
  }

  override async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection.close();
  }

  /** The last event; undefined when there is none. */
  #newest(): Promise<RecordedEvent | undefined> {
    return this.#ask('read', "the event store can't be reached", async (client) => {
      let count = MIN_PAGE;
      for (let from: number | undefined; ; count = BACKWARD_PAGE) {
        const page = await client.readBackwards(from, count);
        const newest = page.find(({ event }) => event !== undefined);
        if (newest !== undefined || page.length < count) return newest?.event;
        from = page.at(-1)?.position;
      }
    });
  }

  /**
   * Asks the server for something that may fail in ways of which the client does not recover. A read that was cut off because another ask
   * found the client broken is asked once more.
   */
  async #ask<T>(ask: Ask, failure: string, work: (client: ServerClient) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const client = await this.#connection.client();
      const started = performance.now();
      try {
        return await work(client);
      } catch (error) {
        if (ANSWERS.some((Answer) => error instanceof Answer)) throw error;
        if (ask === 'read' && client.closed && tries === 1) continue;
        if (client.isBrokenBy(error, started, ask) && this.#connection.retire(client)) this.#onTrouble(error);
        throw new EventStoreUnavailable(`${failure}: ${reasonOf(error)}`, { cause: error });
      }
    }
  }
}

/** Some of the client's errors have no message, only a type such as `deadline-exceeded`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as { type?: unknown }).type ?? error.name);
}
