// The event store is gone, hangs, or loses replies: calls are refused before anything is forwarded, what is under way is charged later,
// and nobody has to lend a hand.
// Modes: embedded. It brings an event store of its own.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EventStore, ReadModelStore, verifyChain } from '../../../src/event-store/index.js';
import { verify } from '../../../src/operations/index.js';
import { EventStoreServer } from '../../support/event-store-server/event-store-server.js';
import { type Answer, chat, errorOf, jsonOf, MODEL, post, request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, NOTHING, released, type TestAccount } from '../../support/gateway/ledger-desk.js';
import { costOf } from '../../support/gateway/price-check.js';
import { RawClient } from '../../support/gateway/raw-client.js';
import { readStream } from '../../support/gateway/streams.js';
import { until } from '../../support/gateway/until.js';

const HOLD_TIMEOUT_MS = 5_000;
/** What a loaded machine may add. */
const SLACK_MS = 5_000;
/** At once, on a loaded machine; without waiting for a hold in any case. */
const AT_ONCE_MS = HOLD_TIMEOUT_MS - 1_000;

let server: EventStoreServer;
let gateway: TestGateway;
beforeAll(async () => {
  server = await EventStoreServer.start();
});
afterAll(() => server.stop());

/** A gateway for the tests of a block. */
function gatewayWith(env: Readonly<Record<string, string>>): void {
  beforeAll(async () => {
    gateway = await startGateway({ env: { EVENT_STORE_URL: server.url, SHUTDOWN_TIMEOUT_MS: '2000', ...env } });
  });
  afterAll(() => gateway.close());
}

/** The same call as often as asked, at once, with how long each answer took. */
const burst = (account: TestAccount, calls: number) =>
  Promise.all(
    Array.from({ length: calls }, async () => {
      const started = performance.now();
      const answer = await post(gateway.url, account.key, chat('Hi', { max_tokens: 5 }));
      return { answer, ms: performance.now() - started };
    }),
  );

const refusal = { status: 503, type: 'service_unavailable', code: 'service_unavailable' };

/** Nothing is forwarded of calls that are all refused in time, and the client is told when to come again. */
async function expectRefused(account: TestAccount, calls: number, limitMs: number): Promise<void> {
  const forwarded = (await gateway.usageLines()).length;
  for (const { answer, ms } of await burst(account, calls)) {
    expect(errorOf(answer)).toMatchObject(refusal);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(ms).toBeLessThan(limitMs);
  }
  expect(await gateway.usageLines()).toHaveLength(forwarded);
}

const isAnswered = async (account: TestAccount): Promise<boolean> =>
  (await post(gateway.url, account.key, chat('Hi'))).status === 200;

/** Resolves with how long it took until a call was answered again. */
async function recovery(account: TestAccount): Promise<number> {
  const started = performance.now();
  await until('an answer', () => isAnswered(account));
  return performance.now() - started;
}

async function checksOf(): Promise<unknown> {
  return jsonOf(await request(`${gateway.url}/readyz`))['checks'];
}

async function metric(name: string): Promise<number> {
  const { text } = await request(`${gateway.url}/metrics`);
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}

async function costIn(requestId: string): Promise<string> {
  const usage = (await gateway.usageLines()).find((line) => line.requestId === requestId)?.usage;
  if (usage === undefined || usage === null) throw new Error(`the provider counted nothing for ${requestId}`);
  return costOf(MODEL, usage);
}

const verified = async () => (await verify(gateway.app.get(EventStore), gateway.app.get(ReadModelStore))).faults;

