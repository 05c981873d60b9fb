import type { JsonObject } from '../kernel/index.js';
import { NO_STREAM } from './event-store.js';
import type { ReadModelStore, Row, ViewDefinition } from './read-model-store.js';

/** How a state is stored as JSON. A change of shape takes a new view name; old rows are then never read again. */
export interface SnapshotFormat<State> {
  readonly view: ViewDefinition;
  freeze(state: State): JsonObject;
  thaw(frozen: JsonObject): State;
  /** The number of entries in the state: a measure of what a snapshot costs. */
  entries(state: State): number;
}

export interface Snapshot<State> {
  readonly revision: number;
  /** The chain hash of the event at `revision`. */
  readonly hash: string;
  readonly state: State;
}

/** Loading waits no longer than this, because a stream can be read without its snapshot. */
const LOADED_WITHIN_MS = 250;
/** Every so many events, a snapshot is kept beside the newest: a milestone, from which the past is read. */
const MILESTONE_EVERY = 10_000;
/** A state that has more entries by so many has one milestone fewer: they take at most one hundredth of what the events take. */
const ENTRIES_A_MILESTONE = 4_000;
/** Milestones that are looked for at a time, going back: the first is nearly always there. */
const LOOKED_FOR = 4;

const milestoneId = (stream: string, nth: number): string => `${stream}@${nth}`;

/** Snapshots are disposable rows outside the stream: losing them costs time, never data. */
export class Snapshots<State> {
  constructor(
    private readonly store: ReadModelStore,
    private readonly format: SnapshotFormat<State>,
    /** Events from one milestone to the next. */
    readonly milestoneEvery = MILESTONE_EVERY,
  ) {}

  /**
   * The fewest events between two snapshots of this state, so that a busy stream's large state is not serialised over
   * and over.
   */
  spacing(state: State, atLeast: number): number {
    return Math.max(atLeast, this.format.entries(state));
  }

  async load(stream: string): Promise<Snapshot<State> | undefined> {
    const row = (await this.store.load(this.format.view, [stream], { withinMs: LOADED_WITHIN_MS })).get(stream);
    return row && this.#read(row);
  }

  /** The newest one that is kept of the events before `revision`. */
  async before(stream: string, revision: number): Promise<Snapshot<State> | undefined> {
    const ids = Array.from({ length: this.#milestonesTo(revision - 1) }, (_, index) => milestoneId(stream, index + 1));
    ids.push(stream);
    while (ids.length > 0) {
      const rows = [...(await this.store.load(this.format.view, ids.splice(-LOOKED_FOR))).values()];
      const [newest] = rows.filter(({ position }) => position < revision).toSorted((a, b) => b.position - a.position);
      if (newest !== undefined) return this.#read(newest);
    }
    return undefined;
  }

  /**
   * Serialises at once, so that the caller may go on changing the state; resolves when written. The first one past a milestone after the
   * snapshot of revision `previous` is also kept as that.
   */
  async save(stream: string, snapshot: Snapshot<State>, previous = NO_STREAM): Promise<void> {
    const newest = this.#row(stream, snapshot);
    const milestone = this.#milestone(stream, snapshot, previous);
    const rows = milestone === undefined ? [newest] : [newest, { ...newest, id: milestone }];
    await this.store.apply(this.format.view, { rows });
  }

  /** Keeps a snapshot as a milestone alone, if it is past one after revision `previous`. Serialises at once. */
  async keep(stream: string, snapshot: Snapshot<State>, previous: number): Promise<void> {
    const id = this.#milestone(stream, snapshot, previous);
    if (id !== undefined) await this.store.apply(this.format.view, { rows: [this.#row(id, snapshot)] });
  }

  /** The row of the milestone that lies between `previous` and a snapshot; undefined where there is none. */
  #milestone(stream: string, { revision, state }: Snapshot<State>, previous: number): string | undefined {
    const nth = this.#milestonesTo(revision);
    const isKept = nth % (1 + Math.floor(this.format.entries(state) / ENTRIES_A_MILESTONE)) === 0;
    return isKept && nth > this.#milestonesTo(previous) ? milestoneId(stream, nth) : undefined;
  }

  /** How many milestones come at or before a revision. */
  #milestonesTo(revision: number): number {
    return Math.floor((revision + 1) / this.milestoneEvery);
  }

  #row(id: string, { revision, hash, state }: Snapshot<State>): Row {
    return { id, position: revision, doc: { hash, state: this.format.freeze(state) } };
  }

  #read({ position, doc }: Row): Snapshot<State> {
    const { hash, state } = doc as { hash: string; state: JsonObject };
    return { revision: position, hash, state: this.format.thaw(state) };
  }
}
