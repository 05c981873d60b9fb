// Modes: embedded, two-gateways. What one gateway charged, the other sums.
// What a person's calls came to, over HTTP.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonObject, negate, sum, usd } from '../../../src/kernel/index.js';
import { GrantCredit } from '../../../src/ledger/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { dataOf, newPerson, type TestPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
let ada: TestPerson;
let keys: readonly JsonObject[];

beforeAll(async () => {
  gateway = await startGateway();
  ada = await newPerson(gateway);
  await gateway.desk.commands.execute(new GrantCredit(ada.accountId, { amount: usd('1.00'), reason: 'welcome' }));
  keys = [(await ada.post('/api/keys', { name: 'one' })).body, (await ada.post('/api/keys', { name: 'two' })).body];
  for (const [index, model] of ['gpt-4o', 'deepseek-chat', 'gpt-4o', 'gpt-4o'].entries()) {
    const answer = await post(gateway.url, String(keys[index % 2]?.['key']), chat('hello', { model }));
    if (answer.status !== 200) throw new Error(`no answer: ${answer.text}`);
  }
});
afterAll(() => gateway.close());

describe('usage', () => {
  it('comes to what the entries come to', async () => {
    const entries = dataOf(await ada.get('/api/entries?type=charge'));
    const spent = negate(sum(entries.map(({ amount }) => usd(String(amount)))));
    for (const group of ['day', 'model', 'key']) {
      const { body } = await ada.get(`/api/usage?group_by=${group}`);
      expect(body).toMatchObject({ object: 'usage', currency: 'usd', group_by: group, total: { requests: 4 } });
      expect(usd(String((body['total'] as JsonObject)['cost']))).toBe(spent);
    }
  });

  it('is told apart by day, model and key', async () => {
    const today = new Date().toISOString().slice(0, 10);
    expect(dataOf(await ada.get('/api/usage'))).toMatchObject([{ day: today, requests: 4 }]);
    expect(dataOf(await ada.get('/api/usage?group_by=model'))).toMatchObject([
      { model: 'gpt-4o', requests: 3 },
      { model: 'deepseek-chat', requests: 1 },
    ]);
    const byKey = dataOf(await ada.get('/api/usage?group_by=key'));
    expect(new Map(byKey.map(({ key_id, key_name, requests }) => [key_id, [key_name, requests]]))).toEqual(
      new Map(keys.map(({ id, name }) => [id, [name, 2]])),
    );
  });

  it('is that of a model or a key, where it is asked for', async () => {
    const ofModel = await ada.get('/api/usage?model=gpt-4o');
    const ofBoth = await ada.get(`/api/usage?model=gpt-4o&key_id=${String(keys[0]?.['id'])}`);
    expect([ofModel, ofBoth].map(({ body }) => (body['total'] as JsonObject)['requests'])).toEqual([3, 2]);
  });

  it('is a file for spreadsheets, too', async () => {
    const { text, headers } = await ada.get('/api/usage?group_by=model&format=csv');
    expect(headers.get('content-disposition')).toBe('attachment; filename="usage-by-model.csv"');
    const [header, first] = text.split('\n');
    expect(header).toMatch(/^model,requests,prompt_tokens,.*,cost$/);
    expect(first).toMatch(/^gpt-4o,3,/);
  });

  it('of other days and other people is none of it', async () => {
    expect(dataOf(await ada.get('/api/usage?from=2024-01-01&to=2024-02-01'))).toEqual([]);
    const eve = await newPerson(gateway);
    expect((await eve.get('/api/usage')).body).toMatchObject({ data: [], total: { requests: 0, cost: '0.00' } });
  });

  it.each([
    ['group_by=colour', 'group_by'],
    ['from=2026-13-01', 'from'],
    ['from=2026-02-01&to=2026-01-01', 'earlier'],
    ['from=2020-01-01', '366 days'],
    ['from=2026-02-30', 'from'],
    ['from=2999-01-01', 'when it is not given'],
    ['form=2026-02-01', 'form'],
  ])('names what is wrong: %s', async (query, named) => {
    const reply = await ada.get(`/api/usage?${query}`);
    expect(reply.status).toBe(400);
    expect(reply.text).toContain(named);
  });
});
