// Operators see what waits for them, what they can do about it, and what that would do.
// Modes: embedded. What is read is the same on every store.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { codeOf, dataOf, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
let account: TestAccount;
let olga: TestPerson;

beforeAll(async () => {
  gateway = await startGateway();
  olga = await newPersonWithRole(gateway, 'operator');
  account = await gateway.desk.account();
  await post(gateway.url, account.key, chat('[[sandbox fault=no_usage]]'));
});
afterAll(() => gateway.close());

it('counts what waits, by kind', async () => {
  await olga.get('/api/operator/queue?kind=usage_unknown');
  const counts = dataOf(await olga.get('/api/operator/queue/counts'));
  expect(counts).toContainEqual({ kind: 'usage_unknown', count: 1 });
  expect(counts.filter(({ kind }) => kind !== 'usage_unknown').every(({ count }) => count === 0)).toBe(true);
});

it('an answer without usage waits with its choices', async () => {
  const [released] = await account.eventsOf('HoldReleased');
  const items = dataOf(await olga.get('/api/operator/queue?kind=usage_unknown'));
  expect(items).toMatchObject([
    {
      id: released?.chargeId,
      object: 'queue_item',
      account_id: account.id,
      since: released?.at,
      choices: [{ choice: 'charge_counts' }, { choice: 'leave', effect: 'Nothing is charged.' }],
    },
  ]);
});

it('is for operators alone, and knows its kinds', async () => {
  const fay = await newPersonWithRole(gateway, 'finance');
  expect((await fay.get('/api/operator/queue?kind=usage_unknown')).status).toBe(403);
  expect(codeOf(await olga.get('/api/operator/queue?kind=nothing'))).toBe('invalid_request');
});
