// A MongoDB for a spec file: the server that TEST_MONGODB_URL names, else one of our own that scripts/mongodb-server.mjs installs.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';

const HOME = fileURLToPath(new URL('../../../node_modules/.cache/mongodb-server', import.meta.url));
/** Options of Java: starts quickly, for a few hundred rows; and for a benchmark, whose rows are many and must not wait for collections. */
const SMALL_AND_QUICK = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
export const LARGE = ['-Xmx4g', '-Xmn1g', '-XX:+UseSerialGC'];

const given = process.env['TEST_MONGODB_URL'];
const installed = existsSync(join(HOME, 'installed'));

/** False where there is no server for tests; then it has been said on the console. In CI that is an error. */
export const hasMongoServer = given !== undefined || installed;

if (!hasMongoServer) {
  const missing =
    'No MongoDB for tests: run "node scripts/mongodb-server.mjs" (needs a JDK and Maven) or set TEST_MONGODB_URL.';
  if (process.env['CI']) throw new Error(missing);
  console.warn(`SKIPPED: MongoDB specs, and all that runs on servers. ${missing}`);
}

export interface MongoTestServer {
  /** The URL of the server. */
  readonly base: string;
  /** The URL of a database that nobody else uses. */
  url(): string;
  /** Drops the databases, and stops the server if it is ours. */
  stop(): Promise<void>;
}

export async function startMongoServer(size: readonly string[] = SMALL_AND_QUICK): Promise<MongoTestServer> {
  const { base, stop } = given === undefined ? await startOurs(size) : { base: given, stop: async () => undefined };
  const databases: string[] = [];
  return {
    base,
    url() {
      const database = newDatabase(base);
      databases.push(database);
      return database;
    },
    async stop() {
      if (given !== undefined) for (const database of databases) await dropDatabase(database);
      await stop();
    },
  };
}

/** The URL of a database on the server of `url` that nobody else uses. */
export function newDatabase(url: string): string {
  const [, server = '', options = ''] = /^([^/]+\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(url) ?? [];
  return `${server}/token-hub-test-${randomBytes(6).toString('hex')}${options}`;
}

export const dropDatabase = (url: string): Promise<void> => connected(url, (connection) => connection.dropDatabase());

/** All documents of a database, as text. */
export const contentsOf = (url: string): Promise<string> =>
  connected(url, async (connection) => {
    const collections = await connection.listCollections();
    const documents = collections.map(({ name }) => connection.collection(name).find({}).toArray());
    return JSON.stringify(await Promise.all(documents));
  });

async function connected<T>(url: string, work: (connection: mongoose.Connection) => Promise<T>): Promise<T> {
  const connection = await mongoose.createConnection(url).asPromise();
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** A server of our own on a free port. It ends with its standard input, so it never outlives the tests, however they end. */
async function startOurs(size: readonly string[]): Promise<{ base: string; stop: () => Promise<void> }> {
  const classes = [join(HOME, 'classes'), join(HOME, 'lib', '*')].join(delimiter);
  const child = spawn('java', [...size, '-cp', classes, 'MongoTestServer', '0'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const gone = once(child, 'exit');
  const base = await Promise.race([firstLine(child), gone.then(([code]) => `ended with ${code}`)]);
  if (!base.startsWith('mongodb:')) throw new Error(`the MongoDB server of the tests did not start: ${base}`);
  return {
    base,
    async stop() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the server has no output');
  const [line] = (await once(createInterface({ input: stdout }), 'line')) as [string];
  return line;
}