describe('an event store that is killed', () => {
  gatewayWith({});
  afterEach(() => server.comeBack());

  it('while calls are under way: they end with an error, and are charged or released once it is back', async () => {
    const [streamed, plain, failing] = await Promise.all([
      gateway.desk.account(),
      gateway.desk.account(),
      gateway.desk.account(),
    ]);
    const pace = 'delay=3000 chunks=4 chunk_delay=100';
    const stream = new RawClient(gateway.url, streamed.key, chat(`[[sandbox ${pace}]]`, { stream: true }));
    const streamHead = stream.head();
    const plainAnswer = post(gateway.url, plain.key, chat(`[[sandbox ${pace}]]`));
    const failed = post(
      gateway.url,
      failing.key,
      chat('[[sandbox delay=3000 fault=error_midstream]]', { stream: true }),
    );
    const three = [streamed, plain, failing];
    await until('all three holds', async () =>
      (await Promise.all(three.map((one) => one.ending()))).every(({ open }) => open === 1),
    );
    await server.goDown();

    await stream.read();
    await until('the end of the stream', () => stream.closed);
    expect(readStream(stream.text)).toMatchObject({ done: false, error: { code: 'service_unavailable' } });
    expect(readStream(stream.text).content).not.toBe('');
    expect(errorOf(await plainAnswer)).toMatchObject(refusal);
    expect((await plainAnswer).text).not.toContain('Sandbox answer');
    expect(readStream((await failed).text)).toMatchObject({ done: false, error: { code: 'service_unavailable' } });
    expect(await metric('tokenhub_unsettled_charges')).toBe(3);

    await server.comeBack();
    await until('nothing waits', async () => (await metric('tokenhub_unsettled_charges')) === 0);
    const requestId = String((await streamHead).headers['x-request-id']);
    expect(await streamed.ending()).toEqual(charged(await costIn(requestId)));
    expect(await plain.ending()).toEqual(charged(await costIn((await plainAnswer).requestId)));
    expect(await failing.ending()).toEqual(released('upstream_error'));
    for (const account of three) expect(await verifyChain(await account.recorded())).toBeUndefined();
    expect(await verified()).toEqual([]);
    expect(await metric('tokenhub_unsettled_endings_total{ending="charged"}')).toBe(2);
    expect(await metric('tokenhub_unsettled_endings_total{ending="released"}')).toBe(1);
    expect(await streamed.available()).toBe(await streamed.balance());
  });

  it('refuses fifty calls in time, then at once, forwards none, and is used again when it is back', async () => {
    const account = await gateway.desk.account();
    expect(await isAnswered(account)).toBe(true);
    const before = await account.ending();
    await server.goDown();
    await expectRefused(account, 50, HOLD_TIMEOUT_MS + SLACK_MS);
    await expectRefused(account, 50, AT_ONCE_MS);
    expect(await checksOf()).toMatchObject({ eventStore: 'down', readModels: 'up' });

    await server.comeBack();
    expect(await recovery(account)).toBeLessThan(SLACK_MS);
    expect(await checksOf()).toMatchObject({ eventStore: 'up' });
    await until('what was held too late to be free', async () => (await account.ending()).open === 0);
    const after = await account.ending();
    expect(after.charged).toHaveLength(before.charged.length + 1);
    expect(after.released.filter((reason) => reason !== 'not_forwarded')).toEqual([]);
    expect(await verified()).toEqual([]);
  });
});

describe('an event store that hangs', () => {
  gatewayWith({});
  afterEach(() => void (server.faults.hung = false));

  it('is found out: calls are refused in time, then at once, and it is used again when it goes on', async () => {
    const account = await gateway.desk.account();
    expect(await isAnswered(account)).toBe(true);
    server.faults.hung = true;
    for (const path of ['/readyz', '/readyz', '/metrics', '/metrics']) {
      const asked = performance.now();
      expect((await request(gateway.url + path)).status).toBe(path === '/readyz' ? 503 : 200);
      expect(performance.now() - asked, `${path} waits for no store`).toBeLessThan(AT_ONCE_MS);
    }
    await expectRefused(account, 50, HOLD_TIMEOUT_MS + SLACK_MS);
    await expectRefused(account, 50, AT_ONCE_MS);
    server.faults.hung = false;
    await recovery(account);
    await until('what was held too late to be free', async () => (await account.ending()).open === 0);
    expect((await account.ending()).charged).toHaveLength(2);
    expect(await verified()).toEqual([]);
  });
});

