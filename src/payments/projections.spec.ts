import { describe, expect, it } from 'vitest';
import {
  book,
  open,
  order,
  orderRefund,
  recordRefund,
  report,
  reportRefund,
  run,
  warn,
} from '../../test/support/payments/topup-spec.js';
import type { Projection, RecordedEvent } from '../event-store/index.js';
import { type JsonObject, Rejection, usd } from '../kernel/index.js';
import { paymentAlerts } from './topups/payment-alerts.projection.js';
import { payoutRows } from './payouts/payouts.projection.js';
import { refundRows } from './refunds/refunds.projection.js';
import type { TopupCommand } from './topups/topup.commands.js';
import { topup } from './topups/topup.js';
import { topupRows } from './topups/topups.projection.js';

const recorded = (stream: string, type: string, data: object, position: number): RecordedEvent => ({
  stream,
  type,
  position,
  revision: position,
  id: String(position),
  metadata: {},
  recordedAt: '',
  data: data as JsonObject,
});

/** The events of the top-up `top` that these commands come to. */
function eventsOf(...commands: readonly TopupCommand[]): RecordedEvent[] {
  let state = topup.initial();
  const events = commands.flatMap((command) => {
    const { outcome, state: next } = run(state, command);
    if (outcome instanceof Rejection) throw new Error(outcome.message);
    state = next;
    return outcome;
  });
  return events.map(({ type, data }, index) => recorded('topup-top', type, data, index));
}

/** The rows that a projection makes of events. */
function rowsOf<Doc extends JsonObject>(projection: Projection<Doc>, events: readonly RecordedEvent[]) {
  const rows = new Map<string, Doc>();
  for (const event of events) {
    const id = projection.rowId(event);
    if (id !== undefined) rows.set(id, projection.step(rows.get(id), event));
  }
  return rows;
}

const topupRow = (...commands: readonly TopupCommand[]) => rowsOf(topupRows, eventsOf(...commands)).get('top');
const paid = [order(), open(), report()];

