// Operators see what waits for them and what each choice would do, and choose.
// Modes: embedded. What is read and written is the same on every store.
import { afterAll, beforeAll, expect, it } from 'vitest';
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

it('can have read models made again as jobs', () => expect(gateway.app.get(QueueHands).canRebuild).toBe(true));
