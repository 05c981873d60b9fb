import { randomUUID } from 'node:crypto';
import {
  type AnyCollection,
  type Collection,
  type DocumentQuery,
  DocumentStore,
  DocumentsUnavailable,
  type Filter,
  type Stored,
} from '../../platform/documents/index.js';
import { ReadModelsUnavailable } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { databaseOf, MongoConnection } from './mongodb-connection.js';
import { type Call, DocumentWrites } from './document-writes.js';
import { KeptIndexes } from './kept-indexes.js';
import { isAnswerLost } from './mongodb-errors.js';
import type { Index } from './mongodb-indexes.js';
import { fromBson, toBson } from './mongodb-json.js';
import { pathOf, selectionOf } from './mongodb-queries.js';
import {
  type Claim,
  type Claims,
  type Documents,
  type StoredDocument,
  THERE,
  type UniqueValue,
  UniqueValues,
} from './unique-values.js';

/** The claims of calls that are about to give a unique value to a document, of all collections. */
const CLAIMS = 'document-claims';
/** Longer than a write takes on a healthy server. */
const PATIENCE_MS = 2_000;
const REMOVED_AT_ONCE = 500;
const MOST_REPEATS = 2;

export interface MongoDocumentOptions {
  /** How long another call's claim to a unique value is respected. */
  readonly patienceMs?: number;
  /** How often indexes are checked while a collection is used. */
  readonly indexesEveryMs?: number;
  /** Called with a fault that keeps indexes from being made. */
  readonly onTrouble?: (error: unknown) => void;
}

/**
 * Documents in MongoDB, one collection for each of ours. Writes are acknowledged by a majority. When the answer is lost with the connection,
 * a request is repeated at once, twice at most. Each write bears the mark of its call, so a retry finds what the first try did.
 */
export class MongoDocumentStore extends DocumentStore {
  readonly #indexes = new Map<string, KeptIndexes>();

  constructor(
    private readonly mongo: MongoConnection,
    private readonly options: MongoDocumentOptions & { readonly owned?: boolean },
  ) {
    super();
  }

  /** Opens a connection of its own, and closes it at the end. @throws Error when `url` is not a connection string */
  static open(url: string, options: MongoDocumentOptions = {}): MongoDocumentStore {
    return new MongoDocumentStore(new MongoConnection(url), { ...options, owned: true });
  }

  override async get<Doc extends JsonObject>(
    collection: Collection<Doc>,
    id: string,
  ): Promise<Stored<Doc> | undefined> {
    const found = await this.#run(collection, ({ documents }) => documents.findOne({ _id: id, ...THERE }));
    return found === null ? undefined : toStored<Doc>(found);
  }

