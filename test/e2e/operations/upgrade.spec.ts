// Gateways of two releases on the same EventStoreDB and MongoDB, or on what stands in for them, during a rolling upgrade.
// Modes: embedded. It brings servers of its own.
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/platform/config.js';
import {
  EventFeed,
  emptyView,
  EventStore,
  type Projection,
  rebuild,
  ReadModelStore,
  ViewBehind,
  WaitFor,
} from '../../../src/event-store/index.js';
import { SystemClock } from '../../../src/kernel/index.js';
import { Accounts, balances } from '../../../src/ledger/index.js';
import { Metrics } from '../../../src/platform/metrics.js';
import { PeriodicWorkers } from '../../../src/platform/periodic-workers.js';
import { ProjectionRunner } from '../../../src/operations/workers/projection-runner.js';
import { chat, errorOf, get, jsonOf, post } from '../../support/gateway/calls.js';
import { EventStoreServer } from '../../support/event-store-server/event-store-server.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { until } from '../../support/gateway/until.js';
import { type FaultyProxy, startFaultyProxy } from '../../support/mongodb/faulty-proxy.js';
import { hasMongoServer, type MongoTestServer, startMongoServer } from '../../support/mongodb/mongodb-server.js';

/** What the next release makes of accounts. */
const next: Projection = {
  view: { name: 'balances-2', indexes: [['spent']] },
  rowId: (event) => balances.rowId(event),
  step: (row, event) => ({ ...(balances as Projection).step(row, event), version: 2 }),
};

describe.skipIf(!hasMongoServer)('on servers', () => {
  let eventStore: EventStoreServer;
  let mongo: MongoTestServer;
  let wayToMongo: FaultyProxy;
  let first: TestGateway;
  let second: TestGateway;

  beforeAll(async () => {
    eventStore = await EventStoreServer.start();
    mongo = await startMongoServer();
    wayToMongo = await startFaultyProxy(mongo.url());
    const env = { EVENT_STORE_URL: eventStore.url, READ_MODEL_URL: wayToMongo.url };
    first = await startGateway({ env });
    second = await startGateway({ env });
  });
  afterAll(async () => {
    await first.close();
    await second.close();
    await wayToMongo.close();
    await mongo.stop();
    await eventStore.stop();
  });

  const chargeOf = async (key: string): Promise<string> =>
    (await post(first.url, key, chat('Hi'))).headers.get('x-tokenhub-charge-id') ?? '';
  const readFromSecond = (key: string, id: string) => get(second.url, `/v1/charges/${id}`, key);

  it('a client reads its charge at once, from whichever gateway', async () => {
    const { key } = await first.desk.account();
    for (let round = 0; round < 5; round++) {
      const id = await chargeOf(key);
      const answer = await readFromSecond(key, id);
      expect([answer.status, jsonOf(answer)]).toMatchObject([200, { id, status: 'charged' }]);
    }
  });

  it('a client is told that charges can’t be read without MongoDB, and reads them when it is back', async () => {
    const { key } = await first.desk.account();
    await wayToMongo.down();
    const id = await chargeOf(key);
    const refused = await readFromSecond(key, id);
    expect(errorOf(refused)).toMatchObject({ status: 503, type: 'service_unavailable' });
    expect(refused.headers.has('retry-after')).toBe(true);
    await wayToMongo.up();
    await until('the charge', async () => (await readFromSecond(key, id)).status === 200);
  });

  describe('a gateway of the next release', () => {
    let readModels: ReadModelStore;
    let store: EventStore;
    let runner: ProjectionRunner;

    const chargesOf = async (view: typeof next.view, accountId: string) =>
      (await readModels.load(view, [accountId])).get(accountId)?.doc['charges'];

    beforeAll(() => {
      readModels = second.app.get(ReadModelStore);
      store = second.app.get(EventStore);
      const config = loadConfig({ EVENT_STORE_URL: eventStore.url });
      const [metrics, accounts] = [new Metrics(), new Accounts(store, readModels)];
      const silent = pino({ level: 'silent' });
      const workers = new PeriodicWorkers(silent);
      const [clock, feed] = [new SystemClock(), new EventFeed(store)];
      runner = new ProjectionRunner(store, readModels, metrics, accounts, clock, workers, silent, config, [next], feed);
    });

    it('builds its version beside the old one, and both go on until the old one is dropped', async () => {
      const { id, key } = await first.desk.account();
      await chargeOf(key);
      await expect(new WaitFor(store, readModels, 300).head(next.view)).rejects.toThrow(ViewBehind);
      runner.onApplicationBootstrap();
      const wait = new WaitFor(store, readModels, 30_000);
      await wait.head(next.view);
      expect(await chargesOf(next.view, id)).toBe(1);
      await chargeOf(key);
      await Promise.all([wait.head(next.view), wait.head(balances.view)]);
      expect([await chargesOf(next.view, id), await chargesOf(balances.view, id)]).toEqual([2, 2]);

      await emptyView(readModels, balances.view);
      await chargeOf(key);
      await wait.head(next.view);
      expect(await chargesOf(next.view, id)).toBe(3);
    });

    it('keeps its view while it is rebuilt, and nothing that was there is ever missing', async () => {
      const { id, key } = await first.desk.account();
      let isDone = false;
      const rebuilding = (async () => {
        for (let round = 0; round < 5; round++) await rebuild(store, readModels, [next]);
      })().finally(() => (isDone = true));
      const wait = new WaitFor(store, readModels, 30_000);
      let calls = 0;
      while (!isDone) {
        await chargeOf(key);
        calls++;
        await wait.head(next.view);
        expect(await chargesOf(next.view, id)).toBe(calls);
      }
      await rebuilding;
      await runner.onApplicationShutdown();
      expect(calls).toBeGreaterThan(1);
    });
  });
});
