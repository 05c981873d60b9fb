// Operators find any account, see it as it is or was, suspend it, and correct its balance by two people.
// Modes: embedded. What is read is the same on every store.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventStore } from '../../../src/event-store/index.js';
import { accountStream } from '../../../src/ledger/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { codeOf, dataOf, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';

const ACCOUNTS = '/api/operator/accounts';

let gateway: TestGateway;
let olga: TestPerson;
let otto: TestPerson;
let account: TestAccount;

beforeAll(async () => {
  gateway = await startGateway();
  [olga, otto] = [await newPersonWithRole(gateway, 'operator'), await newPersonWithRole(gateway, 'operator')];
  account = await gateway.desk.account();
  await post(gateway.url, account.key, chat('Hi'));
});
afterAll(() => gateway.close());

const call = () => post(gateway.url, account.key, chat('Hi'));

it('shows lots, holds and keys at each position, and refuses both ends at once', async () => {
  const path = `${ACCOUNTS}/${account.id}`;
  const events = await gateway.app.get(EventStore).readStream(accountStream(account.id), 0, 100);
  const held = events.find(({ type }) => type === 'HoldPlaced');
  expect((await olga.get(`${path}?position=${held?.position}`)).body).toMatchObject({
    object: 'account',
    holds: [{ charge_id: held?.data['chargeId'], placed_at: held?.data['at'] }],
    last_event_at: held?.data['at'],
  });
  const { as_of: _now, last_call_at: _call, ...now } = (await olga.get(path)).body;
  expect(now).toMatchObject({ held: '0.00', holds: [], owner: null, suspension: null, keys: [{ status: 'active' }] });
  await expect.poll(async () => (await olga.get(path)).body['last_call_at']).toBe(held?.data['at']);
  expect((await olga.get(`${path}?as_of=${String(now['last_event_at'])}`)).body).toMatchObject(now);
  expect((await olga.get(`${path}?position=1&as_of=2026-01-01`)).status).toBe(400);
  expect((await olga.get(`${path}?as_of=2020-01-01`)).status).toBe(404);
});

it('finds accounts by an address, an id, a part of a key, a call; lists the newest first', async () => {
  const { chargeId = '', requestId = '' } = (await account.eventsOf('HoldPlaced'))[0] ?? {};
  const beginning = account.key.slice(0, 28);
  const found = async (text: string) =>
    dataOf(await olga.get(`${ACCOUNTS}?search=${encodeURIComponent(text)}`)).map(({ id, found_by }) => [id, found_by]);
  expect(await found(` ${otto.email.toUpperCase()} `)).toEqual([[otto.accountId, 'email']]);
  expect(await found(otto.userId)).toEqual([[otto.accountId, 'user']]);
  for (const [text, by] of [
    [account.id, 'account'],
    [beginning, 'key'],
    [`…${account.key.slice(-4)}`, 'key'],
    [account.keyId, 'key'],
    [chargeId, 'charge'],
    [requestId, 'request'],
  ] as const)
    expect(await found(text)).toEqual([[account.id, by]]);
  expect(await found('nobody@example.com')).toEqual([]);
  const page = await olga.get(`${ACCOUNTS}?limit=1`);
  expect(page.body).toMatchObject({
    has_more: true,
    data: [{ id: account.id, state: 'active', charges: 1, email: null }],
  });
  const [second] = dataOf(await olga.get(`${ACCOUNTS}?limit=1&cursor=${String(page.body['next_cursor'])}`));
  expect(second).toMatchObject({ id: otto.accountId, email: otto.email, last_call_at: null });
});

it('shows what its owner sees of calls, entries and payments', async () => {
  const path = `${ACCOUNTS}/${account.id}`;
  expect(dataOf(await olga.get(`${path}/charges`))).toMatchObject([{ object: 'charge', status: 'charged' }]);
  expect(dataOf(await olga.get(`${path}/entries?limit=1`))).toMatchObject([{ type: 'charge' }]);
  for (const list of ['topups', 'refunds', 'adjustments'])
    expect((await olga.get(`${path}/${list}`)).body).toMatchObject({ object: 'list', data: [] });
});