  override async find<Doc extends JsonObject>(
    collection: Collection<Doc>,
    query: DocumentQuery,
  ): Promise<readonly Stored<Doc>[]> {
    const { filter, sort, limit } = selectionOf(query);
    if (limit === 0) return []; // to MongoDB it means no limit
    const found = await this.#run(collection, ({ documents }) =>
      documents.find({ ...filter, ...THERE }, { sort, limit }).toArray(),
    );
    return found.map(toStored<Doc>);
  }

  override insert<Doc extends JsonObject>(collection: Collection<Doc>, id: string, doc: Doc): Promise<boolean> {
    const insert = { id, doc: toBson(doc), values: valuesOf(collection, doc) };
    return this.#write(collection, (writes, isAgain) => writes.insert(insert, isAgain));
  }

  override replace<Doc extends JsonObject>(
    collection: Collection<Doc>,
    { id, version }: Pick<Stored<Doc>, 'id' | 'version'>,
    doc: Doc,
  ): Promise<boolean> {
    const replacement = { id, version, doc: toBson(doc), values: valuesOf(collection, doc) };
    return this.#write(collection, (writes, isAgain) => writes.replace(replacement, isAgain));
  }

  override async remove<Doc extends JsonObject>(collection: Collection<Doc>, filter: Filter): Promise<number> {
    const selection = selectionOf(filter).filter;
    let removed = 0;
    for (;;) {
      const found = await this.#run(collection, ({ documents }) =>
        documents.find({ ...selection, ...THERE }, { projection: { _id: 1 }, limit: REMOVED_AT_ONCE }).toArray(),
      );
      if (found.length === 0) return removed;
      // One by one, if the document still matches: the driver retries no bulk write, and of two calls that remove one, only one must count it.
      const gone = await Promise.all(
        found.map(({ _id }) => this.#write(collection, (writes, isAgain) => writes.remove(_id, selection, isAgain))),
      );
      removed += gone.filter(Boolean).length;
    }
  }

  override async close(): Promise<void> {
    if (this.options.owned === true) await this.mongo.close();
  }

  /** Makes the indexes that are missing, and returns them, as `collection.index`. @throws IndexConflict, DuplicateValues, ReadModelsUnavailable */
  prepare(collection: AnyCollection): Promise<string[]> {
    return this.#indexesOf(collection).make();
  }

  async #write(
    collection: AnyCollection,
    write: (writes: DocumentWrites, isAgain: boolean) => Promise<boolean>,
  ): Promise<boolean> {
    const call: Call = { by: randomUUID(), hasRemoved: false };
    return this.#run(collection, ({ documents, claims }, isAgain) => {
      const values = new UniqueValues(documents, claims, this.options.patienceMs ?? PATIENCE_MS);
      return write(new DocumentWrites(documents, values, call), isAgain);
    });
  }

  async #run<T>(
    collection: AnyCollection,
    work: (collections: { documents: Documents; claims: Claims }, isAgain: boolean) => Promise<T>,
  ): Promise<T> {
    const run = (tried: number): Promise<T> =>
      this.mongo
        .run((connection) => {
          const database = databaseOf(connection);
          const documents = database.collection<StoredDocument>(nameOf(collection));
          return work({ documents, claims: database.collection<Claim>(CLAIMS) }, tried > 0);
        })
        .catch((error: unknown) => {
          if (!isAnswerLost(error) || tried === MOST_REPEATS) throw error;
          return run(tried + 1);
        });
    try {
      await this.#indexesOf(collection).ready();
      return await run(0);
    } catch (error) {
      if (!(error instanceof ReadModelsUnavailable)) throw error;
      throw new DocumentsUnavailable(error.message, { cause: error });
    }
  }

  #indexesOf(collection: AnyCollection): KeptIndexes {
    const name = nameOf(collection);
    const { indexesEveryMs: everyMs, onTrouble } = this.options;
    const options = { strict: false, ...(everyMs !== undefined && { everyMs }), ...(onTrouble && { onTrouble }) };
    const kept = this.#indexes.get(name) ?? new KeptIndexes(this.mongo, name, indexesOf(collection), options);
    this.#indexes.set(name, kept);
    return kept;
  }
}

const valuesOf = <Doc extends JsonObject>({ unique }: Collection<Doc>, doc: Doc): UniqueValue[] =>
  unique.flatMap((field) => (doc[field] === undefined ? [] : [[field, doc[field]] as const]));

const nameOf = ({ name }: AnyCollection): string => `documents.${name}`;

const indexesOf = ({ unique, indexes }: AnyCollection): Index[] => [
  ...unique.map((field) => ({
    key: { [pathOf(field)]: 1 as const },
    name: `one_${field}`,
    unique: true,
    sparse: true,
  })),
  ...indexes.map((field) => ({ key: { [pathOf(field)]: 1 as const, _id: 1 as const }, name: `by_${field}` })),
];

const toStored = <Doc extends JsonObject>({ _id: id, version, doc = {} }: StoredDocument): Stored<Doc> => ({
  id,
  version,
  doc: fromBson(doc) as Doc,
});
