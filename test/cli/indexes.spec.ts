// The migration step of a MongoDB server, by the command line and at the start of a gateway.
// Modes: embedded. It brings a server of its own.
import { rm } from 'node:fs/promises';
import mongoose from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newFolder } from '../support/gateway/gateway.js';
import { Program, startGatewayProcess, tokenhub } from '../support/gateway/gateway-process.js';
import { hasMongoServer, type MongoTestServer, startMongoServer } from '../support/mongodb/mongodb-server.js';

let folder: string;
let env: Record<string, string>;
let server: MongoTestServer;

/** The names of all indexes but those that every collection has. */
async function indexes(): Promise<string[]> {
  const connection = await mongoose.createConnection(env['READ_MODEL_URL'] ?? '').asPromise();
  const names: string[] = [];
  for (const { name } of await connection.listCollections()) {
    for (const index of await connection.collection(name).listIndexes().toArray()) {
      if (index['name'] !== '_id_') names.push(`${name}.${String(index['name'])}`);
    }
  }
  await connection.close();
  return names.toSorted();
}

describe.skipIf(!hasMongoServer)('what MongoDB needs', () => {
  beforeEach(async () => {
    server = await startMongoServer();
    const files = await newFolder();
    folder = files.folder;
    env = { ...files.env, READ_MODEL_URL: server.url() };
  });
  afterEach(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  it('is made by "tokenhub indexes", which says what was missing', async () => {
    const made = (await tokenhub(env, 'indexes')) as { made: string }[];
    const present = await indexes();
    expect(made.map((row) => row.made).toSorted()).toEqual(present);
    expect(present).toContain('rate-limits.key_1');
    expect(present.filter((name) => name.startsWith('rows.charges-'))).not.toEqual([]);
    expect(await tokenhub(env, 'indexes')).toEqual([]);
  });

  it('is made by a gateway before it listens, and what stands in its way is named', async () => {
    const { program } = await startGatewayProcess(env);
    expect(await tokenhub(env, 'indexes')).toEqual([]);
    await program.kill('SIGTERM');
    const connection = await mongoose.createConnection(env['READ_MODEL_URL'] ?? '').asPromise();
    await connection.collection('rate-limits').dropIndex('key_1');
    await connection.collection('rate-limits').createIndex({ other: 1 }, { name: 'key_1' });
    await connection.close();
    const refused = new Program('src/main.js', [], { PORT: '0', ...env });
    expect(await refused.end()).toBe(1);
    expect(refused.stderr).toMatch(
      /^READ_MODEL_URL: the MongoDB collection "rate-limits" has an index in the place of key_1/,
    );
    expect(refused.stderr).not.toMatch(/^ +at /m);
  });
});
