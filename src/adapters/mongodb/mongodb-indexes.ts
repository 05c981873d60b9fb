import mongoose, { type Connection, type Schema } from 'mongoose';
import { databaseOf, type MongoConnection } from './mongodb-connection.js';
import { isDuplicateKey } from './mongodb-schema.js';
import { DuplicateValues, IndexConflict } from './index-errors.js';

export type Index = mongoose.mongo.IndexDescription & { readonly name: string };

const { MongoServerError } = mongoose.mongo;
/** https://www.mongodb.com/docs/manual/reference/error-codes/ */
const NAMESPACE_NOT_FOUND = 26;
const COMMAND_NOT_FOUND = 59;
const CONFLICTS = new Set<unknown>([85, 86]);
/** The wire version of MongoDB 4.4, the first with commit quorums. */
const WIRE_VERSION_4_4 = 9;
const DUPLICATES_SHOWN = 3;

/**
 * Makes the indexes of a collection that are missing, and the collection with them. May be called as often as one likes, by several
 * processes at once; takes long where there is much data. Returns what it made, as `collection.index`.
 * @throws IndexConflict, DuplicateValues
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
  // One command makes all of its indexes or none: those that duplicates may be in the way of come last, each alone.
  const others = missing.filter(({ unique }) => unique !== true);
  const commands = [others, ...missing.filter(({ unique }) => unique === true).map((index) => [index])];
  const failures: unknown[] = [];
  for (const indexes of commands.filter(({ length }) => length > 0)) {
    await mongo
      .runLong((connection) => create(connection, collection, indexes))
      .catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures.find((error) => !(error instanceof DuplicateValues)) ?? failures[0];
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
  const database = databaseOf(connection);
  try {
    await database.collection(collection).createIndexes([...missing], await quorumOf(database));
  } catch (error) {
    const [index] = missing;
    if (isDuplicateKey(error) && index !== undefined) throw await duplicates(connection, collection, index);
    if (!(error instanceof MongoServerError && CONFLICTS.has(error.code))) throw error;
    throw conflict(collection, missing.map(({ name }) => name).join(' or '), error);
  }
}

/**
 * By default a build waits for every voting member, also one that is lost: "votingMembers" of
 * https://www.mongodb.com/docs/manual/reference/command/createIndexes/. A majority is what every write of ours needs. A standalone server
 * refuses the option (SERVER-39532, https://jira.mongodb.org/browse/SERVER-39532), and one before 4.4 does not know it.
 */
async function quorumOf(database: mongoose.mongo.Db): Promise<mongoose.mongo.CreateIndexesOptions> {
  const server = await database.command({ hello: 1 }).catch((error: unknown): mongoose.mongo.BSON.Document => {
    if (error instanceof MongoServerError && error.code === COMMAND_NOT_FOUND) return {};
    throw error;
  });
  const isReplicated = server['setName'] !== undefined || server['msg'] === 'isdbgrid';
  return isReplicated && server['maxWireVersion'] >= WIRE_VERSION_4_4 ? { commitQuorum: 'majority' } : {};
}

/** Names the documents, not what they share: that may be somebody's address. */
async function duplicates(connection: Connection, collection: string, { name, key }: Index): Promise<DuplicateValues> {
  const [field = '_id'] = Object.keys(key);
  const groups = await databaseOf(connection)
    .collection(collection)
    .aggregate<{ ids: unknown[] }>([
      { $match: { [field]: { $exists: true } } },
      { $group: { _id: `$${field}`, ids: { $push: '$_id' } } },
      { $match: { 'ids.1': { $exists: true } } },
      { $limit: DUPLICATES_SHOWN + 1 },
    ])
    .toArray();
  const shown = groups.slice(0, DUPLICATES_SHOWN).map(({ ids }) => ids.map(String).toSorted().join(' and '));
  if (groups.length > DUPLICATES_SHOWN) shown.push('others');
  return new DuplicateValues(
    `the MongoDB collection "${collection}" has documents with the same ${field.replace(/^doc\./, '')} (${shown.join('; ')}), ` +
      `so its index ${name} can't be made until one of each is left`,
  );
}

const conflict = (collection: string, name: string, cause?: Error): IndexConflict =>
  new IndexConflict(
    `the MongoDB collection "${collection}" has an index in the place of ${name}, which token-hub needs to be another one. ` +
      `Drop it, and token-hub makes its own${cause === undefined ? '' : ` (${cause.message})`}`,
    { cause },
  );
