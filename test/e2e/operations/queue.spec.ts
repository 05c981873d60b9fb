// Operators see what waits for them and what each choice would do, and choose.
// Modes: embedded. What is read and written is the same on every store.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { add, formatUsd, usd, ZERO } from '../../../src/kernel/index.js';
import { Accounts } from '../../../src/ledger/index.js';
import { type Usage, usageOf } from '../../../src/pricing/index.js';
import { QueueHands } from '../../../src/operations/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { codeOf, dataOf, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
let account: TestAccount;
let olga: TestPerson;
let chargeId: string;

beforeAll(async () => {
  gateway = await startGateway();
  olga = await newPersonWithRole(gateway, 'operator');
  account = await gateway.desk.account();
  await post(gateway.url, account.key, chat('[[sandbox fault=no_usage]]'));
  chargeId = (await account.eventsOf('HoldReleased'))[0]?.chargeId ?? '';
});
afterAll(() => gateway.close());

const queue = '/api/operator/queue';
const choose = (choice: string, body: Record<string, string | number>, key = choice) =>
  olga.post(`${queue}/${chargeId}/${choice}`, body, { 'idempotency-key': key });

it('counts what waits, by kind, and lists it by kind and account', async () => {
  const counts = dataOf(await olga.get(`${queue}/counts`));
  expect(counts.filter(({ count }) => count !== 0)).toEqual([{ kind: 'usage_unknown', count: 1 }]);
  const item = { id: chargeId, object: 'queue_item', status: 'open', account_id: account.id };
  for (const filter of ['', '?kind=usage_unknown', `?account_id=${account.id}&limit=1`]) {
    const page = await olga.get(`${queue}${filter}`);
    expect(page.body).toMatchObject({ has_more: false, data: [{ ...item, choices: ['charge_counts', 'dismiss'] }] });
  }
  expect(dataOf(await olga.get(`${queue}?account_id=nobody`))).toEqual([]);
});

it('is for operators alone, and knows its kinds and items', async () => {
  const ada = await newPersonWithRole(gateway, 'finance');
  expect((await ada.get(queue)).status).toBe(403);
  expect(codeOf(await olga.get(`${queue}?kind=nothing`))).toBe('invalid_request');
  expect(codeOf(await olga.get(`${queue}/unheard`))).toBe('queue_item_not_found');
  expect(codeOf(await olga.get(`${queue}?cursor=x`))).toBe('invalid_cursor');
});

it('shows what a choice would do, does it once, and keeps who chose and why', async () => {
  const shown = await olga.get(`${queue}/${chargeId}`);
  expect(shown.body).toMatchObject({
    state: 'not charged',
    previews: [
      { choice: 'charge_counts', role: 'operator', takes: ['counts'], effect: null },
      { choice: 'dismiss', effect: { events: [{ stream: `queue-${chargeId}`, type: 'QueueItemDismissed' }] } },
    ],
  });
  const counts = { prompt_tokens: 1_000, completion_tokens: 100 };
  const effect = await olga.get(`${queue}/${chargeId}/charge_counts?prompt_tokens=1000&completion_tokens=100`);
  expect(effect.body).toMatchObject({ refused: null, balances: [{ account_id: account.id, balance_before: '5.00' }] });
  expect(await account.balance()).toBe('5.00');
  expect(codeOf(await choose('charge_counts', counts))).toBe('invalid_request');
  expect(codeOf(await choose('charge_counts', { ...counts, reason: 'x', state: 'other' }))).toBe('item_changed');
  const decided = await choose('charge_counts', { ...counts, reason: 'by their log', state: 'not charged' });
  expect(decided.body).toMatchObject({ events: [{ stream: `account-${account.id}`, type: 'TokensCharged' }] });
  expect(await account.charge()).toMatchObject({ byHand: { actor: olga.userId, reason: 'by their log' } });
  const after = (effect.body['balances'] as { balance_after: string }[])[0]?.balance_after;
  expect(await account.balance()).toBe(after);
  const again = await choose('dismiss', { reason: 'too late' });
  expect([again.status, codeOf(again)]).toEqual([409, 'item_settled']);
  expect(dataOf(await olga.get(queue))).toEqual([]);
});

it('gives credit that one operator proposes and another approves, each in a session of their own', async () => {
  const otto = await newPersonWithRole(gateway, 'operator');
  await overage('over');
  const url = `${queue}/over`;
  const why = { reason: 'our bound was wrong' };
  const as = (who: TestPerson, choice: string) => who.post(`${url}/${choice}`, why, { 'idempotency-key': choice });
  const before = await account.balance();
  expect((await as(olga, 'credit')).body).toMatchObject({ events: [{ type: 'QueueCreditProposed' }] });
  expect(codeOf(await as(olga, 'approve'))).toBe('second_person_needed');
  expect((await as(otto, 'approve')).body).toMatchObject({ item: { credit: { amount: '0.01' } } });
  expect(await account.balance()).toBe(formatUsd(add(usd(before), usd('0.01'))));
  const [adjusted] = await account.eventsOf('BalanceAdjusted');
  expect(adjusted).toMatchObject({ requestedBy: olga.userId, approvedBy: otto.userId, ...why });
  expect((await otto.get(url)).body).toMatchObject({ kind: 'overage', status: 'settled', previews: [] });
});

/** A call that cost a cent more than was held for it. */
async function overage(id: string): Promise<void> {
  const accounts = gateway.app.get(Accounts);
  const base = () => ({ commandId: randomUUID(), at: Date.now(), chargeId: id });
  const call = { requestId: id, keyId: account.keyId, model: 'gpt-4o-mini', priceVersion: 1 };
  await accounts.execute(account.id, { type: 'PlaceHold', ...base(), ...call, amount: usd('0.01'), ttlMs: 60_000 });
  const usage = usageOf({ promptTokens: 1, completionTokens: 1 }) as Usage;
  const answer = { usage, usageRaw: {}, provider: 'openai', upstreamModel: 'gpt-4o-mini', attempts: [] };
  await accounts.execute(account.id, {
    type: 'SettleHold',
    ...base(),
    cost: usd('0.02'),
    providerCost: ZERO,
    ...answer,
  });
}

it('can have read models made again as jobs', () => expect(gateway.app.get(QueueHands).canRebuild).toBe(true));
