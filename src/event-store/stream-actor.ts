import { setTimeout as delay } from 'node:timers/promises';
import { chainHash, eventId, GENESIS, Rejection } from '../kernel/index.js';
import { type DomainEvent, upcast } from './codec.js';
import {
  EventStoreUnavailable,
  type NewEvent,
  NO_STREAM,
  type RecordedEvent,
  WrongExpectedRevision,
} from './event-store.js';
import type { Snapshot } from './snapshots.js';
import { withTimeout } from './with-timeout.js';
import type { WriterSettings } from './writer-settings.js';

type Outcome<Event> = readonly Event[] | Rejection;

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

interface Pending<Command, Event> extends Waiting<Outcome<Event>> {
  readonly command: Command;
}

/** What a batch of commands comes to: the records to append, and what to answer once they are durable. */
interface Plan {
  readonly records: NewEvent[];
  readonly answers: (() => void)[];
  readonly revision: number;
  readonly hash: string;
}

const MAX_BATCH = 256;
const MAX_CONFLICTS = 100;
const PAGE = 1_000;
const SNAPSHOT_EVERY = 1_000;
const APPEND_TIMEOUT_MS = 5_000;
const APPEND_DEADLINE_MS = 15_000;
const RESEND_PAUSE_MS = 50;

/**
 * The one writer of a stream in this process. Commands queue while an append is in flight; then all that wait are decided one after
 * another on the state and appended in one call. A caller gets its answer, accepted or refused, when what it rests on is durable.
 *
 * What comes to no event, a refusal above all, is decided on the newest state of the stream: no append would tell that another process
 * has moved it on.
 *
 * Unknown outcome: the same ids are sent again at the same revision first; only a conflict leads to reading the stream and looking
 * for them; only if they are not there are the commands decided again.
 */
export class StreamActor<State, Command extends { readonly commandId: string }, Event extends DomainEvent> {
  #state: State;
  #revision = NO_STREAM;
  #hash = GENESIS;
  #snapshotRevision = NO_STREAM;
  #loaded = false;
  #running = false;
  #queue: Pending<Command, Event>[] = [];
  /** Readers that want what other processes appended. */
  #refreshers: Waiting<void>[] = [];

  constructor(
    private readonly stream: string,
    private readonly settings: WriterSettings<State, Command, Event>,
  ) {
    this.#state = settings.decider.initial();
  }

  get idle(): boolean {
    return !this.#running;
  }

  /** False when the stream has no event as far as this process knows. */
  get exists(): boolean {
    return this.#revision !== NO_STREAM;
  }

