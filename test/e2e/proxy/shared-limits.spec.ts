// Limits of keys over two gateways on the same servers.
// Modes: embedded. It brings servers and a second gateway of its own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UpdateKey } from '../../../src/keys/index.js';
import { EventStoreServer } from '../../support/event-store-server/event-store-server.js';
import { type Answer, chat, errorOf, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { type FaultyProxy, startFaultyProxy } from '../../support/mongodb/faulty-proxy.js';
import { hasMongoServer, type MongoTestServer, startMongoServer } from '../../support/mongodb/mongodb-server.js';

/** A machine that is busy with other tests is not a server that hangs. */
const TIMEOUT_MS = 5_000;

let eventStore: EventStoreServer;
let mongo: MongoTestServer;
let wayToMongo: FaultyProxy;
let first: TestGateway;
let second: TestGateway;

const newGateway = (env: Readonly<Record<string, string>> = {}): Promise<TestGateway> =>
  startGateway({
    env: {
      EVENT_STORE_URL: eventStore.url,
      READ_MODEL_URL: wayToMongo.url,
      RATE_LIMIT_TIMEOUT_MS: String(TIMEOUT_MS),
      ACCOUNT_REQUESTS_PER_MINUTE: '30',
      ...env,
    },
  });

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

/** Calls that are refused for their body: they count, and cost nothing. */
const call = (gateway: TestGateway, key: string) => post(gateway.url, key, chat('Hi', { n: 0 }));

/** The answers to so many calls at once, every other one to the other gateway. */
const calls = (count: number, key: string): Promise<Answer[]> =>
  Promise.all(times(count, (n) => call(n % 2 ? first : second, key)));

const admitted = (answers: readonly Answer[]): number => answers.filter(({ status }) => status === 400).length;

describe.skipIf(!hasMongoServer)('two gateways on the same servers', () => {
  beforeAll(async () => {
    eventStore = await EventStoreServer.start();
    mongo = await startMongoServer();
    wayToMongo = await startFaultyProxy(mongo.url());
    [first, second] = await Promise.all([newGateway(), newGateway()]);
  });
  afterAll(async () => {
    await Promise.all([first.close(), second.close()]);
    await wayToMongo.close();
    await mongo.stop();
    await eventStore.stop();
  });

  it('give a key exactly its requests per minute, however they race', async () => {
    const { key } = await first.desk.account('5.00', { requestsPerMinute: 12 });
    const answers = await calls(40, key);
    expect(admitted(answers)).toBe(12);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(28);
    expect(errorOf(await call(first, key)).message).toContain('This API key has reached its limit of 12');
    const left = answers.filter(({ status }) => status === 400).map((answer) => remaining(answer));
    expect(left.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, n) => n));
  });

  it('give an account exactly its own, of which refused calls of one key take nothing from the others', async () => {
    const account = await first.desk.account('5.00', { requestsPerMinute: 10 });
    expect(admitted(await calls(40, account.key))).toBe(10);
    const { key } = await account.issueKey();
    const answers = await calls(30, key);
    expect(admitted(answers)).toBe(20);
    expect(errorOf(await call(second, key)).message).toContain('This account has reached its limit of 30');
  });

  it('give a key its tokens per minute once, each counting what calls of the other used', async () => {
    const account = await first.desk.account('5.00', { tokensPerMinute: 1_000 });
    const ask = (gateway: TestGateway, cap: number) => post(gateway.url, account.key, chat('Hi', { max_tokens: cap }));
    expect((await ask(first, 950)).status).toBe(200);
    const { usage } = await account.charge();
    const left = 1_000 - usage.totalTokens;
    await expect
      .poll(async () => errorOf(await ask(second, 1_000)).message)
      .toContain(`has used ${usage.totalTokens};`);
    expect((await ask(second, left + 1)).status).toBe(429);
    const answer = await ask(second, left);
    expect([answer.status, answer.headers.get('x-ratelimit-remaining-tokens')]).toEqual([200, '0']);
  });

  it('give a key exactly its calls at the same time, however they race', async () => {
    const { key } = await first.desk.account('5.00', { parallelRequests: 3 });
    const slow = chat('[[sandbox delay=3000]]');
    const answers = await Promise.all(times(12, (n) => post((n % 2 ? first : second).url, key, slow)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(9);
    for (const answer of refused) expect(errorOf(answer).message).toContain('its limit is 3 at the same time');
  });

  it('both go by a limit that one of them has just widened', async () => {
    const account = await first.desk.account('5.00', { requestsPerMinute: 2 });
    await calls(2, account.key);
    expect((await call(first, account.key)).status).toBe(429);
    const { commands } = second.desk;
    await commands.execute(
      new UpdateKey(account.id, account.keyId, { settings: { name: 'wider', requestsPerMinute: 5 } }),
    );
    await expect.poll(async () => (await call(first, account.key)).status).toBe(400);
    expect(remaining(await call(second, account.key))).toBe(3);
  });

  it.each(['is down', 'hangs'])(
    'count alone while MongoDB %s, and go on billing, also when they start then',
    async (outage) => {
      const gateway = await newGateway({ RATE_LIMIT_TIMEOUT_MS: '500' });
      if (outage === 'hangs') wayToMongo.onRequest = () => 'swallow';
      else await wayToMongo.down();
      const late = await newGateway({ RATE_LIMIT_TIMEOUT_MS: '500' });
      const account = await gateway.desk.account('5.00', { requestsPerMinute: 4 });
      for (const each of [gateway, late]) {
        const statuses: number[] = [];
        for (let n = 0; n < 6; n++) statuses.push((await post(each.url, account.key, chat('Hi'))).status);
        expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
      }
      expect((await account.ending()).charged).toHaveLength(8);
      wayToMongo.onRequest = () => 'pass';
      if (outage === 'is down') await wayToMongo.up();
      const together = async () => {
        const { key } = await gateway.desk.account('5.00', { requestsPerMinute: 1 });
        return [await call(gateway, key), await call(late, key)].map(({ status }) => status);
      };
      await expect.poll(together, { timeout: 30_000 }).toEqual([400, 429]);
      await Promise.all([gateway.close(), late.close()]);
    },
  );
});

const remaining = ({ headers }: Answer): number => Number(headers.get('x-ratelimit-remaining-requests'));
