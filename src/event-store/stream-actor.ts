import { setTimeout as delay } from 'node:timers/promises';
import { Backoff, errorText, refuse } from '../kernel/index.js';
import { appendWatched, isStored, waitForAnswerMs, type Watch } from './append-watched.js';
import type { DomainEvent } from './codec.js';
import {
  AppendRefused,
  EventStoreUnavailable,
  type NewEvent,
  NO_STREAM,
  WrongExpectedRevision,
} from './event-store.js';
import { KnownStream } from './known-stream.js';
import { type Decided, type Pending, type Plan, plan } from './plan.js';
import { APPEND_TIMEOUT_MS, type WriterSettings } from './writer-settings.js';

interface Queued<Command, Event> extends Pending<Command, Event> {
  readonly giveUpAt: number;
}

interface Waiting {
  readonly reject: (error: unknown) => void;
}

interface Refresher extends Waiting {
  /** Called while the state is the stored one. */
  readonly refreshed: () => void;
}

const MAX_BATCH = 256;
const MAX_CONFLICTS = 100;
const APPEND_DEADLINE_MS = 15_000;
const FIRST_RESEND_PAUSE_MS = 50;
const LONGEST_RESEND_PAUSE_MS = 500;
/** After this many consecutive appends the actor pauses, so that another process can read and append. */
const APPENDS_IN_A_ROW = { alone: 64, contended: 4 };
const REST_IN_APPENDS = 4;
const LONGEST_REST_MS = 100;

/** The refusal code of a command that was not tried before its caller gave up. */
export const WITHDRAWN = 'withdrawn';
const withdrawn = refuse(
  'unavailable',
  WITHDRAWN,
  'The ledger was too slow: this request was withdrawn before it was tried.',
);

/**
 * The only writer of a stream in this process. Commands queue while an append is in flight; then all waiting commands
 * are decided in order and appended in one call. One append is in flight at a time: sent before the answer, the next
 * could be stored behind as many events of another process (docs/adr/0015-one-append-at-a-time.md). A caller gets its answer, accepted or refused, when the state behind
 * that answer is durable. A decision without events, above all a refusal, is made on the newest state of the stream,
 * because no append would reveal that another process has moved it on. When an outcome is unknown, the same ids are
 * sent again at the same revision while the stream is watched for them, since the earlier append may be stored only
 * now. Commands are decided again only when other events stand in their place.
 */
export class StreamActor<State, Command extends { readonly commandId: string }, Event extends DomainEvent> {
  readonly #known: KnownStream<State, Command, Event>;
  readonly #read: Watch['read'] = (from, limit) => this.#known.read(from, limit);
  #running = false;
  #appendsInARow = 0;
  /** How long the last append took, and when it finished (of `performance.now`). */
  #appendMs = 0;
  #appendedAt = 0;
  readonly #queue: Queued<Command, Event>[] = [];
  /** Readers waiting for events that other processes appended. */
  readonly #refreshers: Refresher[] = [];

  constructor(
    private readonly stream: string,
    private readonly settings: WriterSettings<State, Command, Event>,
  ) {
    this.#known = new KnownStream(stream, settings);
  }

  get idle(): boolean {
    return !this.#running;
  }

  /** False when this process knows of no event in the stream. */
  get exists(): boolean {
    return this.#known.revision !== NO_STREAM;
  }

  /** Whether the state is in memory, so that the store need not be read. */
  get loaded(): boolean {
    return this.#known.loaded;
  }