  execute(command: Command): Promise<Outcome<Event>> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ command, resolve, reject });
      this.#kick();
    });
  }

  /** The state as this process knows it, loaded if need be. It is live: read from it at once and keep nothing. */
  async read(): Promise<State> {
    while (!this.#loaded) await this.refresh();
    return this.#state;
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
      const batch = this.#queue.splice(0, MAX_BATCH);
      await this.#attempt(batch, () => this.#commit(batch));
    }
    this.#running = false;
  }

  /** Does work that some wait for; when it fails they are told, and the state, which may be halfway, is read anew. */
  async #attempt(waiting: readonly Waiting<never>[], work: () => Promise<void>): Promise<void> {
    if (waiting.length === 0) return;
    try {
      await work();
    } catch (error) {
      this.#forget();
      for (const { reject } of waiting) reject(error);
    }
  }

  async #commit(batch: readonly Pending<Command, Event>[]): Promise<void> {
    let newest = false;
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
      if (!this.#loaded) {
        await this.#load();
        newest = true;
      }
      const expected = this.#revision;
      const plan = this.#decide(batch);
      if (plan.records.length === 0 && !newest) {
        await this.#readTail();
        newest = true;
        if (this.#revision !== expected) continue;
      }
      try {
        if (plan.records.length > 0) await this.#append(expected, plan.records);
      } catch (error) {
        if (!(error instanceof WrongExpectedRevision)) throw error;
        this.#forget();
        if (!(await this.#stored(expected + 1, plan.records))) continue;
        for (const answer of plan.answers) answer();
        return;
      }
      this.#revision = plan.revision;
      this.#hash = plan.hash;
      for (const answer of plan.answers) answer();
      this.#snapshot();
      return;
    }
    throw new EventStoreUnavailable(`${this.stream} changed ${MAX_CONFLICTS} times while a command was being decided`);
  }

  #decide(batch: readonly Pending<Command, Event>[]): Plan {
    const { decider } = this.settings;
    const records: NewEvent[] = [];
    const answers: (() => void)[] = [];
    let revision = this.#revision;
    let hash = this.#hash;
    for (const { command, resolve, reject } of batch) {
      let outcome: Outcome<Event>;
      let chained: readonly NewEvent[] = [];
      try {
        outcome = decider.decide(command, this.#state);
        if (!(outcome instanceof Rejection)) chained = this.#chain(command, outcome, revision, hash);
      } catch (error) {
        answers.push(() => reject(error));
        continue;
      }
      answers.push(() => resolve(outcome));
      if (outcome instanceof Rejection) continue;
      for (const event of outcome) this.#state = decider.evolve(this.#state, event);
      records.push(...chained);
      revision += chained.length;
      hash = (chained.at(-1)?.metadata['hash'] as string | undefined) ?? hash;
    }
    return { records, answers, revision, hash };
  }

  /** A command's events as they go into the stream after `revision`. Throws on data that has no canonical JSON. */
  #chain(command: Command, events: readonly Event[], revision: number, hash: string): NewEvent[] {
    let previous = hash;
    return events.map(({ type, data }, index) => {
      const id = eventId(this.stream, command.commandId, index);
      previous = chainHash(previous, { stream: this.stream, revision: revision + 1 + index, type, id, data });
      return { id, type, data, metadata: { hash: previous } };
    });
  }

  async #append(expected: number, records: readonly NewEvent[]): Promise<void> {
    const { store, appendTimeoutMs = APPEND_TIMEOUT_MS, appendDeadlineMs = APPEND_DEADLINE_MS } = this.settings;
    const started = performance.now();
    const left = () => appendDeadlineMs - (performance.now() - started);
    for (;;) {
      try {
        await withTimeout(store.append(this.stream, expected, records), Math.max(0, Math.min(appendTimeoutMs, left())));
        this.settings.onAppend?.(records.length, performance.now() - started);
        return;
      } catch (error) {
        if (error instanceof WrongExpectedRevision) throw error;
        if (left() <= RESEND_PAUSE_MS) {
          const reason = error instanceof Error ? error.message : String(error);
          const message = `append to ${this.stream} has an unknown outcome: ${reason}`;
          throw new EventStoreUnavailable(message, { cause: error });
        }
        await delay(RESEND_PAUSE_MS);
      }
    }
  }

  /**
   * Whether these very events stand in the stream from `revision` on; by the exact revision they can stand nowhere else. The last one's
   * hash tells, as it covers all before it. An id does not: another process may have executed one of the same commands.
   */
  async #stored(revision: number, records: readonly NewEvent[]): Promise<boolean> {
    const [last] = await this.#read(revision + records.length - 1, 1);
    return last !== undefined && last.metadata['hash'] === records.at(-1)?.metadata['hash'];
  }

  async #load(): Promise<void> {
    const snapshot = await this.#usableSnapshot();
    if (snapshot !== undefined) {
      this.#state = snapshot.state;
      this.#revision = this.#snapshotRevision = snapshot.revision;
      this.#hash = snapshot.hash;
    }
    await this.#readTail();
    this.#loaded = true;
    this.#snapshot();
  }

  /** The newest snapshot, unless it can't be read, or is of another history (a store that was restored or exchanged). */
  async #usableSnapshot(): Promise<Snapshot<State> | undefined> {
    const { snapshots, appendTimeoutMs = APPEND_TIMEOUT_MS } = this.settings;
    if (snapshots === undefined) return undefined;
    try {
      const snapshot = await withTimeout(snapshots.load(this.stream), appendTimeoutMs);
      if (snapshot === undefined) return undefined;
      const [event] = await this.#read(snapshot.revision, 1);
      return event?.metadata['hash'] === snapshot.hash ? snapshot : undefined;
    } catch (error) {
      this.settings.onSnapshotFailure?.(error);
      return undefined;
    }
  }

  async #catchUp(refreshers: readonly Waiting<void>[]): Promise<void> {
    await (this.#loaded ? this.#readTail() : this.#load());
    for (const { resolve } of refreshers) resolve();
  }

  async #readTail(): Promise<void> {
    for (;;) {
      const page = await this.#read(this.#revision + 1);
      for (const event of page) this.#take(event);
      if (page.length < PAGE) return;
    }
  }

  #read(from: number, limit = PAGE): Promise<readonly RecordedEvent[]> {
    const { store, appendTimeoutMs = APPEND_TIMEOUT_MS } = this.settings;
    return withTimeout(store.readStream(this.stream, from, limit), appendTimeoutMs);
  }

  #take(event: RecordedEvent): void {
    const data = upcast(this.settings.upcasters ?? {}, event);
    this.#state = this.settings.decider.evolve(this.#state, { type: event.type, data } as Event);
    this.#revision = event.revision;
    this.#hash = event.metadata['hash'] as string;
  }

  #forget(): void {
    this.#state = this.settings.decider.initial();
    this.#revision = this.#snapshotRevision = NO_STREAM;
    this.#hash = GENESIS;
    this.#loaded = false;
  }

  #snapshot(): void {
    const { snapshots, snapshotEvery = SNAPSHOT_EVERY, onSnapshotFailure } = this.settings;
    if (snapshots === undefined) return;
    if (this.#revision - this.#snapshotRevision < snapshots.spacing(this.#state, snapshotEvery)) return;
    this.#snapshotRevision = this.#revision;
    const snapshot = { revision: this.#revision, hash: this.#hash, state: this.#state };
    snapshots.save(this.stream, snapshot).catch((error: unknown) => onSnapshotFailure?.(error));
  }
}