describe('the row of a top-up', () => {
  it('tells how it stands', () => {
    expect(topupRow(order())).toMatchObject({
      status: 'ordered',
      credit: '10.00',
      priceMinor: 1_000,
      accountId: 'acc',
    });
    expect(topupRow(order(), open(), report({ status: 'pending' }))).toMatchObject({
      status: 'pending',
      sessionId: 'cs_1',
    });
    expect(topupRow(order(), report({ status: 'failed', reason: 'no' }))).toMatchObject({
      status: 'failed',
      reason: 'no',
    });
    expect(topupRow(order(), report({ status: 'expired' }))).toMatchObject({ status: 'expired' });
    expect(topupRow(...paid)).toMatchObject({
      status: 'paid',
      paymentIntentId: 'pi_1',
      paidAt: '2026-03-02T12:00:00.000Z',
    });
  });

  it('awaits word as long as a payment, a refund or a settlement is open', () => {
    const awaits = (...commands: readonly TopupCommand[]) => topupRow(...commands)?.awaiting;
    const settled = [...paid, book('txn_1')];
    const sent = book('txn_2', { source: 'refund', amountMinor: -200, clears: usd('-2') });
    const back = book('txn_3', { source: 'refund_failure', amountMinor: 200, clears: usd('2') });
    const done = [...settled, orderRefund('r', '2'), reportRefund('r')];
    const failed = reportRefund('r', { status: 'failed' });
    expect([awaits(order()), awaits(...paid), awaits(...settled)]).toEqual([true, true, false]);
    expect([awaits(...settled, orderRefund('r', '2')), awaits(...done), awaits(...done, sent)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([awaits(...done, sent, failed), awaits(...done, sent, failed, back)]).toEqual([true, false]);
    expect([awaits(order(), report({ status: 'expired' }))]).toEqual([false]);
    const canceled = reportRefund('r', { status: 'canceled' });
    expect([awaits(...done, sent, canceled), awaits(...done, sent, canceled, back)]).toEqual([true, false]);
  });

  it.each(['failed', 'canceled'] as const)('awaits nothing of a refund that was %s before it took money', (status) => {
    const ordered = [...paid, book('t'), orderRefund('r', '2'), reportRefund('r', { status: 'pending' })];
    expect(topupRow(...ordered)).toMatchObject({ awaiting: true });
    expect(topupRow(...ordered, reportRefund('r', { status }))).toMatchObject({ awaiting: false });
  });

  it('awaits nothing of a refund that Stripe refused to make', () =>
    expect(
      topupRow(
        ...paid,
        book('t'),
        orderRefund('r', '2'),
        reportRefund('r', { status: 'failed', stripeRefundId: undefined }),
      ),
    ).toMatchObject({ awaiting: false }));

  it('keeps what Stripe settled for the payment', () =>
    expect(topupRow(...paid, book('txn_1'))?.settlement).toEqual({
      currency: 'usd',
      amountMinor: 1_000,
      feeMinor: 59,
      netMinor: 941,
    }));
});

describe('the row of a refund', () => {
  const at = '2026-03-02T12:00:00.000Z';
  const why = { requestedBy: 'user-1', reason: 'unused', at };
  const requested = recorded(
    'account-acc',
    'RefundRequested',
    { refundId: 'r', lotId: 'top', amount: '2.00', ...why },
    10,
  );
  const approved = recorded('account-acc', 'RefundApproved', { refundId: 'r', approvedBy: 'user-2', at }, 11);
  const completed = recorded('account-acc', 'RefundCompleted', { refundId: 'r', lotId: 'top', amount: '2.00', at }, 90);

  it('joins what the account and the top-up say of it', () => {
    const ofTopup = eventsOf(...paid, orderRefund('r', '2'), reportRefund('r'));
    expect(rowsOf(refundRows, [requested, approved, ...ofTopup, completed]).get('r')).toMatchObject({
      accountId: 'acc',
      topupId: 'top',
      status: 'completed',
      credit: '2.00',
      amountMinor: 200,
      requestedBy: 'user-1',
      approvedBy: 'user-2',
      stripeRefundId: 're_r',
    });
  });

  it('of one found at Stripe begins with the top-up', () => {
    const found = eventsOf(...paid, recordRefund('re_x', 500));
    expect(rowsOf(refundRows, found).get('re_x')).toMatchObject({ status: 'found', accountId: '', credit: '5.00' });
    const known = recorded(
      'account-acc',
      'RefundRequested',
      { refundId: 're_x', lotId: 'top', amount: '5.00', ...why, requestedBy: 'stripe' },
      20,
    );
    expect(rowsOf(refundRows, [...found, known]).get('re_x')).toMatchObject({ status: 'found', accountId: 'acc' });
  });

  it('tells why it came to nothing', () => {
    const failed = recorded(
      'account-acc',
      'RefundFailed',
      { refundId: 'r', lotId: 'top', amount: '2.00', reason: 'declined', at },
      12,
    );
    expect(rowsOf(refundRows, [requested, failed]).get('r')).toMatchObject({ status: 'failed', failure: 'declined' });
  });
});

it('what finance has to look at has a row each', () => {
  const rows = rowsOf(paymentAlerts, eventsOf(...paid, report({ paymentIntentId: 'pi_2' }), warn()));
  expect([...rows.values()]).toMatchObject([
    { kind: 'mismatch', topupId: 'top', paymentIntentId: 'pi_2', field: 'payment', expected: 'pi_1' },
    { kind: 'fraud_warning', topupId: 'top', warningId: 'issfr_1' },
  ]);
});

describe('the row of a payout', () => {
  const paidOut = { payoutId: 'po_1', currency: 'usd', amountMinor: 941, feeMinor: 0, at: '2026-03-04T12:00:00.000Z' };
  const { feeMinor: _fee, ...failed } = { ...paidOut, at: '2026-03-05T12:00:00.000Z' };
  const row = (...events: readonly RecordedEvent[]) => rowsOf(payoutRows, events).get('po_1');

  it('tells what the bank received, and when it did not', () => {
    const first = recorded('payout-po_1', 'PayoutPaid', paidOut, 0);
    expect(row(first)).toMatchObject({ status: 'paid', amountMinor: 941, reportedAt: paidOut.at });
    expect(row(first, recorded('payout-po_1', 'PayoutFailed', failed, 1))).toMatchObject({
      status: 'failed',
      amountMinor: 941,
      reportedAt: paidOut.at,
      failedAt: failed.at,
    });
  });

  it('has no amount when it failed before it left', () => {
    const event = recorded('payout-po_1', 'PayoutFailed', { ...failed, amountMinor: 0 }, 0);
    expect(row(event)).toMatchObject({ status: 'failed', amountMinor: null, reportedAt: failed.at });
  });
});
