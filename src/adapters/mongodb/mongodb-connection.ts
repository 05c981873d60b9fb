import mongoose, { type Connection } from 'mongoose';
import { ReadModelsUnavailable } from '../../event-store/read-model-store.js';

export interface MongoOptions {
  /** How long a server that can't be found is looked for. */
  readonly selectionTimeoutMs?: number;
  /** The longest that one operation may take in all. */
  readonly operationTimeoutMs?: number;
}

const DEFAULT_DATABASE = 'tokenhub';
const NAMES_A_DATABASE = /^mongodb(\+srv)?:\/\/[^/]+\/[^?]/;

/**
 * The way to one MongoDB database, for all adapters of a process. It connects at the first use and comes back by itself, also when
 * the server was down at the start. Writes are acknowledged by a majority; on a standalone server that is the server itself.
 */
export class MongoConnection {
  readonly #mongoose: Connection = mongoose.createConnection();
  readonly #options: Required<MongoOptions>;
  #opening: Promise<unknown> | undefined;
  #closed = false;

  /** @throws MongoParseError when `url` is not a connection string. */
  constructor(
    private readonly url: string,
    { selectionTimeoutMs = 2_000, operationTimeoutMs = 10_000 }: MongoOptions = {},
  ) {
    this.#options = { selectionTimeoutMs, operationTimeoutMs };
    // It parses the text and does nothing else.
    void new mongoose.mongo.MongoClient(url);
  }

  /** What `work` comes to. @throws ReadModelsUnavailable when the server can't be reached, or after the operation timeout. */
  async run<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#closed) throw new ReadModelsUnavailable('the connection to MongoDB is closed');
    return this.#inTime(this.#open().then(() => work(this.#mongoose)));
  }

  /** As `run`, for what may take long on much data, such as building an index. */
  async runLong<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    await this.run(async () => undefined);
    return work(this.#mongoose).catch(rethrow);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(() => undefined);
    await this.#mongoose.close();
  }

  /** Mongoose does not repeat a first connection that failed, so we do. Afterwards the driver comes back by itself. */
  #open(): Promise<unknown> {
    this.#opening ??= this.#mongoose.openUri(this.url, this.#settings()).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
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
      maxPoolSize: 20,
      readPreference: 'primary',
      writeConcern: { w: 'majority', wtimeoutMS: operationTimeoutMs },
      autoCreate: false,
      autoIndex: false,
      bufferCommands: false,
    };
  }

  async #inTime<T>(work: Promise<T>): Promise<T> {
    const { operationTimeoutMs } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      const late = (): void => reject(new ReadModelsUnavailable(`MongoDB gave no answer in ${operationTimeoutMs} ms`));
      timer = setTimeout(late, operationTimeoutMs);
    });
    try {
      return await Promise.race([work.catch(rethrow), timeout]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const { MongoNetworkError, MongoServerSelectionError, MongoNotConnectedError, MongoServerError } = mongoose.mongo;
const UNAVAILABLE = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  mongoose.Error.MongooseServerSelectionError,
  mongoose.mongo.MongoWriteConcernError,
];
const NO_FREE_CONNECTION = 'MongoWaitQueueTimeoutError'; // a class that the driver does not export
/** A primary that is none any more, or is shutting down: https://www.mongodb.com/docs/manual/reference/error-codes/ */
const STEPPING_DOWN = new Set<unknown>([91, 189, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436]);

function rethrow(error: unknown): never {
  if (!isUnavailable(error)) throw error;
  throw new ReadModelsUnavailable(`MongoDB can't be used: ${(error as Error).message}`, { cause: error });
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof MongoServerError && STEPPING_DOWN.has(error.code)) return true;
  return (error as Error).name === NO_FREE_CONNECTION || UNAVAILABLE.some((kind) => error instanceof kind);
}
