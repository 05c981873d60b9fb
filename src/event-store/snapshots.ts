import type { JsonObject } from '../kernel/index.js';
import type { ReadModelStore, ViewDefinition } from './read-model-store.js';

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

/** Snapshots are disposable rows outside the stream: losing them costs time, never data. */
export class Snapshots<State> {
  constructor(
    private readonly store: ReadModelStore,
    private readonly format: SnapshotFormat<State>,
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
    if (row === undefined) return undefined;
    const { hash, state } = row.doc as { hash: string; state: JsonObject };
    return { revision: row.position, hash, state: this.format.thaw(state) };
  }

  /** Serialises at once, so that the caller may go on changing the state; resolves when written. */
  async save(stream: string, { revision, hash, state }: Snapshot<State>): Promise<void> {
    const doc = { hash, state: this.format.freeze(state) };
    await this.store.apply(this.format.view, { rows: [{ id: stream, position: revision, doc }] });
  }
}