describe('a reply that is lost', () => {
  gatewayWith({ HOLD_TIMEOUT_MS: '30000' });
  afterEach(() => void (server.faults.appends.length = 0));

  it('to a hold that was stored: there is one hold, and the call goes on', async () => {
    const account = await gateway.desk.account();
    server.faults.appends.push('lose-reply');
    const answer = await post(gateway.url, account.key, chat('Hi'));
    expect(answer.status).toBe(200);
    expect(await account.eventsOf('HoldPlaced')).toHaveLength(1);
    expect(await account.ending()).toEqual(charged(await costIn(answer.requestId)));
  });

  it('to a charge that was stored: there is one charge, and the answer is whole', async () => {
    const account = await gateway.desk.account();
    const client = new RawClient(gateway.url, account.key, chat('[[sandbox delay=2500]]', { stream: true }));
    await until('the hold', async () => (await account.ending()).open === 1);
    server.faults.appends.push('lose-reply');
    await client.read();
    await until('the end', () => client.text.includes('[DONE]'));
    expect(await account.ending()).toEqual({ ...NOTHING, charged: [expect.any(String)] });
  });

  it('again and again, to a charge that was stored: it is found, and the answer is whole', async () => {
    const account = await gateway.desk.account();
    const answer: Promise<Answer> = post(gateway.url, account.key, chat('[[sandbox delay=2500]]'));
    await until('the hold', async () => (await account.ending()).open === 1);
    server.faults.appends.push('lose-reply', ...Array<'never-answer'>(20).fill('never-answer'));
    expect((await answer).status).toBe(200);
    server.faults.appends.length = 0;
    expect(await account.ending()).toEqual(charged(await costIn((await answer).requestId)));
  });

  it('again and again, to a charge that can’t be stored: the answer ends with an error, and there is one charge later', async () => {
    const account = await gateway.desk.account();
    const answer: Promise<Answer> = post(gateway.url, account.key, chat('[[sandbox delay=2500]]'));
    await until('the hold', async () => (await account.ending()).open === 1);
    server.faults.appends.push(...Array<'never-answer'>(20).fill('never-answer'));
    expect(errorOf(await answer)).toMatchObject(refusal);
    server.faults.appends.length = 0;
    await until('nothing waits', async () => (await metric('tokenhub_unsettled_charges')) === 0);
    expect(await account.ending()).toEqual(charged(await costIn((await answer).requestId)));
    expect(await verified()).toEqual([]);
  });
});

describe('a hold that is durable too late', () => {
  gatewayWith({ HOLD_TIMEOUT_MS: '1000' });
  afterEach(() => void (server.faults.appends.length = 0));

  it('is refused, not forwarded, and released at once', async () => {
    const account = await gateway.desk.account();
    server.faults.appends.push('never-answer');
    const answer = await post(gateway.url, account.key, chat('Hi'));
    expect(errorOf(answer)).toMatchObject(refusal);
    expect(await gateway.wasForwarded(answer.requestId)).toBe(false);
    await until('the release', async () => (await account.ending()).released.length > 0);
    expect(await account.ending()).toEqual(released('not_forwarded'));
    expect(await account.available()).toBe('5.00');
  });

  it('takes no charge of another call with it', async () => {
    const account = await gateway.desk.account();
    const slow = post(gateway.url, account.key, chat('[[sandbox delay=3000]]'));
    await until('the hold', async () => (await account.ending()).open === 1);
    server.faults.appends.push('never-answer');
    const [given] = await Promise.all([burst(account, 5), slow]);
    for (const { answer } of given) expect(errorOf(answer)).toMatchObject(refusal);
    expect((await slow).status).toBe(200);
    await until('the releases', async () => (await account.ending()).open === 0);
    expect((await account.ending()).charged).toEqual([(await slow).headers.get('x-tokenhub-cost')]);
  });
});

it('a gateway that is stopped without its event store ends in time', async () => {
  const stopped = await startGateway({ env: { EVENT_STORE_URL: server.url, SHUTDOWN_TIMEOUT_MS: '2000' } });
  const account = await stopped.desk.account();
  const answer = post(stopped.url, account.key, chat('[[sandbox delay=2500]]'));
  await until('the hold', async () => (await account.ending()).open === 1);
  await server.goDown();
  const started = performance.now();
  await stopped.close();
  expect(performance.now() - started).toBeLessThan(15_000 + 2_000 + 4 * SLACK_MS);
  expect((await answer).status).toBe(503);
  await server.comeBack();
});
