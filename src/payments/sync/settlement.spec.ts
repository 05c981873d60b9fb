import { describe, expect, it } from 'vitest';
import {
  given,
  open,
  order,
  orderInYuan,
  orderRefund,
  report,
  reportYuan,
} from '../../../test/support/payments/topup-spec.js';
import { usd } from '../../kernel/index.js';
import type { Payment, ProviderRefund } from '../provider/payment.js';
import { bookings, disputeCredit } from './settlement.js';
import type { TopupOrder } from '../topups/topup.state.js';

const entry = (balanceTransactionId: string, amountMinor: number, feeMinor = 0) => ({
  balanceTransactionId,
  amountMinor,
  feeMinor,
  currency: 'usd',
});

const payment = (more: Partial<Payment> = {}): Payment => ({
  sessionId: 'cs_1',
  paymentIntentId: 'pi_1',
  orderId: 'top',
  status: 'paid',
  amountMinor: 1_000,
  currency: 'usd',
  reason: undefined,
  checkoutUrl: undefined,
  settlement: entry('txn_1', 1_000, 59),
  refunds: [],
  disputes: [],
  warnings: [],
  ...more,
});

const refund = (more: Partial<ProviderRefund> = {}): ProviderRefund => ({
  stripeRefundId: 're_1',
  refundId: 'r',
  amountMinor: 250,
  status: 'succeeded',
  reason: undefined,
  sent: entry('txn_2', -250),
  returned: undefined,
  ...more,
});

const cleared = (state: Parameters<typeof bookings>[0], what: Payment) =>
  bookings(state, what).map(({ source, clears, unmatched }) => [source, clears, unmatched ?? false]);

const { state: paid } = given(order(), open(), report(), orderRefund('r', '2.50'));

describe('what is settled', () => {
  it('of a payment is its credit', () => expect(cleared(paid, payment())).toEqual([['payment', usd('10'), false]]));

  it('is not known before the payment is there', () => {
    expect(cleared(paid, payment({ settlement: undefined }))).toEqual([]);
    expect(cleared(paid, payment({ status: 'pending' }))).toEqual([]);
  });

  it('of a refund is its credit, and again when it comes back', () =>
    expect(
      cleared(paid, payment({ settlement: undefined, refunds: [refund({ returned: entry('txn_3', 250) })] })),
    ).toEqual([
      ['refund', usd('-2.5'), false],
      ['refund_failure', usd('2.5'), false],
    ]));

  it('of a refund that is not noted yet waits until it is', () =>
    expect(cleared(paid, payment({ settlement: undefined, refunds: [refund({ refundId: undefined })] }))).toEqual([]));

  it('of a refund that says it is ours and has another amount waits too', () =>
    expect(cleared(paid, payment({ settlement: undefined, refunds: [refund({ amountMinor: 251 })] }))).toEqual([]));

  it('of a payment that is not the one that paid is nobody’s credit', () =>
    expect(cleared(paid, payment({ paymentIntentId: 'pi_2', refunds: [refund()] }))).toEqual([
      ['payment', 0n, true],
      ['refund', 0n, true],
    ]));
});

describe('a dispute', () => {
  const { state } = given(orderInYuan(), open(), reportYuan());
  const inYuan = state.order as TopupOrder;
  const [taken, back, again] = [entry('txn_4', -993, 1_500), entry('txn_5', 993), entry('txn_6', -993)];
  const dispute = (amountMinor: number, movements = [taken]) => ({ amountMinor, currency: 'cny', movements });

  it('is about its part of the credit; all of the price is all of it', () => {
    expect(disputeCredit(inYuan, dispute(7_210))).toMatchObject({ amount: usd('10'), withdrawn: usd('10') });
    expect(disputeCredit(inYuan, dispute(721))).toMatchObject({ amount: usd('1'), withdrawn: usd('1') });
    expect(disputeCredit(inYuan, dispute(1))).toMatchObject({ amount: usd('0.001386962552') });
  });

  it('is about all of the credit where it is in another currency than the price', () =>
    expect(disputeCredit(inYuan, { ...dispute(1_000), currency: 'usd' })).toMatchObject({
      amount: usd('10'),
      withdrawn: usd('10'),
    }));

  it('withdraws nothing before Stripe does', () =>
    expect(disputeCredit(inYuan, dispute(7_210, []))).toMatchObject({ withdrawn: 0n, reinstated: 0n }));

  it('gives back in proportion to the money that came back', () => {
    expect(disputeCredit(inYuan, dispute(7_210, [taken, back]))).toMatchObject({ reinstated: usd('10') });
    expect(disputeCredit(inYuan, dispute(7_210, [taken, entry('txn_5', 331)]))).toMatchObject({
      reinstated: usd('3.333333333333'),
    });
  });

  it('clears what it takes and gives back; a second withdrawal is nobody’s credit', () => {
    const about = { disputeId: 'dp_1', reason: 'fraudulent', inquiry: false, outcome: undefined };
    const disputes = [{ ...about, ...dispute(7_210, [taken, entry('txn_5', 331), entry('txn_7', 662), again]) }];
    expect(cleared(state, payment({ settlement: undefined, disputes }))).toEqual([
      ['dispute', usd('-10'), false],
      ['dispute_reversal', usd('3.333333333333'), false],
      ['dispute_reversal', usd('6.666666666667'), false],
      ['dispute', 0n, true],
    ]);
  });
});
