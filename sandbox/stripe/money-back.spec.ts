// Refunds, disputes, warnings and payouts.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StripeBench } from '../../test/support/stripe/stripe-bench.js';

let bench: StripeBench;
beforeEach(async () => {
  bench = await StripeBench.open();
});
afterEach(() => bench.close());

const chargeOf = async (intent: string) => {
  const { data } = await bench.stripe.charges.list({ payment_intent: intent });
  return data[0] ?? expect.fail('no charge');
};
const transactionOf = async (id: unknown) => bench.stripe.balanceTransactions.retrieve(String(id));

describe('a refund', () => {
  it('is of a part, then of the rest, and no more', async () => {
    const intent = await bench.paid();
    await bench.told();
    const first = await bench.stripe.refunds.create({ payment_intent: intent, amount: 400 });
    expect(first).toMatchObject({ status: 'succeeded', amount: 400, payment_intent: intent });
    expect(await bench.told()).toEqual(['refund.created', 'charge.refunded']);
    expect(await transactionOf(first.balance_transaction)).toMatchObject({ type: 'refund', amount: -400, fee: 0 });
    await expect(bench.stripe.refunds.create({ payment_intent: intent, amount: 601 })).rejects.toThrow('greater than');
    expect(await bench.stripe.refunds.create({ payment_intent: intent })).toMatchObject({ amount: 600 });
    expect(await chargeOf(intent)).toMatchObject({ refunded: true, amount_refunded: 1_000 });
    await expect(bench.stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({
      code: 'charge_already_refunded',
      statusCode: 400,
    });
  });

  it('in yuan is booked at the rate of its day', async () => {
    const intent = await bench.paid('cny', 7_190);
    bench.sandbox.knobs.fxPpm = 150_000;
    const refund = await bench.stripe.refunds.create({ payment_intent: intent });
    expect(await transactionOf(refund.balance_transaction)).toMatchObject({
      amount: -1_079,
      currency: 'usd',
      exchange_rate: 0.15,
    });
  });

  it('can fail after it succeeded: the money is back', async () => {
    const intent = await bench.paid();
    const refund = await bench.stripe.refunds.create({ payment_intent: intent });
    await bench.told();
    const failed = bench.sandbox.failRefund(refund.id);
    expect(failed).toMatchObject({ status: 'failed', failure_reason: 'lost_or_stolen_card' });
    expect(await bench.told()).toEqual(['refund.updated', 'charge.refund.updated', 'refund.failed']);
    expect(await transactionOf(failed.failure_balance_transaction)).toMatchObject({
      type: 'refund_failure',
      amount: 1_000,
    });
    expect(await chargeOf(intent)).toMatchObject({ refunded: false, amount_refunded: 0 });
    expect(() => bench.sandbox.failRefund(refund.id)).toThrow('failed');
  });

  it('to Alipay is pending first', async () => {
    const session = await bench.checkout({ allowed_payment_method_types: ['alipay'] }, 'cny', 7_190);
    const { payment_intent: intent } = bench.sandbox.pay(session.id, 'alipay');
    const refund = await bench.stripe.refunds.create({ payment_intent: String(intent) });
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    await bench.told();
    expect(bench.sandbox.settleRefund(refund.id).status).toBe('succeeded');
    expect(await bench.told()).toEqual(['refund.updated', 'charge.refund.updated']);
  });

  it('is canceled only while it requires action', async () => {
    const intent = await bench.paid();
    const done = await bench.stripe.refunds.create({ payment_intent: intent, amount: 100 });
    await expect(bench.stripe.refunds.cancel(done.id)).rejects.toThrow('only cancel');
    bench.sandbox.knobs.refunds = 'requires_action';
    const waiting = await bench.stripe.refunds.create({ payment_intent: intent, amount: 100 });
    expect(await bench.stripe.refunds.cancel(waiting.id)).toMatchObject({ status: 'canceled' });
  });

  it('made in the dashboard emits the same events', async () => {
    const intent = await bench.paid();
    await bench.told();
    expect(bench.sandbox.refundInDashboard(intent, 250)).toMatchObject({ amount: 250 });
    expect(await bench.told()).toEqual(['refund.created', 'charge.refunded']);
  });
});

describe('a dispute', () => {
  it('takes the amount and fifteen dollars, and blocks refunds', async () => {
    const intent = await bench.paid();
    await bench.told();
    const dispute = bench.sandbox.dispute(intent, { amount: 600, reason: 'product_not_received' });
    expect(dispute).toMatchObject({ status: 'needs_response', reason: 'product_not_received' });
    expect(dispute.balance_transactions).toMatchObject([{ type: 'adjustment', amount: -600, fee: 1_500, net: -2_100 }]);
    expect(await bench.told()).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
    expect((await bench.stripe.balanceTransactions.list({ source: dispute.id })).data).toEqual([]);
    await expect(bench.stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({
      code: 'charge_disputed',
    });
    expect(() => bench.sandbox.dispute(intent, { amount: 401 })).toThrow('can’t exceed the charge');
    expect(bench.sandbox.dispute(intent, { amount: 400 }).id).not.toBe(dispute.id);
  });

  it('that was lost may be won by an appeal, and then the charge can be refunded', async () => {
    const intent = await bench.paid();
    const { id } = bench.sandbox.dispute(intent);
    bench.sandbox.closeDispute(id, 'lost');
    await bench.told();
    expect(bench.sandbox.closeDispute(id, 'won')).toMatchObject({ status: 'won', is_charge_refundable: true });
    expect(await bench.told()).toEqual(['charge.dispute.funds_reinstated', 'charge.dispute.closed']);
    expect(() => bench.sandbox.closeDispute(id, 'lost')).toThrow('already won');
    expect(await bench.stripe.refunds.create({ payment_intent: intent })).toMatchObject({ amount: 1_000 });
  });

  it('that is won in part gives that part back', async () => {
    const { id } = bench.sandbox.dispute(await bench.paid());
    await bench.told();
    const won = bench.sandbox.closeDispute(id, 'won', { partial: 700 });
    expect(won.status).toBe('won');
    expect(won.balance_transactions).toMatchObject([{ amount: -1_000 }, { amount: 700, fee: 0, net: 700 }]);
    expect(await bench.told()).toEqual(['charge.dispute.funds_reinstated', 'charge.dispute.closed']);
  });

  it('that is lost gives nothing back', async () => {
    const { id } = bench.sandbox.dispute(await bench.paid());
    await bench.told();
    expect(bench.sandbox.closeDispute(id, 'lost').balance_transactions).toHaveLength(1);
    expect(await bench.told()).toEqual(['charge.dispute.closed']);
  });

  it('that is only an inquiry takes nothing until it is escalated', async () => {
    const intent = await bench.paid();
    const inquiry = bench.sandbox.dispute(intent, { inquiry: true });
    expect(inquiry).toMatchObject({
      status: 'warning_needs_response',
      balance_transactions: [],
      is_charge_refundable: true,
    });
    await bench.told();
    expect(bench.sandbox.escalate(inquiry.id)).toMatchObject({ status: 'needs_response', is_charge_refundable: false });
    expect(await bench.told()).toEqual(['charge.dispute.updated', 'charge.dispute.funds_withdrawn']);
  });

  it('is answered with evidence, or given up', async () => {
    const { id } = bench.sandbox.dispute(await bench.paid());
    const kept = await bench.stripe.disputes.update(id, { evidence: { uncategorized_text: 'Used.' }, submit: false });
    expect(kept).toMatchObject({
      status: 'needs_response',
      evidence_details: { has_evidence: true, submission_count: 0 },
    });
    expect(await bench.stripe.disputes.update(id, { evidence: { service_date: '1 May' } })).toMatchObject({
      status: 'under_review',
      evidence: { uncategorized_text: 'Used.', service_date: '1 May' },
      evidence_details: { submission_count: 1 },
    });
    expect(await bench.stripe.disputes.close(id)).toMatchObject({ status: 'lost' });
    await expect(bench.stripe.disputes.update(id, { evidence: { service_date: 'x' } })).rejects.toThrow(
      'already closed',
    );
  });
});

describe('a warning of fraud', () => {
  it('names the charge', async () => {
    const charge = await chargeOf(await bench.paid());
    await bench.told();
    expect(bench.sandbox.warnOfFraud(charge.id)).toMatchObject({ actionable: true, charge: charge.id });
    expect(await bench.told()).toEqual(['radar.early_fraud_warning.created']);
  });
});

describe('a payout', () => {
  it('pays out everything once, and lists it', async () => {
    await bench.paid();
    await bench.stripe.refunds.create({ payment_intent: await bench.paid(), amount: 100 });
    await bench.told();
    const payout = bench.sandbox.payout();
    expect(payout).toMatchObject({ amount: 941 + 941 - 100, status: 'paid' });
    expect(await bench.told()).toEqual([
      'payout.created',
      'payout.reconciliation_completed',
      'payout.updated',
      'payout.paid',
    ]);
    const { data } = await bench.stripe.balanceTransactions.list({ payout: payout.id });
    expect(data.map(({ type }) => type)).toEqual(['payout', 'refund', 'charge', 'charge']);
    expect(data.reduce((sum, { net }) => sum + net, 0)).toBe(0);
    expect(() => bench.sandbox.payout()).toThrow('nothing to pay out');
  });

  it('that fails comes back to the balance', async () => {
    await bench.paid();
    const failed = bench.sandbox.payout({ fail: true });
    expect(failed).toMatchObject({ status: 'failed', failure_code: 'account_closed' });
    expect(await transactionOf(failed.failure_balance_transaction)).toMatchObject({
      type: 'payout_failure',
      amount: 941,
    });
    expect(await bench.stripe.balance.retrieve()).toMatchObject({
      available: [{ amount: 0 }],
      pending: [{ amount: 941 }],
    });
    expect(bench.sandbox.payout({ cancel: true })).toMatchObject({ amount: 941, status: 'canceled' });
  });
});
