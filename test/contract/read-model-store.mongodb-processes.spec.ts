// What a store on a server has to stand, beyond the contract: races between processes, crashes between steps, a server that is gone.
import { describe, expect, it } from 'vitest';
import type { MongoReadModelStore } from '../../src/adapters/mongodb/mongodb-read-model-store.js';
import { ReadModelsUnavailable, START } from '../../src/event-store/index.js';
import { until } from '../support/gateway/until.js';
import { CLAIM_MS, mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';
import { markAt, row } from './read-model-store.fixture.js';

describe.skipIf(!hasMongoServer)('read models on a MongoDB server', () => {
  const fixture = mongoFixture();

  describe('of several processes', () => {
    it('one of two applies each batch, and its rows are those that stand', async () => {
      const { store, view, opened } = fixture;
      const other = opened();
      for (let from = START; from < 40; from++) {
        const to = from + 1;
        const batch = (who: string) => ({ rows: [row(who, to), row('both', to, { who })], checkpoint: { from, to } });
        const applied = await Promise.all([store.apply(view, batch('a')), other.apply(view, batch('b'))]);
        expect(applied.toSorted()).toEqual([false, true]);
        const winner = applied[0] ? 'a' : 'b';
        const rows = await store.load(view, ['a', 'b', 'both']);
        expect(rows.get('both')).toEqual(row('both', to, { who: winner }));
        expect(rows.get(winner)?.position).toBe(to);
        expect(rows.get(winner === 'a' ? 'b' : 'a')?.position).not.toBe(to);
      }
      expect(await other.checkpoint(view)).toBe(40);
    });

    it('each overwrites a row by a later position only, also when both make it', async () => {
      const { store, view, opened } = fixture;
      const stores = [store, opened(), opened()];
      for (let round = 0; round < 20; round++) {
        const positions = [3, 1, 2].map((n) => n * 10 + round);
        const writes = stores.map((each, n) => each.apply(view, { rows: [row(`${round}`, positions[n] ?? 0)] }));
        await Promise.all(writes);
        expect((await store.load(view, [`${round}`])).get(`${round}`)?.position).toBe(30 + round);
      }
    });

    it('one whose new row another makes at the same moment overwrites it all the same', async () => {
      const { store, view, proxy, opened } = fixture;
      await store.apply(view, { rows: [row('a', 4), row('b', 6)] });
      // What a server says to one of two upserts that both found nothing.
      const taken = [0, 1].map((index) => ({ index, code: 11_000, errmsg: 'E11000 duplicate key' }));
      let raced = false;
      proxy.onRequest = (message) => {
        if (raced || !message.includes('upsert') || message.includes('catalogue')) return 'pass';
        raced = true;
        return { ok: 1, n: 0, nModified: 0, writeErrors: taken };
      };
      expect(await opened(proxy.url).apply(view, { rows: [row('a', 5), row('b', 5)] })).toBe(true);
      expect(raced).toBe(true);
      expect(await store.find(view, {})).toEqual([row('a', 5), row('b', 6)]);
    });

    it('all see a rebuilt view at once, and write to it', async () => {
      const { store, view, opened } = fixture;
      const other = opened();
      const rebuilt = { ...view, name: `${view.name}-rebuild` };
      await other.apply(view, { rows: [row('old', 1)], checkpoint: { from: START, to: 1 } });
      await store.apply(rebuilt, { rows: [row('new', 1)], checkpoint: { from: START, to: 2 } });
      expect(await other.find(view, {})).toEqual([row('old', 1)]);
      await store.replace(view, rebuilt);
      expect(await other.find(view, {})).toEqual([row('new', 1)]);
      expect(await other.apply(view, { rows: [row('late', 9)], checkpoint: { from: 1, to: 9 } })).toBe(false);
      await store.apply(rebuilt, { rows: [row('newer', 1)], checkpoint: { from: START, to: 2 } });
      await store.replace(view, rebuilt);
      expect(await other.apply(view, { rows: [row('unguarded', 3)] })).toBe(true);
      expect(await other.apply(view, { rows: [row('guarded', 3)], checkpoint: { from: 2, to: 3 } })).toBe(true);
      expect((await store.find(view, {})).map(({ id }) => id)).toEqual(['guarded', 'newer', 'unguarded']);
    });

    it('leave no collection behind when views are rebuilt', async () => {
      const { store, view, opened, collections } = fixture;
      const other = opened();
      const rebuilt = { ...view, name: `${view.name}-rebuild` };
      for (let round = 0; round < 3; round++) {
        await other.apply(view, { rows: [row('a', round)] });
        await store.apply(rebuilt, { rows: [row('b', round)] });
        await store.replace(view, rebuilt);
      }
      await store.ensureViews([view]);
      expect(await collections()).toHaveLength(1);
    });
  });

  describe('a crash', () => {
    /** True for a write to the catalogue that ends a claim or puts a view in the place of another. */
    const isLastStep = (message: Buffer): boolean => message.includes('catalogue') && message.includes('$unset');

    /** A process that dies when it is about to take its last step. */
    function dying(): MongoReadModelStore {
      const { proxy, opened } = fixture;
      let dead = false;
      proxy.onRequest = (message) => {
        dead ||= isLastStep(message);
        return dead ? 'cut' : 'pass';
      };
      return opened(proxy.url, { operationTimeoutMs: 5_000 });
    }

    it('between rows and checkpoint changes nothing when the batch comes again', async () => {
      const { store, view } = fixture;
      const batch = { rows: [row('a', 5, { n: 1 })], checkpoint: { from: START, to: 5 } };
      await expect(dying().apply(view, batch)).rejects.toThrow(ReadModelsUnavailable);
      expect(await store.find(view, {})).toEqual(batch.rows);
      expect(await store.checkpoint(view)).toBe(START);
      const again = { rows: [row('a', 5, { n: 2 }), row('b', 6)], checkpoint: { from: START, to: 6 } };
      expect(await store.apply(view, again)).toBe(true);
      expect(await store.find(view, {})).toEqual([row('a', 5, { n: 1 }), row('b', 6)]);
      expect(await store.checkpoint(view)).toBe(6);
    });

    it('keeps others waiting for the time of its claim, and no longer', async () => {
      const { store, view } = fixture;
      await store.apply(view, { rows: [], checkpoint: { from: START, to: 0 } });
      const batch = { rows: [row('a', 5)], checkpoint: { from: 0, to: 5 } };
      await expect(dying().apply(view, batch)).rejects.toThrow(ReadModelsUnavailable);
      const since = performance.now();
      expect(await store.apply(view, { rows: [], checkpoint: { from: 0, to: 5 } })).toBe(true);
      expect(performance.now() - since).toBeGreaterThan(CLAIM_MS * 0.9);
    });

    it.each([[[]], [[row('b', 3)]]])('leaves a mark that no shorter batch takes back: %j', async (rows) => {
      const { store, view } = fixture;
      await store.apply(view, { rows: [], checkpoint: { from: START, to: 0, mark: markAt(0) } });
      const batch = { rows: [row('a', 5)], checkpoint: { from: 0, to: 5, mark: markAt(5) } };
      await expect(dying().apply(view, batch)).rejects.toThrow(ReadModelsUnavailable);
      expect([await store.checkpoint(view), await store.mark(view)]).toEqual([0, markAt(5)]);
      expect(await store.apply(view, { rows, checkpoint: { from: 0, to: 3, mark: markAt(3) } })).toBe(true);
      expect([await store.checkpoint(view), await store.mark(view)]).toEqual([3, markAt(5)]);
      expect(await store.apply(view, { rows: [], checkpoint: { from: 3, to: 4, mark: markAt(4) } })).toBe(true);
      expect(await store.mark(view)).toEqual(markAt(5));
      expect(await store.apply(view, { rows: [], checkpoint: { from: 4, to: 6, mark: markAt(6) } })).toBe(true);
      expect(await store.mark(view)).toEqual(markAt(6));
    });

    it('that was none: a projector that stood still is told that another has gone on', async () => {
      const { store, view, proxy, opened } = fixture;
      await store.apply(view, { rows: [], checkpoint: { from: START, to: 0 } });
      proxy.onRequest = (message) => (isLastStep(message) ? 4 * CLAIM_MS : 'pass');
      const batch = (to: number, who: string) => ({ rows: [row('a', to, { who })], checkpoint: { from: 0, to } });
      const slow = opened(proxy.url).apply(view, batch(5, 'slow'));
      await until('the row of the slow one', async () => (await store.load(view, ['a'])).has('a'));
      expect(await store.load(view, ['a'])).toEqual(new Map([['a', batch(5, 'slow').rows[0]]]));
      expect(await store.apply(view, batch(7, 'other'))).toBe(true);
      expect(await slow).toBe(false);
      expect(await store.find(view, {})).toEqual(batch(7, 'other').rows);
      expect(await store.checkpoint(view)).toBe(7);
    });

    it('before or after a rebuilt view takes its place leaves one whole view', async () => {
      const { store, view, proxy, opened, collections } = fixture;
      const rebuilt = { ...view, name: `${view.name}-rebuild` };
      await store.apply(view, { rows: [row('old', 1)], checkpoint: { from: START, to: 1 } });
      await store.apply(rebuilt, { rows: [row('new', 1)], checkpoint: { from: START, to: 2 } });
      await expect(dying().replace(view, rebuilt)).rejects.toThrow(ReadModelsUnavailable);
      expect(await store.find(view, {})).toEqual([row('old', 1)]);
      expect(await store.checkpoint(rebuilt)).toBe(2);
      proxy.onRequest = (message) => (message.includes('listCollections') ? 'cut' : 'pass');
      await opened(proxy.url).replace(view, rebuilt);
      expect(await store.find(view, {})).toEqual([row('new', 1)]);
      expect(await store.checkpoint(view)).toBe(2);
      expect(await collections()).toHaveLength(2);
      await store.ensureViews([view]);
      expect(await collections()).toHaveLength(1);
    });
  });

  describe('a server that is gone', () => {
    it('refuses calls in time, also at the start, and they work again by themselves', async () => {
      const { view, proxy, opened } = fixture;
      await proxy.down();
      const remote = opened(proxy.url);
      const since = performance.now();
      await expect(remote.find(view, {})).rejects.toThrow(ReadModelsUnavailable);
      expect(performance.now() - since).toBeLessThan(5_000);
      await proxy.up();
      await expect.poll(() => remote.apply(view, { rows: [row('a', 1)] }).catch(String)).toBe(true);
      await proxy.down();
      await expect(remote.find(view, {})).rejects.toThrow(ReadModelsUnavailable);
      await expect(remote.apply(view, { rows: [row('a', 2)] })).rejects.toThrow(ReadModelsUnavailable);
      await proxy.up();
      await expect.poll(() => remote.find(view, {}).catch(String)).toEqual([row('a', 1)]);
    });

    it('is given up after the operation timeout when it takes calls and answers none', async () => {
      const { view, proxy, opened } = fixture;
      const remote = opened(proxy.url, { operationTimeoutMs: 1_000 });
      await remote.apply(view, { rows: [row('a', 1)] });
      proxy.onRequest = () => 'swallow';
      const since = performance.now();
      await expect(remote.find(view, {})).rejects.toThrow(ReadModelsUnavailable);
      expect(performance.now() - since).toBeLessThan(5_000);
      proxy.onRequest = () => 'pass';
      await expect.poll(() => remote.find(view, {}).catch(String)).toEqual([row('a', 1)]);
    });

    it('is not called any more once the store is closed', async () => {
      const { store, view } = fixture;
      await store.close();
      await expect(store.find(view, {})).rejects.toThrow(ReadModelsUnavailable);
    });
  });
});
