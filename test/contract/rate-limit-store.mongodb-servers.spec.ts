// What counts on a server have to stand, beyond the contract: a server that is gone or hangs, floods, and what others made there.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MongoConnection } from '../../src/adapters/mongodb/mongodb-connection.js';
import { IndexConflict } from '../../src/adapters/mongodb/index-errors.js';
import {
  MongoRateLimitStore,
  type MongoRateLimitOptions,
} from '../../src/adapters/mongodb/mongodb-rate-limit-store.js';
import type { RateLimit, RateLimitStore, Use } from '../../src/platform/http/index.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';

/** A machine that is busy with other tests is not a server that is down. */
const PATIENT_MS = 20_000;
const TIMEOUT_MS = 500;
/** Longer than it takes to open a second connection. */
const LATE_MS = 2_000;
const BACK = { timeout: 30_000 };

describe.skipIf(!hasMongoServer)('rate limits on a MongoDB server', () => {
  const fixture = mongoFixture();

  /** Another process on the same database; by way of the proxy with its URL. */
  function opened(through = fixture.url, options: MongoRateLimitOptions = {}): MongoRateLimitStore {
    const patient = through === fixture.url && { selectionTimeoutMs: PATIENT_MS };
    const connection = new MongoConnection(through, { ...patient });
    fixture.closing.push(() => connection.close());
    return new MongoRateLimitStore(connection, { timeoutMs: PATIENT_MS, ...options });
  }

  const limitOf = (points: number): RateLimit => ({ name: `test-${randomUUID()}`, points, windowSeconds: 600 });
  const use = (limit: RateLimit): Use => ({ limit, id: 'a', points: 1 });
  const isAllowed = async (store: RateLimitStore, limit: RateLimit) =>
    (await store.consume([use(limit)])).every(({ allowed }) => allowed);

  /** How many of so many uses are allowed. */
  async function allowedOf(count: number, store: RateLimitStore, limit: RateLimit): Promise<number> {
    let allowed = 0;
    for (let n = 0; n < count; n++) if (await isAllowed(store, limit)) allowed++;
    return allowed;
  }

  /** Whether what one counts, the other sees. */
  async function together(one: RateLimitStore, other: RateLimitStore): Promise<boolean> {
    const limit = limitOf(1);
    await one.consume([use(limit)]);
    return !(await isAllowed(other, limit));
  }

  const outages = {
    'is down': { begin: () => fixture.proxy.down(), end: () => fixture.proxy.up() },
    hangs: {
      begin: async () => void (fixture.proxy.onRequest = () => 'swallow'),
      end: async () => void (fixture.proxy.onRequest = () => 'pass'),
    },
  };

  describe.each(Object.entries(outages))('that %s', (_how, { begin, end }) => {
    it('are counted by each process alone, after one short wait, and together again by themselves', async () => {
      const told: string[] = [];
      const onChange = (reason?: unknown) => told.push(reason === undefined ? 'together' : 'alone');
      const other = opened();
      const store = opened(fixture.proxy.url, { timeoutMs: TIMEOUT_MS, onChange });
      await expect.poll(() => together(store, other), BACK).toBe(true);
      told.length = 0;
      await begin();
      const limit = limitOf(5);
      const since = performance.now();
      expect(await allowedOf(50, store, limit)).toBe(5);
      expect(performance.now() - since, 'one wait, not fifty').toBeLessThan(20 * TIMEOUT_MS);
      expect(told).toEqual(['alone']);
      await end();
      await expect.poll(() => together(store, other), BACK).toBe(true);
      expect(told.at(-1)).toBe('together');
    });

    it('at the start are counted alone, and together when it comes', async () => {
      await begin();
      const store = opened(fixture.proxy.url, { timeoutMs: TIMEOUT_MS });
      const since = performance.now();
      expect(await allowedOf(50, store, limitOf(5))).toBe(5);
      expect(performance.now() - since, 'one wait, not fifty').toBeLessThan(20 * TIMEOUT_MS);
      const refundable = { ...limitOf(5), refundable: true };
      const [verdict] = await store.consume([{ ...use(refundable), points: 5 }]);
      if (verdict !== undefined) await store.giveBack({ ...use(refundable), points: 2 }, verdict);
      expect(await allowedOf(5, store, refundable), 'given back alone, too').toBe(2);
      await end();
      const other = opened();
      await expect.poll(() => together(store, other), BACK).toBe(true);
    });
  });

  it('are not asked for any more by a flood of calls beyond twice the limit', async () => {
    const store = opened(fixture.proxy.url);
    const [limit, another] = [limitOf(5), limitOf(1_000)];
    let requests = 0;
    fixture.proxy.onRequest = (message) => {
      if (message.includes('findAndModify')) requests++;
      return 'pass';
    };
    for (let n = 0; n < 100; n++) await store.consume([use(limit), use(another)]);
    // Two for each of ten calls, and one to give a point back for each of the five that were refused.
    expect(requests).toBe(25);
    expect(await store.consume([use(another)])).toMatchObject([{ remaining: 1_000 - 5 - 1 }]);
  });

  it('of several in a call are asked for at the same time', async () => {
    const store = opened(fixture.proxy.url);
    await isAllowed(store, limitOf(1));
    let [underWay, most] = [0, 0];
    fixture.proxy.onRequest = (message) => {
      if (!message.includes('findAndModify')) return 'pass';
      most = Math.max(most, ++underWay);
      setTimeout(() => underWay--, LATE_MS);
      return LATE_MS;
    };
    await store.consume([use(limitOf(5)), use(limitOf(5))]);
    expect(most).toBe(2);
  });

  describe('need indexes that', () => {
    const indexes = async () => {
      const listed: Record<string, unknown>[] = await (
        await fixture.database()
      )
        .collection('rate-limits')
        .listIndexes()
        .toArray();
      return listed.map(({ name, unique, expireAfterSeconds }) => ({ name: String(name), unique, expireAfterSeconds }));
    };

    it('are made once, by however many at the same time', async () => {
      const made = await Promise.all(Array.from({ length: 5 }, () => opened().ensureIndexes()));
      expect(new Set(made.flat())).toEqual(new Set(['rate-limits.expire_-1', 'rate-limits.key_1']));
      expect(await opened().ensureIndexes()).toEqual([]);
      expect(await indexes()).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: 'key_1', unique: true }),
          expect.objectContaining({ name: 'expire_-1', expireAfterSeconds: 0 }),
        ]),
      );
    });

    it('are made with the first use where nobody did before', async () => {
      await isAllowed(opened(), limitOf(1));
      expect((await indexes()).map(({ name }) => name).toSorted()).toEqual(['_id_', 'expire_-1', 'key_1']);
    });

    it('are not made in the place of others, which are named; then each process counts alone', async () => {
      const collection = (await fixture.database()).collection('rate-limits');
      await collection.createIndex({ key: 1 }, { name: 'key_1' });
      const store = opened();
      await expect(store.ensureIndexes()).rejects.toThrow(IndexConflict);
      await expect(store.ensureIndexes()).rejects.toThrow(/"rate-limits".*key_1.*Drop it/);
      expect(await allowedOf(4, store, limitOf(2))).toBe(2);
      expect(await together(store, opened())).toBe(false);
    });
  });
});