  /** A command that was not decided by `giveUpAt` (of `performance.now`) is refused as `withdrawn`. */
  execute(command: Command, giveUpAt: number): Promise<Decided<Event>> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, giveUpAt, resolve, reject });
      this.#kick();
    });
  }

  /**
   * What `select` picks from the state as this process knows it, loaded first if necessary. While an append is in
   * flight, that state is ahead of the store.
   */
  async read<T>(select: (state: State) => T): Promise<T> {
    return this.#known.loaded ? select(this.#known.state) : this.readNewest(select);
  }

  /** The same at once, where the state is loaded. */
  known<T>(select: (state: State) => T): T | undefined {
    return this.#known.loaded ? select(this.#known.state) : undefined;
  }

  /** What `select` picks from the state as it is stored, including events that other processes appended. */
  readNewest<T>(select: (state: State) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const refreshed = (): void => {
        try {
          resolve(select(this.#known.state));
        } catch (error) {
          reject(error);
        }
      };
      this.#refreshers.push({ refreshed, reject });
      this.#kick();
    });
  }

  #kick(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#drain();
  }

  /** Never rejects: callers get the errors. Anything queued before its last line is still processed. */
  async #drain(): Promise<void> {
    await Promise.resolve(); // commands issued in the same turn share the first append
    while (this.#refreshers.length > 0 || this.#queue.length > 0) {
      const refreshers = this.#refreshers.splice(0);
      await this.#attempt(refreshers, () => this.#catchUp(refreshers));
      if (this.#queue.length > 0) await this.#makeRoom();
      const batch = this.#nextBatch();
      await this.#attempt(batch, () => this.#commit(batch));
    }
    this.#running = false;
  }

  /**
   * Another process must read our events before it can append: a writer that never pauses would lock it out. Meanwhile
   * our next batch grows.
   */
  async #makeRoom(): Promise<void> {
    const roomMs = Math.min(REST_IN_APPENDS * this.#appendMs, LONGEST_REST_MS);
    const restMs = this.#appendedAt + roomMs - performance.now();
    if (restMs > 0 && this.#appendsInARow < APPENDS_IN_A_ROW[this.#known.contended ? 'contended' : 'alone']) return;
    this.#appendsInARow = 0;
    if (restMs > 0) await delay(restMs);
  }

  #nextBatch(): Queued<Command, Event>[] {
    const now = performance.now();
    return this.#queue.splice(0, MAX_BATCH).filter(({ giveUpAt, resolve }) => {
      if (now < giveUpAt) return true;
      resolve(withdrawn);
      return false;
    });
  }

  /**
   * Runs work that callers wait for. If it fails, they get the error, and the state, which may be half-changed, is
   * loaded again.
   */
  async #attempt(waiting: readonly Waiting[], work: () => Promise<void>): Promise<void> {
    if (waiting.length === 0) return;
    try {
      await work();
    } catch (error) {
      this.#known.forget();
      for (const { reject } of waiting) reject(error);
    }
  }

  /** Commands that do not fit into one append with the others go back to the queue. */
  async #commit(batch: Queued<Command, Event>[]): Promise<void> {
    const known = this.#known;
    let newest = false;
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      if (!known.loaded) {
        await known.load();
        newest = true;
      }
      known.beforeDeciding();
      const start = { state: known.state, revision: known.revision, hash: known.hash };
      let decided: Plan<State, Event>;
      try {
        decided = plan(this.stream, this.settings.decider, start, batch);
      } catch (error) {
        if (batch.length === 1) throw error;
        return this.#oneByOne(batch);
      }
      this.#queue.unshift(...batch.splice(decided.commands));
      if (decided.records.length === 0 && !newest) {
        await known.readTail();
        newest = true;
        if (known.revision !== start.revision) continue;
      }
      try {
        if (decided.records.length > 0 && !(await this.#append(start.revision, decided.records))) {
          known.goBack();
          continue;
        }
      } catch (error) {
        if (!(error instanceof AppendRefused) || batch.length === 1) throw error;
        return this.#oneByOne(batch);
      }
      known.advance(decided.events, decided.end);
      decided.answer();
      known.snapshot();
      return;
    }
    throw new EventStoreUnavailable(`${this.stream} changed ${MAX_CONFLICTS} times while a command was decided`);
  }

  /**
   * The store refused the append permanently, or a decided event was impossible. One of the commands is the cause, and
   * the others must not fail with it.
   */
  async #oneByOne(batch: readonly Queued<Command, Event>[]): Promise<void> {
    this.#known.forget();
    for (const one of batch) await this.#attempt([one], () => this.#commit([one]));
  }

  /**
   * Appends with retries; false when the stream has moved on without these events.
   * @throws AppendRefused; EventStoreUnavailable when the outcome is still unknown after the deadline.
   */
  async #append(expected: number, records: readonly NewEvent[]): Promise<boolean> {
    const { appendDeadlineMs = APPEND_DEADLINE_MS } = this.settings;
    const started = performance.now();
    const left = () => appendDeadlineMs - (performance.now() - started);
    const backoff = new Backoff(FIRST_RESEND_PAUSE_MS, LONGEST_RESEND_PAUSE_MS);
    for (let tries = 1; ; tries++) {
      try {
        await this.#tryAppend(expected, records, { leftMs: left(), again: tries > 1 });
        this.#appended(started);
        this.settings.onAppend?.(records.length, this.#appendMs);
        return true;
      } catch (error) {
        if (error instanceof WrongExpectedRevision) {
          return tries > 1 && isStored(this.#read, { expected, events: records }); // a conflict says nothing about an earlier try
        }
        if (error instanceof AppendRefused && tries === 1) throw error; // nor does a refusal
        const pauseMs = backoff.next();
        if (left() <= pauseMs) {
          const message = `append to ${this.stream} has an unknown outcome: ${errorText(error)}`;
          throw new EventStoreUnavailable(message, { cause: error });
        }
        await delay(pauseMs);
      }
    }
  }

  #appended(started: number): void {
    this.#appendedAt = performance.now();
    this.#appendMs = this.#appendedAt - started;
    this.#appendsInARow++;
  }

  async #tryAppend(
    expected: number,
    events: readonly NewEvent[],
    { leftMs, again }: { readonly leftMs: number; readonly again: boolean },
  ): Promise<void> {
    const { store, availability, appendTimeoutMs = APPEND_TIMEOUT_MS } = this.settings;
    const askedAt = performance.now();
    try {
      const timeoutMs = Math.min(appendTimeoutMs, leftMs);
      const watch = { store, read: this.#read, timeoutMs, firstLookMs: again ? 0 : waitForAnswerMs(this.#appendMs) };
      await appendWatched(watch, { stream: this.stream, expected, events });
    } catch (error) {
      if (error instanceof WrongExpectedRevision || error instanceof AppendRefused) availability?.answered('append');
      else availability?.failed('append', askedAt, error);
      throw error;
    }
    availability?.answered('append');
  }

  async #catchUp(refreshers: readonly Refresher[]): Promise<void> {
    await (this.#known.loaded ? this.#known.readTail() : this.#known.load());
    for (const { refreshed } of refreshers) refreshed();
  }
}
