// What a customer's call waits for while a MongoDB server is down or hangs.
import { describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../../src/adapters/memory/memory-event-store.js';
import type { MongoReadModelStore } from '../../src/adapters/mongodb/mongodb-read-model-store.js';
import { ReadModelsUnavailable } from '../../src/event-store/index.js';
import { Accounts } from '../../src/ledger/index.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';
import { row } from './read-model-store.fixture.js';

const WITHIN_MS = 400;

describe.skipIf(!hasMongoServer)('read models on a MongoDB server', () => {
  const fixture = mongoFixture();

  describe.each(['is down', 'hangs'])('that %s', (outage) => {
    const begin = async () => {
      if (outage === 'hangs') fixture.proxy.onRequest = () => 'swallow';
      else await fixture.proxy.down();
    };
    const end = async () => {
      fixture.proxy.onRequest = () => 'pass';
      if (outage === 'is down') await fixture.proxy.up();
    };
    const opened = (): MongoReadModelStore => fixture.opened(fixture.proxy.url, { selectionTimeoutMs: 2_000 });

    it('keep a call waiting once for its short time, and are there again by themselves', async () => {
      const { view } = fixture;
      const there = new Map([['a', row('a', 1)]]);
      await fixture.opened(fixture.url, { selectionTimeoutMs: 20_000 }).apply(view, { rows: [row('a', 1)] });
      const store = opened();
      const load = () => store.load(view, ['a'], { withinMs: WITHIN_MS });
      const loaded = () => load().catch(() => new Map());
      await expect.poll(loaded, { timeout: 30_000 }).toEqual(there);
      await begin();
      const since = performance.now();
      for (let n = 0; n < 20; n++) await expect(load()).rejects.toThrow(ReadModelsUnavailable);
      expect(performance.now() - since, 'one wait, not twenty').toBeLessThan(15 * WITHIN_MS);
      await end();
      await expect.poll(loaded, { timeout: 30_000 }).toEqual(there);
    });

    it('let accounts be read without their snapshots', async () => {
      await begin();
      const accounts = new Accounts(new MemoryEventStore(), opened());
      const since = performance.now();
      for (let n = 0; n < 20; n++) expect(await accounts.read(`a${n}`, ({ accountId }) => accountId)).toBeUndefined();
      expect(performance.now() - since).toBeLessThan(5_000);
      await end();
    });
  });

  it.each(['cut', 'lose'] as const)(
    'are unavailable when the network fails a write of many rows (%s), which may be repeated',
    async (fate) => {
      const { view, proxy } = fixture;
      const store = fixture.opened(proxy.url, { selectionTimeoutMs: 20_000 });
      await store.apply(view, { rows: [row('a', 1)] });
      proxy.onRequest = (message) => (message.includes('\x02update\0') ? fate : 'pass');
      const rows = [row('a', 2), row('b', 2)];
      await expect(store.apply(view, { rows })).rejects.toThrow(ReadModelsUnavailable);
      proxy.onRequest = () => 'pass';
      expect(await store.apply(view, { rows })).toBe(true);
      expect(await store.find(view, {})).toEqual(rows);
    },
  );
});
