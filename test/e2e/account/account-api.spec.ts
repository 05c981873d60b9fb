import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startingPriceList } from '../../../src/pricing/index.js';
import { chat, get, jsonOf, MODEL, post, request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { until } from '../../support/gateway/until.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

describe('GET /v1/account/balance', () => {
  it('tells the credit to the last digit, as decimal strings', async () => {
    const account = await gateway.desk.account('10.00');
    const answer = await post(gateway.url, account.key, chat('[[sandbox tokens=1]]'));
    const { usage, cost } = await account.charge();
    expect(cost).toBe(answer.headers.get('x-tokenhub-cost'));
    expect(usage).toMatchObject({ promptTokens: 14, completionTokens: 1 });
    const body = jsonOf(await get(gateway.url, '/v1/account/balance', account.key));
    const [grant] = await account.eventsOf('CreditGranted');
    expect(body).toEqual({
      object: 'account.balance',
      currency: 'usd',
      balance: '9.9999973',
      held: '0.00',
      available: '9.9999973',
      lots: [
        { id: grant?.lotId, kind: 'bonus', amount: '10.00', remaining: '9.9999973', expires_at: grant?.expiresAt },
      ],
    });
  });

  it('tells what requests under way hold', async () => {
    const account = await gateway.desk.account('1.00');
    const slow = post(gateway.url, account.key, chat('[[sandbox delay=2500]]', { max_tokens: 1_000 }));
    const held = await until('the hold', async () => {
      const [hold] = await account.eventsOf('HoldPlaced');
      return hold?.amount;
    });
    const body = jsonOf(await get(gateway.url, '/v1/account/balance', account.key));
    expect(body).toMatchObject({ balance: '1.00', held, available: await account.available() });
    expect((await slow).status).toBe(200);
    expect(jsonOf(await get(gateway.url, '/v1/account/balance', account.key))).toMatchObject({ held: '0.00' });
  });

  it('is negative where an overage made it so', async () => {
    const account = await gateway.desk.account('0.0002');
    await post(gateway.url, account.key, chat('[[sandbox fault=usage_over]]', { max_tokens: 100 }));
    const body = jsonOf(await get(gateway.url, '/v1/account/balance', account.key));
    expect(body).toMatchObject({ balance: await account.balance(), lots: [] });
    expect(body['balance']).toMatch(/^-0\.000\d+$/);
  });

  it('answers an empty account, too', async () => {
    const account = await gateway.desk.account('0.00');
    const body = jsonOf(await get(gateway.url, '/v1/account/balance', account.key));
    expect(body).toMatchObject({ balance: '0.00', held: '0.00', available: '0.00', lots: [] });
  });
});

describe('GET /v1/models', () => {
  it('lists every model that has a price, in OpenAI’s shape', async () => {
    const { key } = await gateway.desk.account();
    const list = jsonOf(await get(gateway.url, '/v1/models', key));
    const data = list['data'] as { id: string }[];
    expect(list['object']).toBe('list');
    expect(data.map(({ id }) => id).toSorted()).toEqual(
      startingPriceList()
        .map(({ model }) => model)
        .toSorted(),
    );
    expect(list).toMatchObject({ has_more: false, first_id: data[0]?.id, last_id: data.at(-1)?.id });
    const one = data.find(({ id }) => id === MODEL);
    expect(one).toMatchObject({
      id: MODEL,
      object: 'model',
      created: expect.any(Number) as number,
      owned_by: 'openai',
      context_length: 128_000,
      pricing: { prompt: '0.00000015', completion: '0.0000006' },
    });
    expect(jsonOf(await get(gateway.url, `/v1/models/${MODEL}`, key))).toEqual(one);
  });
});

describe('x-request-id', () => {
  it('is on every answer, another one each time', async () => {
    const { key } = await gateway.desk.account();
    const answers = [
      await post(gateway.url, key, chat('Hi')),
      await post(gateway.url, key, chat('Hi', { stream: true })),
      await post(gateway.url, key, chat('[[sandbox fault=status_500]]')),
      await post(gateway.url, key, 'no JSON'),
      await get(gateway.url, '/v1/models', key),
      await get(gateway.url, '/v1/account/balance', 'sk-th_'),
      await request(`${gateway.url}/nowhere`),
      await request(`${gateway.url}/healthz`),
    ];
    const ids = answers.map(({ requestId }) => requestId);
    for (const id of ids) expect(id).toMatch(/^req_[0-9A-Za-z]{22}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is ours, whatever the client sends as its own', async () => {
    const { key } = await gateway.desk.account();
    const answer = await post(gateway.url, key, chat('Hi'), { headers: { 'x-request-id': 'mine' } });
    expect(answer.requestId).toMatch(/^req_/);
    expect(await gateway.wasForwarded(answer.requestId)).toBe(true);
  });
});
