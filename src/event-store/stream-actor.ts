import { setTimeout as delay } from 'node:timers/promises';
import { Backoff, refuse } from '../kernel/index.js';
import { appendWatched, isStored } from './append-watched.js';
import type { DomainEvent } from './codec.js';
import {
  AppendRefused,
  EventStoreUnavailable,
  type NewEvent,
  NO_STREAM,
  WrongExpectedRevision,
} from './event-store.js';
import { KnownStream } from './known-stream.js';
import { type Outcome, type Pending, plan } from './plan.js';
import { APPEND_TIMEOUT_MS, type WriterSettings } from './writer-settings.js';

interface Queued<Command, Event> extends Pending<Command, Event> {
  readonly giveUpAt: number;
}

interface Waiting {
  readonly reject: (error: unknown) => void;
}

interface Refresher extends Waiting {
  readonly resolve: () => void;
}

const MAX_BATCH = 256;
const MAX_CONFLICTS = 100;
const APPEND_DEADLINE_MS = 15_000;
const FIRST_RESEND_PAUSE_MS = 50;
const LONGEST_RESEND_PAUSE_MS = 500;
/** After so many appends in a row there is a rest, in which another process can read and append. */
const APPENDS_IN_A_ROW = { alone: 64, contended: 4 };
const REST_IN_APPENDS = 4;
const LONGEST_REST_MS = 100;

/** The code of the refusal of a command that was not even tried before its caller gave up. */
export const WITHDRAWN = 'withdrawn';
const withdrawn = refuse('unavailable', WITHDRAWN, 'The ledger was too slow: this was given up before it was tried.');

/**
 * The one writer of a stream in this process. Commands queue while an append is in flight; then all that wait are decided one after
 * another on the state and appended in one call. A caller gets its answer, accepted or refused, when what it rests on is durable.
 *
 * What comes to no event, a refusal above all, is decided on the newest state of the stream: no append would tell that another process
 * has moved it on.
 *
 * Unknown outcome: the same ids are sent again at the same revision, while the stream is looked at for them, as what was sent before may
 * be stored only now; only when others stand in their place are the commands decided again.
 */
export class StreamActor<State, Command extends { readonly commandId: string }, Event extends DomainEvent> {
  readonly #known: KnownStream<State, Command, Event>;
  #running = false;
  #appendsInARow = 0;
  /** How long the last append took, and when it was done (of `performance.now`). */
  #appendMs = 0;
  #appendedAt = 0;
  readonly #queue: Queued<Command, Event>[] = [];
  /** Readers that want what other processes appended. */
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

  /** False when the stream has no event as far as this process knows. */
  get exists(): boolean {
    return this.#known.revision !== NO_STREAM;
  }

  /** Whether the state is at hand, without asking the store. */
  get loaded(): boolean {
    return this.#known.loaded;
  }

  /** A command that was not decided by `giveUpAt` (of `performance.now`) is refused as `withdrawn`. */
  execute(command: Command, giveUpAt: number): Promise<Outcome<Event>> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, giveUpAt, resolve, reject });
      this.#kick();
    });
  }

  /** The state as this process knows it, loaded if need be. It is live: read from it at once and keep nothing. */
  async read(): Promise<State> {
    while (!this.#known.loaded) await this.refresh();
    return this.#known.state;
  }

  /** Takes in what other processes appended. */
  refresh(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#refreshers.push({ resolve, reject });
      this.#kick();
    });
  }

  #kick(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#drain();
  }

  /** Never rejects: whoever waits is told. Whatever is queued before its last line is still worked on. */
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
   * Another process must read what was appended here before it can append itself: one that never rests would keep it out for good.
   * Meanwhile the next batch grows.
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

  /** Does work that some wait for; when it fails they are told, and the state, which may be halfway, is read anew. */
  async #attempt(waiting: readonly Waiting[], work: () => Promise<void>): Promise<void> {
    if (waiting.length === 0) return;
    try {
      await work();
    } catch (error) {
      this.#known.forget();
      for (const { reject } of waiting) reject(error);
    }
  }

  /** What does not go into one append with the others goes back to the queue. */
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
      const decided = plan(this.stream, this.settings.decider, start, batch);
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
    throw new EventStoreUnavailable(`${this.stream} changed ${MAX_CONFLICTS} times while a command was being decided`);
  }

  /** The store refused the append for good: one of the commands may be why, and the others are not to suffer for it. */
  async #oneByOne(batch: readonly Queued<Command, Event>[]): Promise<void> {
    this.#known.forget();
    for (const one of batch) await this.#attempt([one], () => this.#commit([one]));
  }

  /**
   * Appends, as often as it takes; false when the stream has moved on without these events.
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
          const read = this.#known.read.bind(this.#known);
          return tries > 1 && isStored(read, { expected, events: records }); // a conflict says nothing about an earlier try
        }
        if (error instanceof AppendRefused && tries === 1) throw error; // nor does a refusal
        const pauseMs = backoff.next();
        if (left() <= pauseMs) {
          const reason = error instanceof Error ? error.message : String(error);
          const message = `append to ${this.stream} has an unknown outcome: ${reason}`;
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
      const read = this.#known.read.bind(this.#known);
      const timeoutMs = Math.min(appendTimeoutMs, leftMs);
      const watch = { store, read, timeoutMs, ...(again && { firstLookMs: 0 }) };
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
    for (const { resolve } of refreshers) resolve();
  }
}
