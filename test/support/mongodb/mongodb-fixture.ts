// One spec's database on the MongoDB server of the tests, with a network in between that can fail.
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import {
  MongoReadModelStore,
  type MongoReadModelOptions,
} from '../../../src/adapters/mongodb/mongodb-read-model-store.js';
import type { ViewDefinition } from '../../../src/event-store/read-model-store.js';
import { newView } from '../../contract/read-model-store.fixture.js';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.js';
import { startMongoServer, type MongoTestServer } from './mongodb-server.js';

/** How long a store of these specs respects the claim of another. */
export const CLAIM_MS = 1_000;

export interface MongoFixture {
  url: string;
  proxy: FaultyProxy;
  store: MongoReadModelStore;
  view: ViewDefinition;
  /** Another process on the same database; by way of `proxy` with its URL. */
  opened: (through?: string, options?: MongoReadModelOptions) => MongoReadModelStore;
  /** The database as an operator sees it. */
  database: () => Promise<mongoose.Connection>;
  /** The collections that hold rows. */
  collections: () => Promise<string[]>;
  /** Called after the test, the last one first. */
  closing: (() => Promise<unknown>)[];
}

/** For use in a `describe`: the members are set before each test. */
export function mongoFixture(): MongoFixture {
  const fixture = {} as MongoFixture;
  let server: MongoTestServer;

  beforeAll(async () => {
    server = await startMongoServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    const url = server.url();
    const proxy = await startFaultyProxy(url);
    Object.assign(fixture, { url, proxy, closing: [() => proxy.close()], view: newView(), ...ways(fixture) });
    fixture.store = fixture.opened();
  });
  afterEach(async () => {
    for (const close of fixture.closing.toReversed()) await close();
  });
  return fixture;
}

const ways = (fixture: MongoFixture): Pick<MongoFixture, 'opened' | 'database' | 'collections'> => ({
  opened(through = fixture.url, options = {}) {
    const made = MongoReadModelStore.open(through, { claimMs: CLAIM_MS, selectionTimeoutMs: 2_000, ...options });
    fixture.closing.push(() => made.close());
    return made;
  },
  async database() {
    const connection = await mongoose.createConnection(fixture.url).asPromise();
    fixture.closing.push(() => connection.close());
    return connection;
  },
  async collections() {
    const listed = await (await fixture.database()).listCollections();
    return listed.map(({ name }) => name).filter((name) => name.startsWith('rows.'));
  },
});
