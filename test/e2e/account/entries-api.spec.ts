// Modes: embedded, two-gateways. What one gateway books, the other shows.
// A person's entries over HTTP: pages, filters, the file.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { add, formatUsd, type JsonObject, usd, ZERO } from '../../../src/kernel/index.js';
import { AdjustBalance, GrantCredit } from '../../../src/ledger/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, dataOf, newPerson, type TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import { buy, pay } from '../../support/payments/cashier.js';

let gateway: TestGateway;
let ada: TestPerson;
let keys: readonly JsonObject[];

/** All entries of a query, page by page. */
async function allOf(person: TestPerson, query: string, limit = 3): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = [];
  for (let cursor = ''; ;) {
    const reply = await person.get(`/api/entries?limit=${limit}&${query}${cursor}`);
    expect(reply.status, reply.text).toBe(200);
    expect(dataOf(reply).length).toBeLessThanOrEqual(limit);
    found.push(...dataOf(reply));
    if (reply.body['has_more'] !== true) return found;
    cursor = `&cursor=${String(reply.body['next_cursor'])}`;
  }
}

const ids = (entries: readonly JsonObject[]) => entries.map(({ id }) => id);

beforeAll(async () => {
  gateway = await startGateway();
  ada = await newPerson(gateway);
  const { commands } = gateway.desk;
  await commands.execute(new GrantCredit(ada.accountId, { amount: usd('1.00'), reason: 'told to nobody' }));
  await buy(gateway, ada, '10.00');
  keys = [(await ada.post('/api/keys', { name: 'one' })).body, (await ada.post('/api/keys', { name: 'two' })).body];
  for (const [index, model] of ['gpt-4o', 'deepseek-chat', 'gpt-4o', 'gpt-4o'].entries()) {
    const answer = await post(gateway.url, String(keys[index % 2]?.['key']), chat('hello', { model }));
    if (answer.status !== 200) throw new Error(`no answer: ${answer.text}`);
  }
  const correction = { reason: 'told to nobody', requestedBy: 'ada', approvedBy: 'bob' };
  await commands.execute(new AdjustBalance(ada.accountId, { amount: usd('-0.25'), ...correction }));
  await pay(ada, '/api/refunds', { amount: '2.00' });
  await until('refund on its way', async () => dataOf(await ada.get('/api/entries?type=refund')).length === 1);
});
afterAll(() => gateway.close());

describe('entries', () => {
  it('are everything that moved the balance, the newest first, with the balance each left', async () => {
    const entries = await allOf(ada, '', 100);
    expect(entries.map(({ type }) => type)).toEqual([
      'refund',
      'adjustment',
      'charge',
      'charge',
      'charge',
      'charge',
      'purchase',
      'bonus',
    ]);
    expect(entries[0]).toMatchObject({ object: 'entry', currency: 'usd', amount: '-2.00', charge_id: null });
    expect(entries[0]?.['balance_after']).toBe((await ada.get('/api/balance')).body['balance']);
    let balance = ZERO;
    for (const { amount, balance_after } of entries.toReversed()) {
      balance = add(balance, usd(String(amount)));
      expect(balance_after).toBe(formatUsd(balance));
    }
    expect(JSON.stringify(entries)).not.toContain('told to nobody');
  });

  it('come in pages that fit together, however short they are', async () => {
    const whole = await allOf(ada, '', 100);
    for (const limit of [1, 3, 7, 8]) expect(await allOf(ada, '', limit)).toEqual(whole);
  });

  it('go on where a page ended, whatever is booked meanwhile', async () => {
    const whole = await allOf(ada, '', 100);
    const first = await ada.get('/api/entries?limit=2');
    await gateway.desk.commands.execute(new GrantCredit(ada.accountId, { amount: usd('0.10'), reason: 'meanwhile' }));
    const rest = await allOf(ada, `cursor=${String(first.body['next_cursor'])}`, 100);
    expect(ids([...dataOf(first), ...rest])).toEqual(ids(whole));
  });

  it('are found by type, key, model and time', async () => {
    const whole = await allOf(ada, '', 100);
    const charges = whole.filter(({ type }) => type === 'charge');
    const [one, two] = keys.map(({ id }) => String(id));
    expect(await allOf(ada, 'type=charge')).toEqual(charges);
    expect(await allOf(ada, `key_id=${two}`)).toEqual(charges.filter(({ key_id }) => key_id === two));
    expect(await allOf(ada, `key_id=${one}&model=gpt-4o`)).toHaveLength(2);
    expect(await allOf(ada, 'model=gpt-4o', 1)).toHaveLength(3);
    const [newest] = charges;
    const at = encodeURIComponent(String(newest?.['at']));
    expect(ids(await allOf(ada, `from=${at}`))).toEqual(ids(whole.slice(0, whole.indexOf(newest as JsonObject) + 1)));
    expect(ids(await allOf(ada, `to=${at}&type=charge`))).toEqual(ids(charges.slice(1)));
    expect(await allOf(ada, 'from=2100-01-01')).toEqual([]);
  });

  it('are a file for spreadsheets, the oldest first', async () => {
    const reply = await ada.get('/api/entries?format=csv&type=charge');
    expect(reply.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="entries.csv"');
    const [header, ...lines] = reply.text.trimEnd().split('\n');
    expect(header).toMatch(/^id,type,at,amount,balance_after,currency,description,model,/);
    const charges = (await allOf(ada, 'type=charge')).toReversed();
    expect(lines.map((line) => line.split(',').slice(0, 5))).toEqual(
      charges.map(({ id, type, at, amount, balance_after }) => [id, type, at, amount, balance_after]),
    );
  });

  it('of somebody else are not there, not even with their cursor', async () => {
    const eve = await newPerson(gateway);
    expect(dataOf(await eve.get('/api/entries'))).toEqual([]);
    const { body } = await ada.get('/api/entries?limit=1');
    const reply = await eve.get(`/api/entries?cursor=${String(body['next_cursor'])}`);
    expect([reply.status, codeOf(reply)]).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['limit=0', 'limit'],
    ['type=gift', 'type'],
    ['from=yesterday', 'from'],
    ['from=2026-03-02&to=2026-03-01', 'earlier'],
    ['modle=gpt-4o', 'modle'],
    ['cursor=nonsense', 'cursor'],
    ['format=xml', 'format'],
  ])('name what is wrong: %s', async (query, named) => {
    const reply = await ada.get(`/api/entries?${query}`);
    expect(reply.status).toBe(400);
    expect(reply.text).toContain(named);
  });
});
