// Whatever a ledger holds and whatever happens on the way: it arrives whole, in order, once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventStoreDbEventStore } from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { MemoryEventStore } from '../../src/adapters/memory/memory-event-store.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/sqlite-event-store.js';
import { type EventStore, START } from '../../src/event-store/index.js';
import { StoreMigration } from '../../src/operations/migrate/migrate-store.js';
import { readAllOf } from '../contract/event-store.fixture.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { APPEND_FAULTS } from '../support/event-store-server/faults.js';
import { fill, logs } from '../support/ledger/logs.js';

const DEADLINE_MS = 250;
let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
});
afterAll(() => rm(folder, { recursive: true }));

const newFile = (): Promise<EventStore> => SqliteEventStore.open(join(folder, `${files++}.db`));

/** Runs on a server of its own that is empty. */
async function onServer(work: (store: EventStore, server: EventStoreServer) => Promise<void>): Promise<void> {
  const server = await EventStoreServer.start();
  const store = await EventStoreDbEventStore.open(server.url, { deadlineMs: DEADLINE_MS });
  try {
    await work(store, server);
  } finally {
    await store.close();
    await server.stop();
  }
}

/** All of a log but what each store has of its own: positions, and that metadata holds the time of an event that was moved. */
const contents = async (store: EventStore) =>
  (await readAllOf(store, START, 1_000)).map(({ stream, revision, id, type, data, metadata, recordedAt }) => {
    return { stream, revision, id, type, data, hash: metadata['hash'], recordedAt };
  });

/** Moves, and is killed as often as it is told to, after so many appends each time; then runs to its end. */
async function moveWithKills(source: EventStore, destination: EventStore, kills: readonly number[]) {
  const move = () => new StoreMigration(source, destination, { patienceMs: 20_000 }).run();
  const append = destination.append.bind(destination);
  for (const appends of kills) {
    let left = appends;
    destination.append = async (...args) => {
      if (left-- === 0) throw new Error('killed');
      await append(...args);
    };
    const end = await move().then(
      () => 'moved',
      (error: Error) => error.message,
    );
    expect(end).toMatch(/moved|killed/);
  }
  destination.append = append;
  return move();
}

const kills = fc.array(fc.nat({ max: 20 }), { maxLength: 3 });
const faults = fc.array(fc.constantFrom(...APPEND_FAULTS), { maxLength: 3 });

it('a file moved to a server and back to a file is the same ledger, however often the move was killed', async () => {
  const property = fc.asyncProperty(logs, kills, async (appends, interruptions) => {
    const [source, back] = [await newFile(), await newFile()];
    await fill(source, appends);
    const events = await contents(source);
    const streams = new Set(events.map(({ stream }) => stream)).size;
    await onServer(async (server) => {
      const there = await moveWithKills(source, server, interruptions);
      expect(there).toMatchObject({ streams, events: events.length, faults: [] });
      expect(await contents(server)).toEqual(events);
      expect(await moveWithKills(server, back, interruptions)).toMatchObject({ events: events.length, faults: [] });
      expect(await contents(back)).toEqual(events);
    });
    await Promise.all([source.close(), back.close()]);
  });
  await fc.assert(property, { numRuns: 12 });
});

it('nothing is lost, doubled or out of order, whatever the server does wrong and whenever the move is killed', async () => {
  const property = fc.asyncProperty(logs, kills, faults, async (appends, interruptions, misfortunes) => {
    const source = new MemoryEventStore();
    await fill(source, appends);
    await onServer(async (destination, server) => {
      server.faults.appends.push(...misfortunes);
      const report = await moveWithKills(source, destination, interruptions);
      expect(report).toMatchObject({ faults: [] });
      expect(await contents(destination)).toEqual(await contents(source));
    });
  });
  await fc.assert(property, { numRuns: 15 });
});

it('a server that restarts in the middle is waited for', async () => {
  const property = fc.asyncProperty(logs, fc.nat({ max: 15 }), async (appends, when) => {
    const source = new MemoryEventStore();
    await fill(source, appends);
    await onServer(async (destination, server) => {
      let left = when;
      server.log.on('commit', () => {
        if (left-- === 0) void server.goDown().then(() => setTimeout(() => void server.comeBack(), 100));
      });
      const report = await new StoreMigration(source, destination, { patienceMs: 20_000 }).run();
      expect(report).toMatchObject({ faults: [] });
      expect(await contents(destination)).toEqual(await contents(source));
    });
  });
  await fc.assert(property, { numRuns: 8 });
});
