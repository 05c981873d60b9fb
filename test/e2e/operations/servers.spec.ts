// Two gateways side by side on one EventStoreDB and one MongoDB, or on what stands in for them: what each sees of the other, and how they
// do without a server.
// Modes: servers. They are started one by one here.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CommandBus } from '@nestjs/cqrs';
import { usd } from '../../../src/kernel/index.js';
import { IssueKey, RevokeKey } from '../../../src/keys/index.js';
import { balances, GrantCredit, OpenAccount } from '../../../src/ledger/index.js';
import { ReadModelStore } from '../../../src/event-store/index.js';
import { EventStoreServer } from '../../support/event-store-server/event-store-server.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { type FaultyProxy, startFaultyProxy } from '../../support/mongodb/faulty-proxy.js';
import { dropDatabase, newDatabase } from '../../support/mongodb/mongodb-server.js';

let eventStore: EventStoreServer;
let database: string;
let wayToMongo: FaultyProxy;
let first: TestGateway;
let second: TestGateway;

const PERIOD_MS = 30_000;

const newGateway = (): Promise<TestGateway> =>
  startGateway({ env: { EVENT_STORE_URL: eventStore.url, READ_MODEL_URL: wayToMongo.url } });

async function newAccount(credit: string) {
  const commands = first.app.get(CommandBus);
  const accountId = await commands.execute(new OpenAccount());
  await commands.execute(new GrantCredit(accountId, { amount: usd(credit), reason: 'test' }));
  const { key, keyId } = await commands.execute(new IssueKey(accountId, { name: 'test' }));
  return { accountId, key, keyId };
}

function call({ url }: TestGateway, key: string, content = 'Hi'): Promise<Response> {
  const body = JSON.stringify({ model: 'gpt-4o-mini', max_tokens: 1_000, messages: [{ role: 'user', content }] });
  return fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body });
}

const balanceAt = async ({ url }: TestGateway, key: string): Promise<Record<string, unknown>> =>
  (await fetch(`${url}/v1/account/balance`, { headers: { authorization: `Bearer ${key}` } })).json() as Promise<
    Record<string, unknown>
  >;

describe('on servers', () => {
  beforeAll(async () => {
    eventStore = await EventStoreServer.start();
    database = newDatabase(inject('mongoUrl'));
    wayToMongo = await startFaultyProxy(database);
    first = await newGateway();
    second = await newGateway();
  });
  afterAll(async () => {
    await first.close();
    await second.close();
    await wayToMongo.close();
    await dropDatabase(database);
    await eventStore.stop();
  });

  describe('two gateways on the same servers', () => {
    it('take a key that one of them has just issued', async () => {
      const { key } = await newAccount('1');
      expect((await call(second, key)).status).toBe(200);
    });

    it('stop a key that one of them has revoked', async () => {
      const { accountId, key, keyId } = await newAccount('1');
      expect((await call(first, key)).status).toBe(200);
      await second.app.get(CommandBus).execute(new RevokeKey(accountId, keyId));
      expect((await call(first, key)).status).toBe(401);
      expect((await balanceAt(first, key))['error']).toMatchObject({ code: 'key_revoked' });
    });

    it('charge every call once, to the same balance', async () => {
      const { key } = await newAccount('10');
      const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => call(n % 2 ? first : second, key)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 60 }, () => 200));
      const costs = answers.map(({ headers }) => usd(headers.get('x-tokenhub-cost') ?? ''));
      const spent = costs.reduce((total, cost) => total + cost, 0n);
      const [here, there] = [await balanceAt(first, key), await balanceAt(second, key)];
      expect(usd('10') - usd(String(here['balance']))).toBe(spent);
      expect(here).toMatchObject({ held: '0.00' });
      expect(there).toEqual(here);
    });

    it('never let through more than there is, however they race', async () => {
      const { key } = await newAccount('0.005'); // each hold is a little over $0.0006
      const slow = '[[sandbox delay=6000]]'; // longer than it takes until all forty were decided;
      const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => call(n % 2 ? first : second, key, slow)));
      const admitted = answers.filter(({ status }) => status === 200).length;
      expect(admitted).toBeGreaterThan(0);
      expect(admitted).toBeLessThanOrEqual(8);
      expect(answers.filter(({ status }) => status !== 200 && status !== 402)).toEqual([]);
      expect(Number((await balanceAt(first, key))['available'])).toBeGreaterThanOrEqual(0);
    });

    it('ask for one subscription in all, of the one that keeps the read models, and are sent each event once', async () => {
      const { accountId, key } = await newAccount('10');
      const readModels = second.app.get(ReadModelStore);
      const charges = async () => (await readModels.load(balances.view, [accountId])).get(accountId)?.doc['charges'];
      const sent = () => eventStore.counts.bySubscription;
      await expect.poll(charges, { timeout: PERIOD_MS }).toBe(0);
      expect(eventStore.subscriptions).toBe(1);
      const before = sent();
      // Fewer events than a live subscription may be behind, or it might be dropped and sent some once more.
      await Promise.all(Array.from({ length: 10 }, (_, n) => call(n % 2 ? first : second, key)));
      await expect.poll(charges, { timeout: PERIOD_MS }).toBe(10);
      expect(sent() - before).toBe(20); // a hold and a charge each
    });

    it('keep one set of read models, and another takes over when the one that kept it is gone', async () => {
      const { accountId, key } = await newAccount('1');
      const readModels = second.app.get(ReadModelStore);
      const charges = async () => (await readModels.load(balances.view, [accountId])).get(accountId)?.doc['charges'];
      await call(second, key);
      await expect.poll(charges, { timeout: PERIOD_MS }).toBe(1);
      await first.close();
      first = await newGateway();
      await call(second, key);
      await expect.poll(charges, { timeout: PERIOD_MS }).toBe(2);
    });
  });

  describe('a gateway that loses a server', () => {
    const readiness = async () => {
      const answer = await fetch(`${first.url}/readyz`);
      const { checks } = (await answer.json()) as { checks: Record<string, unknown> };
      return { status: answer.status, checks };
    };

    it('answers 503 without the event store, forwards nothing, and recovers by itself', async () => {
      const { key } = await newAccount('1');
      expect((await call(first, key)).status).toBe(200);
      const forwarded = (await first.usageLines()).length;
      await eventStore.goDown();
      const refused = await call(first, key);
      expect(refused.status).toBe(503);
      expect(await refused.json()).toMatchObject({ error: { type: 'service_unavailable' } });
      expect(await first.usageLines()).toHaveLength(forwarded);
      expect(await readiness()).toMatchObject({ status: 503, checks: { eventStore: 'down' } });
      await eventStore.comeBack();
      await expect.poll(async () => (await call(first, key)).status, { timeout: PERIOD_MS, interval: 500 }).toBe(200);
      expect(await readiness()).toMatchObject({ status: 200, checks: { eventStore: 'up' } });
      expect(await balanceAt(second, key)).toMatchObject({ held: '0.00' });
    });

    it('goes on calling without the read models, says so, and catches up', async () => {
      const { accountId, key } = await newAccount('1');
      await call(first, key);
      await wayToMongo.down();
      expect((await call(first, key)).status).toBe(200);
      expect(await readiness()).toMatchObject({ status: 200, checks: { eventStore: 'up', readModels: 'down' } });
      await wayToMongo.up();
      const readModels = second.app.get(ReadModelStore);
      const charges = async () => {
        const rows = await readModels.load(balances.view, [accountId]).catch(() => undefined);
        return rows?.get(accountId)?.doc['charges'];
      };
      await expect.poll(charges, { timeout: PERIOD_MS }).toBe(2);
    });
  });
});
