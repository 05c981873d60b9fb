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
const SMALL_AND_QUICK = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

const given = process.env['TEST_MONGODB_URL'];
const installed = existsSync(join(HOME, 'installed'));

/** False where there is no server for tests; then it has been said on the console. In CI that is an error. */
export const hasMongoServer = given !== undefined || installed;

if (!hasMongoServer) {
  const missing =
    'No MongoDB for tests: run "node scripts/mongodb-server.mjs" (needs a JDK and Maven) or set TEST_MONGODB_URL.';
  if (process.env['CI']) throw new Error(missing);
  console.warn(`SKIPPED, MongoDB specs. ${missing}`);
}

export interface MongoTestServer {
  /** The URL of a database that nobody else uses. */
  url(): string;
  /** Drops the databases, and stops the server if it is ours. */
  stop(): Promise<void>;
}

export async function startMongoServer(): Promise<MongoTestServer> {
  const { base, stop } = given === undefined ? await startOurs() : { base: given, stop: async () => undefined };
  const databases: string[] = [];
  return {
    url() {
      const database = `token-hub-test-${randomBytes(6).toString('hex')}`;
      databases.push(database);
      return withDatabase(base, database);
    },
    async stop() {
      if (given !== undefined) await dropAll(base, databases);
      await stop();
    },
  };
}

/** `url` with `database` in its path. */
function withDatabase(url: string, database: string): string {
  const [, server = '', options = ''] = /^([^/]+\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(url) ?? [];
  return `${server}/${database}${options}`;
}

async function dropAll(base: string, databases: readonly string[]): Promise<void> {
  const connection = await mongoose.createConnection(base).asPromise();
  for (const database of databases) await connection.useDb(database).dropDatabase();
  await connection.close();
}

/** A server of our own on a free port. It ends with its standard input, so it never outlives the tests, however they end. */
async function startOurs(): Promise<{ base: string; stop: () => Promise<void> }> {
  const classes = [join(HOME, 'classes'), join(HOME, 'lib', '*')].join(delimiter);
  const child = spawn('java', [...SMALL_AND_QUICK, '-cp', classes, 'MongoTestServer', '0'], {
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
