import mongoose, { type Connection, type Model } from 'mongoose';
import type { Query, Row, ViewDefinition } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { InOneTurn } from './in-one-turn.js';
import type { MongoConnection } from './mongodb-connection.js';
import { KeptIndexes } from './kept-indexes.js';
import { indexesOfSchema } from './mongodb-indexes.js';
import { fromBson, toBson } from './mongodb-json.js';
import { selectionOf } from './mongodb-queries.js';
import { DUPLICATE_KEY, rowSchemaOf, type StoredRow } from './mongodb-schema.js';

/** Rows in one write or look-up, so that each has a bounded time to take. */
const BULK = 1_000;

/** The rows of a view in one collection. */
export class MongoRows {
  readonly #indexes: KeptIndexes;
  readonly #loads = new InOneTurn((ids: readonly (readonly string[])[]) => this.#load([...new Set(ids.flat())]));
  readonly #writes = new InOneTurn((rows: readonly (readonly StoredRow[])[]) => this.#write(rows.flat()));

  constructor(
    private readonly mongo: MongoConnection,
    private readonly view: ViewDefinition,
    readonly collection: string,
  ) {
    this.#indexes = new KeptIndexes(mongo, collection, indexesOfSchema(rowSchemaOf(view)));
  }

  /** Makes the indexes that are missing, and returns them, as `collection.index`. @throws IndexConflict */
  prepare(): Promise<string[]> {
    return this.#indexes.make();
  }

  /** To be awaited before each use: looks after the indexes. @throws IndexConflict */
  ready(): Promise<void> {
    return this.#indexes.ready();
  }

  /** Forgets what this process keeps about the collection. */
  async forget(): Promise<void> {
    await this.mongo.run(async (connection) => {
      if (connection.models[this.collection]) connection.deleteModel(this.collection);
    });
  }

  /** One look for all that are asked for in the same turn of the event loop. */
  async load(ids: readonly string[]): Promise<Map<string, Row>> {
    const found = await this.#loads.ask(ids);
    const mine = ids.flatMap((id) => found.get(id) ?? []);
    return new Map(mine.map((row) => [row.id, row]));
  }

  async find(query: Query): Promise<Row[]> {
    const { filter, sort, limit } = selectionOf(query);
    if (limit === 0) return []; // to MongoDB it means no limit
    const found = await this.#run((model) =>
      model.find(filter, null, { sort, limit, batchSize: limit }).lean<StoredRow[]>(),
    );
    return found.map(toRow);
  }

  /** Writes each row where the stored one has a lower position; together with what others write in the same turn of the event loop. */
  async write(rows: readonly Row[]): Promise<void> {
    await this.#writes.ask(rows.map(toStored));
  }

  async #load(ids: readonly string[]): Promise<Map<string, Row>> {
    const rows = new Map<string, Row>();
    for (const part of inParts(ids)) {
      const found = await this.#run((model) =>
        model.find({ _id: { $in: part } }, null, { batchSize: BULK }).lean<StoredRow[]>(),
      );
      for (const row of found.map(toRow)) rows.set(row.id, row);
    }
    return rows;
  }

  async #write(rows: readonly StoredRow[]): Promise<void> {
    for (const part of inParts(newestOf(rows))) {
      const taken = await this.#bulk(part, true);
      // The upsert of a row that is there already: newer than ours, or just now made by another. Only an update tells which.
      if (taken.length > 0) await this.#bulk(taken, false);
    }
  }

  /** The rows whose id was taken. */
  async #bulk(rows: readonly StoredRow[], upsert: boolean): Promise<StoredRow[]> {
    const operations = rows.map(({ _id, position, doc }) => ({
      updateOne: { filter: { _id, position: { $lt: position } }, update: { $set: { position, doc } }, upsert },
    }));
    try {
      await this.#run((model) => model.bulkWrite(operations, { ordered: false, throwOnValidationError: true }));
      return [];
    } catch (error) {
      return duplicates(error).flatMap((index) => rows[index] ?? []);
    }
  }

  #run<T>(work: (model: Model<StoredRow>) => PromiseLike<T>): Promise<T> {
    return this.mongo.run(async (connection) => work(this.#model(connection)));
  }

  #model(connection: Connection): Model<StoredRow> {
    const known = connection.models[this.collection] as Model<StoredRow> | undefined;
    return known ?? connection.model<StoredRow>(this.collection, rowSchemaOf(this.view), this.collection);
  }
}

/** The operations that failed for a duplicate key. Rethrows when there was any other error. */
function duplicates(error: unknown): number[] {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error;
  const failures = [error.writeErrors].flat();
  if (failures.length === 0 || !failures.every(({ code }) => code === DUPLICATE_KEY)) throw error;
  return failures.map(({ index }) => index);
}

function inParts<T>(items: readonly T[]): T[][] {
  const parts = Math.ceil(items.length / BULK);
  return Array.from({ length: parts }, (_, n) => items.slice(n * BULK, (n + 1) * BULK));
}

/** One row for each id: the order in which an unordered bulk write takes two of them is not known. */
function newestOf(rows: readonly StoredRow[]): StoredRow[] {
  const newest = new Map<string, StoredRow>();
  for (const row of rows) {
    const { _id: id, position } = row;
    const other = newest.get(id);
    if (other === undefined || position > other.position) newest.set(id, row);
  }
  return [...newest.values()];
}

function toStored({ id, position, doc }: Row): StoredRow {
  if (!Number.isSafeInteger(position)) throw new RangeError(`the position of row ${id} is ${position}`);
  return { _id: id, position, doc: toBson(doc) };
}

const toRow = ({ _id, position, doc }: StoredRow): Row => ({ id: _id, position, doc: fromBson(doc as JsonObject) });
