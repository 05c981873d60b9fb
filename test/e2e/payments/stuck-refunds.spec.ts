// Modes: embedded. The stores are held by their contracts.
// A refund that Stripe does not end is ended by two people, and what Stripe reports afterwards changes nothing twice.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { PaymentSync } from '../../../src/payments/index.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPerson, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import {
  balanceOf,
  booksOf,
  buy,
  countOf,
  faultsOf,
  firstOf,
  type Ordered,
  pay,
  refundsAtStripe,
} from '../../support/payments/cashier.js';

let gateway: TestGateway;
let fay: TestPerson;
let finn: TestPerson;
let ada: TestPerson;
let bought: Ordered;
let id: string;
let before: string | undefined;

const clearing = async () => (await booksOf(gateway))['assets:stripe:clearing'];
const end = (by: TestPerson, how: string, body = {}) => pay(by, `/api/finance/refunds/${id}/${how}`, body);
const sync = () => gateway.app.get(PaymentSync).sync(bought.id);

beforeAll(async () => {
  gateway = await startGateway();
  gateway.stripe.knobs.refunds = 'pending';
  gateway.stripe.knobs.settleRefundMs = null;
  [fay, finn] = [await newPersonWithRole(gateway, 'finance'), await newPersonWithRole(gateway, 'finance')];
});
afterAll(() => gateway.close());

beforeEach(async () => {
  ada = await newPerson(gateway);
  before = await clearing();
  bought = await buy(gateway, ada, '10.00');
  id = String(firstOf(await pay(ada, '/api/refunds', { topup_id: bought.id, reason: 'not_needed' }))['id']);
  await pay(fay, `/api/finance/refunds/${id}/approve`);
  await until('Stripe has it', async () => (await refundsAtStripe(gateway, bought)).length === 1);
  await sync();
});

it('completed by hand, it stays so when Stripe reports the same later', async () => {
  const proposed = await end(fay, 'complete', { reason: 'Stripe support says so' });
  expect(proposed.body['by_hand']).toMatchObject([{ outcome: 'completed', approved_by: null }]);
  expect(codeOf(await end(fay, 'end'))).toBe('second_person_needed');
  const ended = await end(finn, 'end');
  expect(ended.body).toMatchObject({ status: 'completed', by_hand: [{ approved_by: finn.userId }] });
  const completed = await countOf(gateway, 'RefundCompleted');
  const [refund] = await refundsAtStripe(gateway, bought);
  gateway.stripe.settleRefund(refund?.id ?? '');
  await sync();
  expect(await countOf(gateway, 'RefundCompleted')).toBe(completed);
  expect([await balanceOf(gateway, ada.accountId), await clearing()]).toEqual(['0.00', before ?? '0.00']);
  expect(await faultsOf(gateway)).toEqual([]);
});

it('stays under way when a proposal is declined, and ends as was proposed anew', async () => {
  const proposed = await end(fay, 'complete', { reason: 'Paid from the bank', outside: true });
  const [hand] = proposed.body['by_hand'] as JsonObject[];
  expect(hand).toMatchObject({ outcome: 'completed', outside: true });
  expect(codeOf(await end(finn, 'fail', { reason: 'It never arrived' }))).toBe('end_proposed');
  const declined = await end(finn, 'decline-end', { reason: 'The bank has nothing' });
  expect(declined.body).toMatchObject({ status: 'approved', by_hand: [] });
  await end(fay, 'fail', { reason: 'It never arrived' });
  expect(codeOf(await end(finn, 'end', { proposed_at: String(hand?.['proposed_at']) }))).toBe('proposed_anew');
  expect((await end(finn, 'end', { reason: 'Stripe says so' })).body).toMatchObject({
    status: 'failed',
    by_hand: [{ requested_by: fay.userId, approved_by: finn.userId, approval_reason: 'Stripe says so' }],
  });
  expect(await faultsOf(gateway)).toEqual([]);
});

it('failed by hand, its credit comes back, and goes again when Stripe paid it after all', async () => {
  await end(fay, 'fail', { reason: 'It never arrived' });
  expect((await end(finn, 'end')).body).toMatchObject({ status: 'failed', failure: 'failed' });
  await sync();
  expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  const [refund] = await refundsAtStripe(gateway, bought);
  gateway.stripe.settleRefund(refund?.id ?? '');
  await sync();
  await sync();
  expect([await balanceOf(gateway, ada.accountId), await clearing()]).toEqual(['0.00', before ?? '0.00']);
  expect(await faultsOf(gateway)).toEqual([]);
});
