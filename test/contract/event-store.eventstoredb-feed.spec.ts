// What a gateway costs an EventStoreDB: subscriptions, and how often it is sent an event. On the stand-in, which counts.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventStoreDbEventStore } from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { EventFeed, NO_STREAM, Projector, rebuild } from '../../src/event-store/index.js';
import { PROJECTIONS, verify } from '../../src/operations/index.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { ledgerWithHistory } from '../support/ledger/history.js';
import { events, newStream } from './event-store.fixture.js';

let server: EventStoreServer;
let store: EventStoreDbEventStore;
let troubles: string[];
let ended: AbortController;
beforeEach(async () => {
  [troubles, ended] = [[], new AbortController()];
  server = await EventStoreServer.start();
  store = await EventStoreDbEventStore.open(server.url, { onTrouble: (error) => troubles.push(String(error)) });
});
afterEach(async () => {
  ended.abort();
  await store.close();
  await server.stop();
});

/** A ledger of every kind of event, moved to the server. Returns how many there are. */
async function movedLedger(): Promise<number> {
  const made = await ledgerWithHistory();
  for (const account of ['a', 'b', 'c']) {
    await made.open(account);
    await made.hold(account, `${account}1`);
    await made.settle(account, `${account}1`, 500);
  }
  await made.topUp('a', 't1');
  const log = await made.store.readAll(-1, 10_000);
  for (const { stream, revision, id, type, data, metadata } of log) {
    await store.append(stream, revision - 1, [{ id, type, data, metadata }]);
  }
  return log.length;
}

/** How many events of the log the server sent while `work` was done. */
async function ofLog(work: () => Promise<unknown>): Promise<number> {
  const before = server.counts.ofLog;
  await work();
  return server.counts.ofLog - before;
}

/** Keeps all read models until the end of the test. */
async function keepViews() {
  const readModels = new MemoryReadModelStore();
  const feed = new EventFeed(store);
  for (const projection of PROJECTIONS) void new Projector(store, readModels, projection).run(feed, ended.signal);
  const allSeen = async (): Promise<void> => {
    const head = await store.head();
    for (const { view } of PROJECTIONS) await expect.poll(() => readModels.checkpoint(view)).toBe(head);
  };
  await allSeen();
  await expect.poll(() => server.subscriptions).toBe(1);
  return allSeen;
}

it('a process that keeps all read models has one subscription, and is sent each event once', async () => {
  const before = await movedLedger();
  let allSeen = (): Promise<void> => Promise.resolve();
  const head = await ofLog(() => store.head()); // which is asked for here
  expect(await ofLog(async () => (allSeen = await keepViews()))).toBe(before + head);
  for (let times = 0; times < 30; times++) await store.append(newStream(), NO_STREAM, events(3));
  await allSeen();
  expect(server.counts).toMatchObject({ subscriptions: 1, bySubscription: 90 });
});

it('an append that is more than a live subscription may lag ends one subscription, and nobody misses anything', async () => {
  const allSeen = await keepViews();
  await store.append(newStream(), NO_STREAM, events(500));
  await allSeen();
  expect(troubles).toEqual([expect.stringContaining('Consumer too slow to handle event while live')]);
  expect(server.counts.subscriptions).toBe(2);
  expect(server.subscriptions).toBe(1);
});

it('a rebuild of all read models reads the log once, and so does a verification', async () => {
  const count = await movedLedger();
  const readModels = new MemoryReadModelStore();
  const head = await ofLog(() => store.head());
  expect(await ofLog(() => rebuild(store, readModels, PROJECTIONS))).toBe(count + head);
  for (const { view } of PROJECTIONS) expect(await readModels.checkpoint(view)).toBe(await store.head());
  expect(await ofLog(() => verify(store, readModels))).toBe(count + head);
});
