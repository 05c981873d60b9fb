import type mongoose from 'mongoose';
import {
  type Collection,
  type DocumentQuery,
  DocumentStore,
  DocumentsUnavailable,
  type Filter,
  type Stored,
} from '../../documents/document-store.js';
import { ReadModelsUnavailable } from '../../event-store/read-model-store.js';
import type { JsonObject } from '../../kernel/index.js';
import { databaseOf, MongoConnection } from './mongodb-connection.js';
import { ensureIndexes, type Index } from './mongodb-indexes.js';
import { fromBson, toBson } from './mongodb-json.js';
import { pathOf, selectionOf } from './mongodb-queries.js';
import { isDuplicateKey } from './mongodb-schema.js';

interface StoredDocument {
  readonly _id: string;
  readonly version: number;
  readonly doc: JsonObject;
}

type Documents = mongoose.mongo.Collection<StoredDocument>;
/** A collection of whatever documents. */
type AnyCollection = Readonly<{ name: string; unique: readonly string[]; indexes: readonly string[] }>;

/** Documents in MongoDB, a collection for each of ours. A write is acknowledged by a majority. */
export class MongoDocumentStore extends DocumentStore {
  /** What makes each collection's indexes. */
  readonly #prepared = new Map<string, Promise<unknown>>();

  constructor(
    private readonly mongo: MongoConnection,
    private readonly owned = false,
  ) {
    super();
  }

  /** Over a connection of its own, closed with it. @throws Error when `url` is not a connection string. */
  static open(url: string): MongoDocumentStore {
    return new MongoDocumentStore(new MongoConnection(url), true);
  }

  override async get<Doc extends JsonObject>(
    collection: Collection<Doc>,
    id: string,
  ): Promise<Stored<Doc> | undefined> {
    const found = await this.#run(collection, (documents) => documents.findOne({ _id: id }));
    return found === null ? undefined : toStored<Doc>(found);
  }

  override async find<Doc extends JsonObject>(
    collection: Collection<Doc>,
    query: DocumentQuery,
  ): Promise<readonly Stored<Doc>[]> {
    const { filter, sort, limit } = selectionOf(query);
    if (limit === 0) return []; // to MongoDB it means no limit
    const found = await this.#run(collection, (documents) => documents.find(filter, { sort, limit }).toArray());
    return found.map(toStored<Doc>);
  }

  override insert<Doc extends JsonObject>(collection: Collection<Doc>, id: string, doc: Doc): Promise<boolean> {
    return this.#unlessTaken(collection, async (documents) => {
      await documents.insertOne({ _id: id, version: 1, doc: toBson(doc) });
      return true;
    });
  }

  override replace<Doc extends JsonObject>(
    collection: Collection<Doc>,
    { id, version }: Pick<Stored<Doc>, 'id' | 'version'>,
    doc: Doc,
  ): Promise<boolean> {
    return this.#unlessTaken(collection, async (documents) => {
      const next = { version: version + 1, doc: toBson(doc) };
      const { matchedCount } = await documents.replaceOne({ _id: id, version }, next);
      return matchedCount === 1;
    });
  }

  override async remove<Doc extends JsonObject>(collection: Collection<Doc>, filter: Filter): Promise<number> {
    const selection = selectionOf(filter);
    const { deletedCount } = await this.#run(collection, (documents) => documents.deleteMany(selection.filter));
    return deletedCount;
  }

  override async close(): Promise<void> {
    if (this.owned) await this.mongo.close();
  }

  /** Makes the indexes that are missing, and returns them, as `collection.index`. @throws IndexConflict */
  async prepare(collection: AnyCollection): Promise<string[]> {
    return ensureIndexes(this.mongo, nameOf(collection), indexesOf(collection));
  }

  async #unlessTaken(collection: AnyCollection, write: (documents: Documents) => Promise<boolean>): Promise<boolean> {
    try {
      return await this.#run(collection, write);
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async #run<T>(collection: AnyCollection, work: (documents: Documents) => Promise<T>): Promise<T> {
    try {
      await this.#ready(collection);
      return await this.mongo.run((connection) =>
        work(databaseOf(connection).collection<StoredDocument>(nameOf(collection))),
      );
    } catch (error) {
      if (!(error instanceof ReadModelsUnavailable)) throw error;
      throw new DocumentsUnavailable(error.message, { cause: error });
    }
  }

  #ready(collection: AnyCollection): Promise<unknown> {
    const known = this.#prepared.get(collection.name);
    if (known !== undefined) return known;
    const prepared = this.prepare(collection);
    this.#prepared.set(collection.name, prepared);
    prepared.catch(() => this.#prepared.delete(collection.name));
    return prepared;
  }
}

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

const toStored = <Doc extends JsonObject>({ _id: id, version, doc }: StoredDocument): Stored<Doc> => ({
  id,
  version,
  doc: fromBson(doc) as Doc,
});
