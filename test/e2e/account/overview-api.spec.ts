// Modes: embedded, two-gateways. What one gateway answered, the other tells the pages that hang at it.
// What a customer's pages show: the overview, calls with filters, the spend of keys, and news as they happen.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd, type JsonObject, sum, usd } from '../../../src/kernel/index.js';
import { GrantCredit } from '../../../src/ledger/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { dataOf, newPerson, type TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';

let gateway: TestGateway;
let ada: TestPerson;
let key: JsonObject;

beforeAll(async () => {
  gateway = await startGateway();
  ada = await newPerson(gateway);
  await gateway.desk.commands.execute(new GrantCredit(ada.accountId, { amount: usd('5.00'), reason: 'welcome' }));
});
afterAll(() => gateway.close());

/** Reads `/api/live` of one gateway while `act` is done, until a text was told. */
async function toldWhile(origin: string, text: string, act: () => Promise<unknown>): Promise<string> {
  const stop = new AbortController();
  const cookie = [...ada.cookies].map((pair) => pair.join('=')).join('; ');
  const answer = await fetch(`${origin}/api/live`, { headers: { cookie }, signal: stop.signal });
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  let told = '';
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) told += Buffer.from(chunk).toString();
  })().catch(() => undefined);
  await until('the balance', () => told.includes('event: balance'));
  await act();
  await until(text, () => told.includes(text));
  stop.abort();
  await reading;
  return told;
}

describe('a new account', () => {
  it('has an overview without spend, that says what to do first', async () => {
    expect((await ada.get('/api/overview')).body).toMatchObject({
      balance: '5.00',
      available: '5.00',
      burn_rate_per_day: '0.00',
      days_left: null,
      spend: { today: '0.00', last_30_days: '0.00', by_model: [] },
      first_steps: { credit: true, key: false, call: false },
      latest_calls: [],
    });
  });
});

describe('news', () => {
  it('of a key and of a call are told at every gateway', async () => {
    for (const [index, app] of gateway.apps.entries()) {
      const origin = await app.getUrl();
      await toldWhile(origin, '"change":"created"', async () => {
        key = (await ada.post('/api/keys', { name: `key ${index}` })).body;
      });
      const told = await toldWhile(origin, 'event: charge', () =>
        post(gateway.url, String(key['key']), chat('hello', { stream: true, max_tokens: 20 })),
      );
      expect(told).toContain(`"key_id":"${String(key['id'])}"`);
    }
  });

  it('are for people who are logged in', async () => {
    expect((await fetch(`${gateway.url}/api/live`)).status).toBe(401);
  });
});

describe('calls', () => {
  beforeAll(async () => {
    for (const model of ['deepseek-chat', 'gpt-4o'])
      await post(gateway.url, String(key['key']), chat('hello', { model, max_tokens: 20 }));
  });

  it('have tokens by kind, the name of their key, and how long they took', async () => {
    const timed = await until('the times', async () => {
      const [call] = dataOf(await ada.get('/api/charges?model=gpt-4o'));
      return call !== undefined && call['latency_ms'] !== null && call;
    });
    expect(timed).toMatchObject({
      status: 'charged',
      key_name: expect.stringMatching(/^key /),
      stream: false,
      first_byte_ms: null,
      tokens: { prompt: expect.any(Number), completion: expect.any(Number), cached: 0, reasoning: 0 },
    });
    const streamed = await until('the times', async () =>
      dataOf(await ada.get('/api/charges')).find(({ stream }) => stream === true),
    );
    expect(streamed['first_byte_ms']).toBeLessThanOrEqual(Number(streamed['latency_ms']));
  });

  it('are found by what is asked for, page by page, and as a file', async () => {
    const all = dataOf(await ada.get('/api/charges'));
    const ids = async (query: string) => dataOf(await ada.get(`/api/charges?${query}`)).map(({ id }) => id);
    const idsWhere = (field: string, value: unknown) => all.filter((each) => each[field] === value).map(({ id }) => id);
    const [newest] = all;
    expect(await ids('model=deepseek-chat')).toEqual(idsWhere('model', 'deepseek-chat'));
    expect(await ids(`key_id=${String(key['id'])}`)).toEqual(idsWhere('key_id', key['id']));
    expect(await ids(`request_id=${String(newest?.['request_id'])}`)).toEqual([newest?.['id']]);
    expect(await ids(`request_id=${String(newest?.['request_id'])}&status=open`)).toEqual([]);
    expect(await ids(`from=${String(newest?.['created_at'])}`)).toEqual([newest?.['id']]);
    expect(await ids(`to=${String(newest?.['created_at'])}`)).toEqual(all.slice(1).map(({ id }) => id));
    const paged: unknown[] = [];
    for (let cursor = ''; ;) {
      const page = await ada.get(`/api/charges?status=charged&limit=1${cursor}`);
      paged.push(...dataOf(page).map(({ id }) => id));
      if (page.body['has_more'] !== true) break;
      cursor = `&cursor=${String(page.body['next_cursor'])}`;
    }
    expect(paged).toEqual(all.map(({ id }) => id));
    const { text, headers } = await ada.get('/api/charges?format=csv&model=deepseek-chat');
    expect(headers.get('content-disposition')).toBe('attachment; filename="calls.csv"');
    expect(text.trimEnd().split('\n')).toHaveLength(2);
    expect(text).toMatch(/^id,created_at,request_id,.*,cost,held,overage,currency\n/);
  });

  it('add up in the overview and in the spend of keys', async () => {
    const { body } = await ada.get('/api/overview');
    const calls = dataOf(await ada.get('/api/charges'));
    const { total } = (await ada.get('/api/usage')).body as { total: { cost: string } };
    expect(body).toMatchObject({
      spend: { today: total.cost, last_7_days: total.cost, last_30_days: total.cost },
      burn_rate_per_day: total.cost,
      days_left: expect.stringMatching(/^\d+\.\d$/),
      first_steps: { credit: true, key: true, call: true },
    });
    expect((body['latest_calls'] as JsonObject[])[0]?.['id']).toBe(calls[0]?.['id']);
    const [newest = {}] = dataOf(await ada.get('/api/keys?limit=1'));
    const ofKey = calls.filter(({ key_id: id }) => id === newest['id']);
    const spent = formatUsd(sum(ofKey.map(({ cost }) => usd(String(cost)))));
    expect(newest).toMatchObject({
      id: key['id'],
      calls: ofKey.length,
      last_used_at: ofKey[0]?.['created_at'],
      spent: { today: spent, this_month: spent, total: spent },
    });
  });
});
