// Modes: embedded. The ledger behind it is held in every mode by the specs of keys and calls.
// A person's keys and balance over HTTP.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GrantCredit } from '../../../src/ledger/index.js';
import { usd } from '../../../src/kernel/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPerson, type TestPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
let ada: TestPerson;

beforeAll(async () => {
  gateway = await startGateway();
  ada = await newPerson(gateway);
  await gateway.desk.commands.execute(new GrantCredit(ada.accountId, { amount: usd('5.00'), reason: 'test' }));
});
afterAll(() => gateway.close());

const create = async (settings: object = {}) => (await ada.post('/api/keys', { name: 'first', ...settings })).body;
const call = async (key: unknown) => (await post(gateway.url, String(key), chat('hello'))).status;

describe('keys', () => {
  it('are shown once, work at once, and stop when they are revoked', async () => {
    const { id, key, last4, ...shown } = await create({ budget_daily: '1.00', allowed_models: ['gpt-4o'] });
    expect(String(key)).toMatch(/^sk-th_/);
    expect(String(key).endsWith(String(last4))).toBe(true);
    expect(shown).toMatchObject({ object: 'key', status: 'active', budget_daily: '1.00', requests_per_minute: null });
    expect((await ada.get('/api/keys')).text).not.toContain(String(key));
    await ada.patch(`/api/keys/${String(id)}`, { allowed_models: null });
    expect(await call(key)).toBe(200);
    expect((await ada.post(`/api/keys/${String(id)}/revoke`)).body).toMatchObject({ status: 'revoked' });
    expect(await call(key)).toBe(401);
    expect((await ada.get(`/api/keys/${String(id)}`)).body).toMatchObject({ status: 'revoked' });
  });

  it('change as they are told, and no further', async () => {
    const { id } = await create({ requests_per_minute: 5, allowed_ips: ['10.0.0.0/8'] });
    const { body } = await ada.patch(`/api/keys/${String(id)}`, { name: 'second', allowed_ips: null });
    expect(body).toMatchObject({ name: 'second', requests_per_minute: 5, allowed_ips: null });
  });

  it('lose no change to another at the same moment', async () => {
    const { id } = await create();
    const changes = [
      { name: 'both' },
      { budget_total: '5' },
      { requests_per_minute: 7 },
      { allowed_models: ['gpt-4o'] },
    ];
    await Promise.all(changes.map((change) => ada.patch(`/api/keys/${String(id)}`, change)));
    const both = { name: 'both', budget_total: '5.00', requests_per_minute: 7, allowed_models: ['gpt-4o'] };
    expect((await ada.get(`/api/keys/${String(id)}`)).body).toMatchObject(both);
  });

  it('expire at an instant however it is written', async () => {
    const { expires_at: expiry } = await create({ expires_at: '2099-01-01T00:00:00+08:00' });
    expect(expiry).toBe('2098-12-31T16:00:00.000Z');
  });

  it('are replaced with the same settings', async () => {
    const old = await create({ name: 'lost', tokens_per_minute: 100_000 });
    const reply = await ada.post(`/api/keys/${String(old['id'])}/reissue`);
    expect([reply.status, reply.body]).toEqual([
      201,
      expect.objectContaining({ name: 'lost', tokens_per_minute: 100_000 }),
    ]);
    expect(await call(reply.body['key'])).toBe(200);
    expect(await call(old['key'])).toBe(401);
  });

  it('of somebody else are not there', async () => {
    const eve = await newPerson(gateway);
    const { id } = await create();
    for (const reply of [
      await eve.get(`/api/keys/${String(id)}`),
      await eve.patch(`/api/keys/${String(id)}`, { name: 'mine' }),
      await eve.post(`/api/keys/${String(id)}/revoke`),
      await eve.post(`/api/keys/${String(id)}/reissue`),
    ]) {
      expect([reply.status, codeOf(reply)]).toEqual([404, 'key_not_found']);
    }
    expect((await eve.get('/api/keys')).body['data']).toEqual([]);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x', budget_daily: 1 }, 'budget_daily'],
    [{ name: 'x', budget_total: '-1.00' }, '\\"budget_total\\": must not be negative'],
    [{ name: 'x', expires_at: '2020-01-01' }, '2020-01-01T00:00:00.000Z, is over already'],
    [{ name: 'x', expires_at: '2099-02-30' }, 'is not a day of the calendar'],
    [{ name: 'x', allowed_models: ['gpt-9'] }, 'no model \\"gpt-9\\"'],
    [{ name: 'x', allowed_ips: ['nowhere'] }, 'nowhere'],
    [{ name: 'x', owner: 'me' }, 'owner'],
  ])('are refused with a sentence: %j', async (body, named) => {
    const reply = await ada.post('/api/keys', body);
    expect(reply.status).toBe(400);
    expect(reply.text).toContain(named);
  });
});

it('the balance is that of the ledger, as a key sees it', async () => {
  const { key } = await create();
  const { body } = await ada.get('/api/balance');
  const answer = await fetch(`${gateway.url}/v1/account/balance`, {
    headers: { authorization: `Bearer ${String(key)}` },
  });
  const seen = (await answer.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ balance: seen['balance'], available: seen['available'], held: '0.00', frozen: false });
  expect(body['lots']).toMatchObject([{ kind: 'bonus', amount: '5.00', refundable_until: null }]);
});
