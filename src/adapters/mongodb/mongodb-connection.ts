import mongoose, { type Connection } from 'mongoose';
import { hidePassword } from '../../platform/config.js';
import { ReadModelsUnavailable } from '../../event-store/index.js';
import { within } from './circuit.js';
import { rethrow } from './mongodb-errors.js';

export interface MongoOptions {
  /** How long a server that can't be found is looked for. */
  readonly selectionTimeoutMs?: number;
  /** The longest that one operation may take in all. */
  readonly operationTimeoutMs?: number;
}

const DEFAULT_DATABASE = 'tokenhub';
const NAMES_A_DATABASE = /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/;

interface Client {
  readonly connection: Connection;
  opening?: Promise<unknown>;
  /** When it was made, or the server last answered it. */
  heardAt: number;
}

const newClient = (): Client => ({ connection: mongoose.createConnection(), heardAt: performance.now() });

/** A client that has had no answer for so long is replaced. */
const GIVEN_UP_AFTER_MS = 5_000;

/**
 * The way to one MongoDB database, for all adapters of a process. It connects at the first use and comes back by itself, also when
 * the server was down at the start. Writes are acknowledged by a majority; on a standalone server that is the server itself.
 *
 * The driver (7.8) does not always come back: what it writes to a socket that has just been torn down waits for good, and when that was
 * its monitor's question, no server is ever found again. So a client that nothing is heard of is replaced by a new one.
 */
export class MongoConnection {
  #client = newClient();
  readonly #options: Required<MongoOptions>;
  readonly #closing = new AbortController();

  /** @throws Error when `url` is not a connection string. */
  constructor(
    private readonly url: string,
    { selectionTimeoutMs = 2_000, operationTimeoutMs = 10_000 }: MongoOptions = {},
  ) {
    this.#options = { selectionTimeoutMs, operationTimeoutMs };
    check(url);
  }

  /** Aborts when the connection is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** What `work` comes to. @throws ReadModelsUnavailable when the server can't be reached, or after the operation timeout. */
  async run<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.closing.aborted) throw new ReadModelsUnavailable('the connection to MongoDB is closed');
    const client = this.#client;
    try {
      const working = this.#open(client).then(() => work(client.connection));
      const result = await within(this.#options.operationTimeoutMs, working.catch(rethrow));
      client.heardAt = performance.now();
      return result;
    } catch (error) {
      if (error instanceof ReadModelsUnavailable) this.#giveUp(client);
      throw error;
    }
  }

  /** As `run`, for what may take long on much data, such as building an index. */
  async runLong<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.run(async (open) => open);
    return work(connection).catch(rethrow);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const { connection, opening } = this.#client;
    await opening?.catch(() => undefined);
    await connection.close();
  }

  /** Mongoose does not repeat a first connection that failed, so we do. */
  #open(client: Client): Promise<unknown> {
    client.opening ??= client.connection.openUri(this.url, this.#settings()).catch((error: unknown) => {
      delete client.opening;
      throw error;
    });
    return client.opening;
  }

  #giveUp(client: Client): void {
    const silentMs = performance.now() - client.heardAt;
    if (silentMs < GIVEN_UP_AFTER_MS || client !== this.#client || this.closing.aborted) return;
    this.#client = newClient();
    client.connection.destroy(true).catch(() => undefined);
  }

  #settings(): mongoose.ConnectOptions {
    const { selectionTimeoutMs, operationTimeoutMs } = this.#options;
    return {
      appName: 'token-hub',
      ...(!NAMES_A_DATABASE.test(this.url) && { dbName: DEFAULT_DATABASE }),
      serverSelectionTimeoutMS: selectionTimeoutMs,
      // Also the longest that a heartbeat may take: a server that hangs is given up after that, with the calls it has not answered.
      connectTimeoutMS: selectionTimeoutMs,
      heartbeatFrequencyMS: 2_000,
      waitQueueTimeoutMS: operationTimeoutMs,
      minPoolSize: 4, // making a connection may take longer than a call waits to be counted
      maxPoolSize: 20,
      readPreference: 'primary',
      writeConcern: { w: 'majority', wtimeoutMS: operationTimeoutMs },
      autoCreate: false,
      autoIndex: false,
      bufferCommands: false,
    };
  }
}

/** The database that the connection string names, through an open connection. */
export const databaseOf = (
  connection: Connection,
  writeConcern?: mongoose.mongo.WriteConcernSettings,
): mongoose.mongo.Db => connection.getClient().db(connection.name, { ...(writeConcern && { writeConcern }) });

/** The driver quotes parts of a string that it can't read. So it is not asked what is wrong with it, but with one without a password. */
function check(url: string): void {
  if (faultOf(url) === undefined) return;
  const fault = faultOf(hidePassword(url)) ?? 'special characters in the user name or password must be percent-encoded';
  throw new Error(`The MongoDB connection string can’t be used: ${fault}`);
}

function faultOf(url: string): string | undefined {
  try {
    void new mongoose.mongo.MongoClient(url); // parses the text and does nothing else
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
