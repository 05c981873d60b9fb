import { expect, it } from 'vitest';
import { stripeIdsOf } from './stripe-ids.js';

it.each([
  ['a balance transaction', { balanceTransactionId: 'txn_1', amountMinor: 500 }, { balance_transaction: 'txn_1' }],
  ['a payout', { payoutId: 'po_1', balanceTransactionId: 'txn_2' }, { payout: 'po_1', balance_transaction: 'txn_2' }],
  ['a dispute', { disputeId: 'du_1', amount: '5.00' }, { dispute: 'du_1' }],
  ['a charge for tokens', { chargeId: 'c1', requestId: 'r1' }, {}],
])('names %s as Stripe does', (_, data, ids) => expect(stripeIdsOf({ data })).toEqual(ids));
