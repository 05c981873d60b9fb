import { setImmediate as nextTurn } from 'node:timers/promises';
import { GENESIS } from '../kernel/index.js';
import { type DomainEvent, readEvent } from './codec.js';
import { EventStoreUnavailable, ImpossibleHistory, NO_STREAM, type RecordedEvent } from './event-store.js';
import type { Snapshot } from './snapshots.js';
import { withTimeout } from './with-timeout.js';
import { APPEND_TIMEOUT_MS, type WriterSettings } from './writer-settings.js';

const PAGE = 1_000;
const SNAPSHOT_EVERY = 1_000;
/** After a conflict the stream counts as contended for this many batches: conflicts rarely come alone. */
const CONTENDED_FOR_BATCHES = 100;

/** This process's knowledge of a stream: the state at a revision, and how to load it. */
export class KnownStream<State, Command, Event extends DomainEvent> {
  #state: State;
  #revision = NO_STREAM;
  #hash = GENESIS;
  #loaded = false;
  #snapshotRevision = NO_STREAM;
  /**
   * A second copy of the state at the same revision, kept while the stream is contended: `evolve` works in place, so
   * the copy is the only way back.
   */
  #copy: Snapshot<State> | undefined;
  #contendedFor = 0;

  constructor(
    private readonly stream: string,
    private readonly settings: WriterSettings<State, Command, Event>,
  ) {
    this.#state = settings.decider.initial();
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  /** Live: decisions advance it in place. */
  get state(): State {
    return this.#state;
  }

  /** `NO_STREAM` when this process knows of no event. */
  get revision(): number {
    return this.#revision;
  }

  /** The chain hash of the event at `revision`. */
  get hash(): string {
    return this.#hash;
  }

  /** Whether another process also writes to the stream, judging by conflicts. */
  get contended(): boolean {
    return this.#contendedFor > 0;
  }

  /** Loads the newest state, from the copy or the newest snapshot if there is one. */
  async load(): Promise<void> {
    if (!(await this.#goOnFrom(this.#copy))) await this.#loadAnew();
    this.#loaded = true;
    this.snapshot();
  }

  /** Applies events that other processes appended. */
  async readTail(): Promise<void> {
    for (;;) {
      const page = await this.read(this.#revision + 1);
      for (const event of page) this.#take(event);
      if (page.length < PAGE) return;
      // A whole history takes minutes: others have their turn, and what was read of it need not be read again.
      if (this.#revision - this.#snapshotRevision >= (this.settings.snapshots?.milestoneEvery ?? Infinity))
        this.snapshot();
      await nextTurn();
    }
  }

  /** Call before decisions advance the state: makes the copy if the stream is contended. */
  beforeDeciding(): void {
    const { copy } = this.settings;
    if (!this.contended || this.#copy !== undefined || copy === undefined) return;
    this.#copy = { state: copy(this.#state), revision: this.#revision, hash: this.#hash };
  }

  /** The decided events are stored: their state becomes the state of the stream. */
  advance(events: readonly Event[], { state, revision, hash }: Snapshot<State>): void {
    this.#state = state;
    this.#revision = revision;
    this.#hash = hash;
    if (this.contended) this.#contendedFor--;
    if (!this.contended) this.#copy = undefined;
    if (this.#copy === undefined) return;
    const { decider } = this.settings;
    const same = events.reduce((older, event) => decider.evolve(older, event), this.#copy.state);
    this.#copy = { state: same, revision, hash };
  }

  /** The decided events are not stored, because another process was first: their state is discarded. */
  goBack(): void {
    this.#loaded = false;
    this.#contendedFor = CONTENDED_FOR_BATCHES;
  }

  /** Forgets the state. */
  forget(): void {
    this.#start();
    this.#loaded = false;
    this.#copy = undefined;
  }

  /** A page of the stream. @throws EventStoreUnavailable */
  async read(from: number, limit = PAGE): Promise<readonly RecordedEvent[]> {
    const { store, availability, appendTimeoutMs = APPEND_TIMEOUT_MS } = this.settings;
    const askedAt = performance.now();
    try {
      const page = await withTimeout(store.readStream(this.stream, from, limit), appendTimeoutMs);
      availability?.answered('read');
      return page;
    } catch (error) {
      if (error instanceof EventStoreUnavailable) availability?.failed('read', askedAt, error);
      throw error;
    }
  }

  /** Saves a snapshot when it is time for one. */
  snapshot(): void {
    const { snapshots, snapshotEvery = SNAPSHOT_EVERY, onSnapshotFailure } = this.settings;
    if (snapshots === undefined) return;
    if (this.#revision - this.#snapshotRevision < snapshots.spacing(this.#state, snapshotEvery)) return;
    const previous = this.#snapshotRevision;
    this.#snapshotRevision = this.#revision;
    const snapshot = { revision: this.#revision, hash: this.#hash, state: this.#state };
    snapshots.save(this.stream, snapshot, previous).catch((error: unknown) => onSnapshotFailure?.(error));
  }

  async #loadAnew(): Promise<void> {
    this.#copy = undefined;
    if (await this.#goOnFrom(await this.#savedSnapshot())) return;
    this.#start();
    await this.readTail();
  }

  async #savedSnapshot(): Promise<Snapshot<State> | undefined> {
    const { snapshots, appendTimeoutMs = APPEND_TIMEOUT_MS } = this.settings;
    if (snapshots === undefined) return undefined;
    try {
      const snapshot = await withTimeout(snapshots.load(this.stream), appendTimeoutMs);
      this.#snapshotRevision = snapshot?.revision ?? NO_STREAM;
      return snapshot;
    } catch (error) {
      this.settings.onSnapshotFailure?.(error);
      return undefined;
    }
  }

  /**
   * Starts from a snapshot; false when there is none, or when it belongs to another history (a restored or exchanged
   * store).
   */
  async #goOnFrom(snapshot: Snapshot<State> | undefined): Promise<boolean> {
    if (snapshot === undefined) return false;
    const [its, ...later] = await this.read(snapshot.revision);
    if (its?.metadata['hash'] !== snapshot.hash) return false;
    this.#copy = undefined;
    this.#state = snapshot.state;
    this.#revision = snapshot.revision;
    this.#hash = snapshot.hash;
    for (const event of later) this.#take(event);
    if (later.length === PAGE - 1) await this.readTail();
    return true;
  }

  #take(event: RecordedEvent): void {
    const { decider, upcasters = {} } = this.settings;
    const domain = readEvent(upcasters, event) as Event;
    this.#revision = event.revision;
    this.#hash = event.metadata['hash'] as string;
    try {
      this.#state = decider.evolve(this.#state, domain);
    } catch (error) {
      throw new ImpossibleHistory(event, error);
    }
    if (this.#copy === undefined) return;
    const state = decider.evolve(this.#copy.state, domain);
    this.#copy = { state, revision: this.#revision, hash: this.#hash };
  }

  #start(): void {
    this.#state = this.settings.decider.initial();
    this.#revision = this.#snapshotRevision = NO_STREAM;
    this.#hash = GENESIS;
  }
}
