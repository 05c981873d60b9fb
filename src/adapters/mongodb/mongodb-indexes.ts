import mongoose, { type Connection, type Schema } from 'mongoose';
import { databaseOf, type MongoConnection } from './mongodb-connection.js';

export type Index = mongoose.mongo.IndexDescription & { readonly name: string };

/** An index is there that is not the one needed. It is left as it is, for who made it, and why, is not known. */
export class IndexConflict extends Error {
  override readonly name = 'IndexConflict';
}

const { MongoServerError } = mongoose.mongo;
/** https://www.mongodb.com/docs/manual/reference/error-codes/ */
const NAMESPACE_NOT_FOUND = 26;
const CONFLICTS = new Set<unknown>([85, 86]);

/**
 * Makes the indexes of a collection that are missing, and the collection with them. May be called as often as one likes, by several
 * processes at once; takes long where there is much data. Returns what it made, as `collection.index`.
 * @throws IndexConflict
 */
export async function ensureIndexes(
  mongo: MongoConnection,
  collection: string,
  needed: readonly Index[],
): Promise<string[]> {
  const present = await mongo.run((connection) => indexesOf(connection, collection));
  const effects = new Set(present.map(effectOf));
  const missing = needed.filter((index) => !effects.has(effectOf(index)));
  const taken = missing.find(({ name }) => present.some((other) => other.name === name));
  if (taken !== undefined) throw conflict(collection, taken.name);
  if (missing.length > 0) await mongo.runLong((connection) => create(connection, collection, missing));
  return missing.map(({ name }) => `${collection}.${name}`);
}

export const indexesOfSchema = (schema: Schema): Index[] =>
  schema.indexes().map(([key, { name }]) => ({ key: key as Record<string, 1>, name: String(name) }));

async function indexesOf(connection: Connection, collection: string): Promise<Index[]> {
  try {
    return (await databaseOf(connection).collection(collection).listIndexes().toArray()) as Index[];
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}

/** What an index does, whatever it is called. */
function effectOf(index: Index): string {
  const { name: _name, key, version: _version, background: _background, ...rest } = index;
  const { v: _v, ns: _ns, ...options } = rest as Record<string, unknown>;
  return JSON.stringify([key, Object.entries(options).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

async function create(connection: Connection, collection: string, missing: readonly Index[]): Promise<void> {
  try {
    await databaseOf(connection)
      .collection(collection)
      .createIndexes([...missing]);
  } catch (error) {
    if (!(error instanceof MongoServerError && CONFLICTS.has(error.code))) throw error;
    throw conflict(collection, missing.map(({ name }) => name).join(' or '), error);
  }
}

const conflict = (collection: string, name: string, cause?: Error): IndexConflict =>
  new IndexConflict(
    `the MongoDB collection "${collection}" has an index in the place of ${name}, which token-hub needs to be another one. ` +
      `Drop it, and token-hub makes its own${cause === undefined ? '' : ` (${cause.message})`}`,
    { cause },
  );
