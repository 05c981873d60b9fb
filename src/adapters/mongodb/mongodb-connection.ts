import mongoose, { type Connection } from 'mongoose';
import { hidePassword } from '../../platform/config.js';
import { ReadModelsUnavailable } from '../../event-store/index.js';
import { within } from './circuit.js';
import { rethrow } from './mongodb-errors.js';

export interface MongoOptions {
  /** How long the driver looks for a server. */
  readonly selectionTimeoutMs?: number;
  /** The longest that one operation may take in total. */
  readonly operationTimeoutMs?: number;
}

const DEFAULT_DATABASE = 'tokenhub';
const NAMES_A_DATABASE = /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/;

interface Client {
  readonly connection: Connection;
  opening?: Promise<unknown>;
  /** When the client was made, or last got an answer. */
  heardAt: number;
}

const newClient = (): Client => ({ connection: mongoose.createConnection(), heardAt: performance.now() });

/** How long a client may be without an answer before it is replaced. */
const GIVEN_UP_AFTER_MS = 5_000;

/**
 * The connection to one MongoDB database, shared by all adapters of a process. It connects at the first use and recovers by itself, even when
 * the server was down at the start. Writes are acknowledged by a majority; on a standalone server that is the server itself.
 *
 * The driver (7.8) does not always recover: a request on a socket that has just been torn down waits forever, and if it was the heartbeat
 * of the monitor, the driver never finds a server again. So a client that gets no answers is replaced.
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

  /** The result of `work`. @throws ReadModelsUnavailable when the server can't be reached, or after the operation timeout */
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

  /** Like `run`, for work that may take long with much data, such as building an index. */
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

  /** Mongoose does not retry a first connection that failed, so we do. */
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
      // Also the limit of a heartbeat: after that the driver gives up a server that hangs, with all calls it has not answered.
      connectTimeoutMS: selectionTimeoutMs,
      heartbeatFrequencyMS: 2_000,
      waitQueueTimeoutMS: operationTimeoutMs,
      minPoolSize: 4, // opening a connection may take longer than a call waits to be counted
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

/** The driver quotes parts of a string that it can't parse. So it is given the string without its password to find the fault. */
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
