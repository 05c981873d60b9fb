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

/** A document as it stands. */
export interface Stored<Doc extends JsonObject = JsonObject> {
  readonly id: string;
  /** 1 when it was inserted, one more with each replacement. */
  readonly version: number;
  readonly doc: Doc;
}

export interface Filter {
  /** Fields that must be equal; `id` is the document's id. */
  readonly where?: Readonly<Record<string, string | number | boolean>>;
  /** Fields that must be there and below the value, compared as the strings or numbers they are. */
  readonly below?: Readonly<Record<string, string | number>>;
}

export interface DocumentQuery extends Filter {
  /** Sorted by this field and then by id; by id alone without it. A missing field sorts before every value. */
  readonly orderBy?: string;
  readonly descending?: boolean;
  /** Documents at most; 100 without it. */
  readonly limit?: number;
  /** Continues after this one, which an earlier page of the same query ended with. */
  readonly after?: Stored;
}

/** The store can't be reached or did not answer in time: whether it did what it was asked is unknown. */
export class DocumentsUnavailable extends Error {
  override readonly name = 'DocumentsUnavailable';
}

/**
 * What is changed and deleted in place: people and what belongs to them (users, sessions, single-use tokens), never money. Durable: it
 * can't be made again from events. The contract is executable: test/contract/document-store.contract.ts.
 *
 * - Durable: a write resolves when it survives a crash.
 * - Guarded: of two that replace the same version, or insert the same id or unique value, exactly one succeeds.
 *   That holds whatever becomes of an index, also when somebody empties the store while it is in use.
 * - Repeated: a store that asks a server again, as the answer was lost, does its work once and gives the answer that was lost. A caller that is
 *   told `DocumentsUnavailable` reads before it asks again: of a write that went through, the same one would say that it came too late.
 * - Taken once: of two that remove the same document, exactly one is told that it was there.
 * - Gone: what was removed is in no file or collection of the store any more, once it has settled.
 */
export abstract class DocumentStore {
  abstract get<Doc extends JsonObject>(collection: Collection<Doc>, id: string): Promise<Stored<Doc> | undefined>;

  abstract find<Doc extends JsonObject>(
    collection: Collection<Doc>,
    query: DocumentQuery,
  ): Promise<readonly Stored<Doc>[]>;

  /** False when the id or a unique value is taken; then nothing is written. */
  abstract insert<Doc extends JsonObject>(collection: Collection<Doc>, id: string, doc: Doc): Promise<boolean>;

  /** Puts `doc` in the place of the one that was read; false when that has changed or is gone, or a unique value is taken. */
  abstract replace<Doc extends JsonObject>(
    collection: Collection<Doc>,
    read: Pick<Stored<Doc>, 'id' | 'version'>,
    doc: Doc,
  ): Promise<boolean>;

  /** Removes all that match, and says how many there were. A filter of nothing removes everything. */
  abstract remove<Doc extends JsonObject>(collection: Collection<Doc>, filter: Filter): Promise<number>;

  abstract close(): Promise<void>;
}