it('suspends an account with a reason, and ends that', async () => {
  const path = `${ACCOUNTS}/${account.id}`;
  expect(codeOf(await olga.post(`${path}/suspend`))).toBe('invalid_request');
  const suspended = await olga.post(`${path}/suspend`, { reason: 'its key is on a public page' });
  expect(suspended.body).toMatchObject({
    suspended: true,
    suspension: { by: olga.userId, reason: 'its key is on a public page' },
  });
  expect(await call()).toMatchObject({ status: 403 });
  expect(dataOf(await olga.get(`${ACCOUNTS}?state=suspended`))).toMatchObject([{ id: account.id, state: 'suspended' }]);
  expect((await olga.get('/api/operator/overview')).body).toMatchObject({ suspended_accounts: 1 });
  const reinstated = await otto.post(`${path}/reinstate`, { reason: 'the key is revoked' });
  expect(reinstated.body).toMatchObject({ suspended: false, suspension: null });
  expect((await call()).status).toBe(200);
  expect((await olga.post(`${ACCOUNTS}/nobody/suspend`, { reason: 'x' })).status).toBe(404);
});

it('corrects a balance when a second person approves it, and not when one declines', async () => {
  const path = `${ACCOUNTS}/${account.id}/adjustments`;
  const before = await account.balance();
  const propose = (direction: string, key: string, more: object = {}) =>
    olga.post(path, { direction, amount: '0.25', reason: 'an outage', ...more }, { 'idempotency-key': key });
  const decide = (who: TestPerson, id: unknown, choice: string) =>
    who.post(`/api/operator/queue/${String(id)}/${choice}`, { reason: 'seen' }, { 'idempotency-key': choice });
  const { id, ...proposed } = (await propose('debit', 'd')).body;
  expect(proposed).toMatchObject({ status: 'proposed', amount: '-0.25', proposed_by: olga.userId, decided_by: null });
  expect((await propose('debit', 'd')).body['id']).toBe(id);
  expect((await olga.get('/api/operator/overview')).body).toMatchObject({
    queue: [{ kind: 'proposed_adjustment', count: 1 }],
    prices_in_force: { version: 1, state: 'in_force' },
    read_models: [],
  });
  expect(codeOf(await decide(olga, id, 'approve'))).toBe('second_person_needed');
  expect((await decide(otto, id, 'decline')).status).toBe(200);
  expect(codeOf(await propose('credit', 'f', { service_date: '2999-01-01' }))).toBe('invalid_service_date');
  const earned = '2026-02-27T00:00:00.000Z';
  const credit = (await propose('credit', 'c', { service_date: '2026-02-27' })).body;
  expect([proposed['service_date'], credit['service_date']]).toEqual([null, earned]);
  const credited = credit['id'];
  expect((await decide(otto, credited, 'approve')).body).toMatchObject({
    events: [{ type: 'QueueCreditApproved' }, { type: 'BalanceAdjusted' }],
  });
  const statuses = dataOf(await olga.get(path)).map(({ status, decided_by }) => [status, decided_by]);
  expect(statuses).toEqual([
    ['approved', otto.userId],
    ['declined', otto.userId],
  ]);
  expect(await account.eventsOf('BalanceAdjusted')).toMatchObject([
    { amount: '0.25', requestedBy: olga.userId, approvedBy: otto.userId, reason: 'an outage', servedAt: earned },
  ]);
  expect(before).not.toBe(await account.balance());
  expect(
    (
      await olga.post(
        `${ACCOUNTS}/nobody/adjustments`,
        { direction: 'credit', amount: '1', reason: 'x' },
        { 'idempotency-key': 'n' },
      )
    ).status,
  ).toBe(404);
});
