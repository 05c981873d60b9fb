import type { JsonObject } from '../kernel/index.js';

/** One row of a view, made from the events up to `position`. Money in `doc` is a decimal string. */
export interface Row<Doc extends JsonObject = JsonObject> {
  readonly id: string;
  /** The position of the last event applied. A write with an older or equal position has no effect. */
  readonly position: number;
  readonly doc: Doc;
}

/** A view: the rows of one version of one projection. `indexes` lists the top-level fields of `doc` that queries filter or sort by. */
export interface ViewDefinition {
  /** Kebab-case with the version at the end, such as `balances-1`. */
  readonly name: string;
  readonly indexes: readonly (readonly string[])[];
  /** Its rows are believed without the events they were made from. So they are authenticated as events are, where the ledger has a key. */
  readonly believed?: true;
}

export interface Query {
  /** Fields of `doc` that must be equal. */
  readonly where?: Readonly<Record<string, string | number | boolean>>;
  /** Fields of `doc` that must be below the value, compared as strings or numbers. */
  readonly below?: Readonly<Record<string, string | number>>;
  /** Sorts by this field of `doc`, then by id; without it, by id alone. */
  readonly orderBy?: string;
  /** Reverses the whole order, ids included. A missing field sorts before every value, so here it comes last. */
  readonly descending?: boolean;
  /** The most rows to return; 100 by default. */
  readonly limit?: number;
  /** Continues after this row, the last one of an earlier page of the same query. */
  readonly after?: Row;
}

/** The newest event that a view may have seen: it ties the view to the log it was made from. */
export interface Mark {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  /** Of the event; covers it and all events before it in its stream. */
  readonly hash: string | null;
}

/** A step of a view's checkpoint from one position to another. */
export interface CheckpointStep {
  readonly from: number;
  readonly to: number;
  /** The event at `to`. */
  readonly mark?: Mark;
}

export interface Batch {
  readonly rows: readonly Row[];
  /** Moves the view's checkpoint along with the rows, if it still stands at `from`. */
  readonly checkpoint?: CheckpointStep;
}

export interface LoadOptions {
  /**
   * For reads that a customer's call waits for: gives up after this many milliseconds, and fails at once while the
   * store is known not to answer. Without it, a store on a server waits longer. A store in files needs neither.
   */
  readonly withinMs?: number;
}

/**
 * The store can't be reached or did not answer in time: whether rows were written is unknown. Trying again later may
 * work.
 */
export class ReadModelsUnavailable extends Error {
  override readonly name = 'ReadModelsUnavailable';
}

/** The checkpoints of two views. */
export interface Standing {
  readonly live: number;
  readonly rebuilt: number;
}

/**
 * Disposable rows made from events: read models and snapshots. The contract is executable:
 * test/contract/read-model-store.contract.ts.
 * - Guarded: a row is written only where the stored one has a lower position, so redelivery and rebuild change nothing.
 * - A batch with a checkpoint is applied whole, or not at all when another projector has moved the checkpoint.
 * - A view that no one has written to is empty, at checkpoint `START`, without a mark.
 * - A mark is never behind the rows: it is there before they are, or with them. It goes where the checkpoint goes.
 * - When a server does not answer, the call rejects with `ReadModelsUnavailable`.
 */
export abstract class ReadModelStore {
  /** The position up to which the view has seen all events; `START` when new. */
  abstract checkpoint(view: ViewDefinition): Promise<number>;

  /** The mark of the newest step of its checkpoint; of a newer one where its rows may be ahead of the checkpoint. */
  abstract mark(view: ViewDefinition): Promise<Mark | undefined>;

  /** The rows with these ids that exist. */
  abstract load(view: ViewDefinition, ids: readonly string[], options?: LoadOptions): Promise<ReadonlyMap<string, Row>>;

  /** Writes rows, guarded by position; false when the checkpoint was not at `from`, and then nothing is written. */
  abstract apply(view: ViewDefinition, batch: Batch): Promise<boolean>;

  abstract find(view: ViewDefinition, query: Query): Promise<readonly Row[]>;

  /**
   * Replaces `live` with `rebuilt` and its checkpoint in one step; `rebuilt` is empty afterwards. If `rebuilt` does not
   * exist, `live` is emptied. With `at`, it does so only while both checkpoints stand there; otherwise nothing changes
   * and it returns false.
   */
  abstract replace(live: ViewDefinition, rebuilt: ViewDefinition, at?: Standing): Promise<boolean>;

  abstract close(): Promise<void>;
}
