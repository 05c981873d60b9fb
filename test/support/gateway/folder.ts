// Where a gateway keeps its ledger in a test: files in a temporary folder or, by the mode, an event store and a database of its own.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, inject } from 'vitest';
import { EventStoreDbEventStore } from '../../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { START } from '../../../src/event-store/index.js';
import { EventStoreServer } from '../event-store-server/event-store-server.js';
import { contentsOf, dropDatabase, newDatabase } from '../mongodb/mongodb-server.js';
import { mode } from './mode.js';

export interface TestFolder {
  readonly folder: string;
  /** The variables that name a gateway's stores. */
  readonly env: Readonly<Record<string, string>>;
  /** All that is stored, as text without a format: `events`, `read models` and, in files, `people`. */
  contents(): Promise<ReadonlyMap<string, string>>;
  /** Loses the read models. */
  loseReadModels(): Promise<void>;
  /** When all that use it are closed. */
  close(): Promise<void>;
}

/** A temporary folder with the variables that put a gateway's ledger there, or on servers of its own. */
export async function newFolder(): Promise<TestFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
  return mode === 'embedded' ? onFiles(folder) : onServers(folder);
}

function onFiles(folder: string): TestFolder {
  const [events, readModels, people] = ['events.db', 'read-models.db', 'people.db'] as const;
  const filesOf = async (database: string) =>
    (await readdir(folder, { withFileTypes: true, recursive: true }))
      .filter((entry) => entry.isFile() && relative(folder, join(entry.parentPath, entry.name)).startsWith(database))
      .map(({ parentPath, name }) => join(parentPath, name));
  const bytesOf = async (database: string) =>
    Buffer.concat(await Promise.all((await filesOf(database)).map((file) => readFile(file)))).toString('latin1');
  return {
    folder,
    env: {
      EVENT_STORE_URL: `sqlite:${join(folder, events)}`,
      READ_MODEL_URL: `sqlite:${join(folder, readModels)}`,
    },
    contents: async () =>
      new Map([
        ['events', await bytesOf(events)],
        ['read models', await bytesOf(readModels)],
        ['people', await bytesOf(people)],
      ]),
    loseReadModels: async () => void (await Promise.all((await filesOf(readModels)).map((file) => rm(file)))),
    close: () => remove(folder),
  };
}

/** A real EventStoreDB, if one is named, has one log for all: run one spec file at a time, each on an empty server. */
const realEventStore = process.env['TEST_EVENTSTORE_URL'];

const standIns = new Set<EventStoreServer>();
// Not every spec closes its folder; no server outlives the spec.
afterAll(() => Promise.all([...standIns].map((standIn) => standIn.stop())));

async function onServers(folder: string): Promise<TestFolder> {
  const standIn = realEventStore === undefined ? await EventStoreServer.start() : undefined;
  if (standIn !== undefined) standIns.add(standIn);
  const eventStore = standIn?.url ?? realEventStore ?? '';
  const database = newDatabase(inject('mongoUrl'));
  return {
    folder,
    env: { EVENT_STORE_URL: eventStore, READ_MODEL_URL: database },
    contents: async () =>
      new Map([
        ['events', await eventsIn(eventStore)],
        ['read models', await contentsOf(database)],
      ]),
    loseReadModels: () => dropDatabase(database),
    async close() {
      await dropDatabase(database);
      await standIn?.stop();
      if (standIn !== undefined) standIns.delete(standIn);
      await remove(folder);
    },
  };
}

async function eventsIn(url: string): Promise<string> {
  const store = await EventStoreDbEventStore.open(url);
  const events = await store.readAll(START, 1_000_000);
  await store.close();
  return JSON.stringify(events);
}

const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
