import type { JsonObject } from '../kernel/index.js';

/** One row of a view: what a projection made of the events up to `position`. Money in `doc` is a decimal string. */
export interface Row<Doc extends JsonObject = JsonObject> {
  readonly id: string;
  /** The position of the last event in it. An older or equal one never overwrites it. */
  readonly position: number;
  readonly doc: Doc;
}

/** A view: the rows of one version of one projection. `indexes` lists the top-level fields of `doc` that queries filter or sort by. */
export interface ViewDefinition {
  /** Kebab-case with the version at the end, such as `balances-1`. */
  readonly name: string;
  readonly indexes: readonly (readonly string[])[];
}

export interface Query {
  /** Fields of `doc` that must be equal. */
  readonly where?: Readonly<Record<string, string | number | boolean>>;
  /** Fields of `doc` that must be below the value, compared as the strings or numbers they are. */
  readonly below?: Readonly<Record<string, string | number>>;
  /** Sorted by this field of `doc`, by id where it is equal; by id alone without it. */
  readonly orderBy?: string;
  /** Turns the whole order round, ids included. A missing field sorts before every value, so last here. */
  readonly descending?: boolean;
  /** Rows at most; 100 without it. */
  readonly limit?: number;
  /** Continues after this row, which an earlier page of the same query ended with. */
  readonly after?: Row;
}

export interface Batch {
  readonly rows: readonly Row[];
  /** Moves the view's checkpoint along with the rows, if it still stands at `from`. */
  readonly checkpoint?: { readonly from: number; readonly to: number };
}

export interface LoadOptions {
  /**
   * For what a customer's call waits for: it is given up after so many milliseconds, and refused at once while the store is known not to
   * answer. Without it a store on a server has patience. One in files has no need of either.
   */
  readonly withinMs?: number;
}

/** The store can't be reached or did not answer in time: whether rows were written is unknown. It may work later, with nothing done. */
export class ReadModelsUnavailable extends Error {
  override readonly name = 'ReadModelsUnavailable';
}

/** Where the checkpoints of two views stand. */
export interface Standing {
  readonly live: number;
  readonly rebuilt: number;
}

/**
 * Disposable rows made from events: read models and snapshots. The contract is executable: test/contract/read-model-store.contract.ts.
 *
 * - Guarded: a row is written only where the stored one has a lower position, so redelivery and rebuild change nothing.
 * - A batch with a checkpoint is applied whole, or not at all when another projector has moved the checkpoint.
 * - A view that no one has written to is empty, at checkpoint `START`.
 * - What a server does not answer is rejected with `ReadModelsUnavailable`.
 */
export abstract class ReadModelStore {
  /** The position up to which the view has seen all events; `START` when new. */
  abstract checkpoint(view: ViewDefinition): Promise<number>;

  /** The rows of these ids that exist. */
  abstract load(view: ViewDefinition, ids: readonly string[], options?: LoadOptions): Promise<ReadonlyMap<string, Row>>;

  /** Writes rows, guarded by position; false when the checkpoint was not at `from`, and then nothing is written. */
  abstract apply(view: ViewDefinition, batch: Batch): Promise<boolean>;

  abstract find(view: ViewDefinition, query: Query): Promise<readonly Row[]>;

  /**
   * Puts `rebuilt` with its checkpoint in the place of `live`, in one step; `rebuilt` is empty afterwards. A missing `rebuilt` empties `live`.
   * Given `at`, only while the checkpoints of both stand there: otherwise nothing changes, and it says false.
   */
  abstract replace(live: ViewDefinition, rebuilt: ViewDefinition, at?: Standing): Promise<boolean>;

  abstract close(): Promise<void>;
}
