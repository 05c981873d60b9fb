import type { JsonObject } from '../../kernel/index.js';

/** A kind of document, such as `users-1`. Field names are those of top-level fields of the document. */
export interface Collection<Doc extends JsonObject = JsonObject> {
  /** Kebab-case with the version at the end. */
  readonly name: string;
  /** Fields whose value no two documents may share; a document may lack one. */
  readonly unique: readonly (keyof Doc & string)[];
  /** Other fields that queries filter or sort by. */
  readonly indexes: readonly (keyof Doc & string)[];
}

/** A collection of whatever documents. */
export type AnyCollection = Readonly<{ name: string; unique: readonly string[]; indexes: readonly string[] }>;

/** A document as it is stored. */
export interface Stored<Doc extends JsonObject = JsonObject> {
  readonly id: string;
  /** 1 after the insertion; each replacement adds one. */
  readonly version: number;
  readonly doc: Doc;
}

export interface Filter {
  /** Fields that must be equal; `id` is the document's id. */
  readonly where?: Readonly<Record<string, string | number | boolean>>;
  /** Fields that must exist and be below the value; strings and numbers compare as such. */
  readonly below?: Readonly<Record<string, string | number>>;
}

export interface DocumentQuery extends Filter {
  /** Sorted by this field and then by id; by id alone without it. A missing field sorts before every value. */
  readonly orderBy?: string;
  readonly descending?: boolean;
  /** Most documents to return; 100 by default. */
  readonly limit?: number;
  /** The last document of the previous page of the same query. */
  readonly after?: Stored;
}

/** The store can't be reached or did not answer in time: whether a write was done is unknown. */
export class DocumentsUnavailable extends Error {
  override readonly name = 'DocumentsUnavailable';
}

/**
 * Documents that are changed and deleted in place: people and their belongings (users, sessions, single-use tokens), never money. They
 * can't be rebuilt from events. The contract is executable: test/contract/document-store.contract.ts.
 *
 * - Durable: a write resolves when it survives a crash.
 * - Guarded: of two calls that replace the same version, or insert the same id or unique value, exactly one succeeds.
 *   That holds even when an index is dropped, or the store is emptied while it is in use.
 * - Repeated: a store that repeats a request whose answer was lost does its work once and returns the lost answer. A caller that gets
 *   `DocumentsUnavailable` must read before it writes again: if the first write went through, the second would fail as stale.
 * - Taken once: of two calls that remove the same document, exactly one returns it.
 * - Gone: a removed document soon disappears from every file and collection of the store.
 */
export abstract class DocumentStore {
  abstract get<Doc extends JsonObject>(collection: Collection<Doc>, id: string): Promise<Stored<Doc> | undefined>;

  abstract find<Doc extends JsonObject>(
    collection: Collection<Doc>,
    query: DocumentQuery,
  ): Promise<readonly Stored<Doc>[]>;

  /** False when the id or a unique value is taken; then nothing is written. */
  abstract insert<Doc extends JsonObject>(collection: Collection<Doc>, id: string, doc: Doc): Promise<boolean>;

  /** Replaces the document that was read; false when it has changed or is gone, or when a unique value is taken. */
  abstract replace<Doc extends JsonObject>(
    collection: Collection<Doc>,
    read: Pick<Stored<Doc>, 'id' | 'version'>,
    doc: Doc,
  ): Promise<boolean>;

  /** Removes all documents that match, and returns how many. An empty filter removes everything. */
  abstract remove<Doc extends JsonObject>(collection: Collection<Doc>, filter: Filter): Promise<number>;

  abstract close(): Promise<void>;
}
