// Refunds of a top-up: those that we order, those that Stripe made without us, and those that people ended.
import { describe, expect, it } from 'vitest';
import {
  given,
  open,
  order,
  orderInYuan,
  orderRefund,
  recordRefund,
  report,
  reportRefund,
  reportYuan,
} from '../../../test/support/payments/topup-spec.js';
import { usd } from '../../kernel/index.js';
import { refunded } from './topup.state.js';

const paid = [order(), open(), report()];
const paidInYuan = [orderInYuan(), open(), reportYuan()];

describe('a refund of a top-up', () => {
  it('pays back in the currency of the payment', () =>
    given(...paidInYuan)
      .when(orderRefund('r', '2.50'))
      .emits({ type: 'RefundOrdered', data: { credit: '2.50', amountMinor: 1_802 } }));

  it('is ordered once', () =>
    given(...paid, orderRefund('r', '2'))
      .when(orderRefund('r', '2'))
      .emitsNothing());

  it('pays back all that was paid when all credit is refunded, in however many parts', () => {
    const parts = ['0.01', '3.33', '3.33', '3.32', '0.01'].map((credit, index) => orderRefund(`r${index}`, credit));
    const { state } = given(...paidInYuan, ...parts);
    expect(refunded(state)).toEqual({ credit: usd('10'), minor: 7_210 });
  });

  it('does not go beyond what was paid', () => {
    given(...paid)
      .when(orderRefund('r', '10.01'))
      .refuses('invalid_amount');
    given(...paid, orderRefund('r', '6'))
      .when(orderRefund('s', '4.01'))
      .refuses('invalid_amount');
  });

  it('is refused where it pays back nothing', () =>
    given(...paidInYuan)
      .when(orderRefund('r', '0.001'))
      .refuses('refund_too_small'));

  it('needs a payment', () => given(order()).when(orderRefund('r', '1')).refuses('topup_not_paid'));

  it('that failed leaves its part to others', () => {
    const failed = [orderRefund('r', '10'), reportRefund('r', { status: 'failed' })];
    given(...paidInYuan, ...failed)
      .when(orderRefund('s', '10'))
      .emits({ type: 'RefundOrdered', data: { amountMinor: 7_210 } });
  });

  it('goes from pending to succeeded, and may still fail: the bank sent it back', () => {
    const asked = [...paid, orderRefund('r', '2')];
    const [pending, succeeded] = [reportRefund('r', { status: 'pending' }), reportRefund('r')];
    given(...asked)
      .when(pending)
      .emits({ type: 'RefundReported', data: { status: 'pending', stripeRefundId: 're_r' } });
    given(...asked, pending)
      .when(succeeded)
      .emits({ type: 'RefundReported', data: { status: 'succeeded' } });
    given(...asked, pending, succeeded)
      .when(reportRefund('r', { status: 'failed', reason: 'lost_or_stolen_card' }))
      .emits({ type: 'RefundReported', data: { status: 'failed', reason: 'lost_or_stolen_card' } });
  });

  it('is not set back by an older report', () => {
    const done = [...paid, orderRefund('r', '2'), reportRefund('r')];
    given(...done)
      .when(reportRefund('r', { status: 'pending' }))
      .emitsNothing();
    given(...done, reportRefund('r', { status: 'failed' }))
      .when(reportRefund('r'))
      .emitsNothing();
  });

  it('that Stripe made without asking us comes to its part of the credit', () => {
    given(...paidInYuan)
      .when(recordRefund('re_x', 721))
      .emits({ type: 'RefundFound', data: { refundId: 're_x', credit: '1.00', amountMinor: 721 } });
    given(...paidInYuan, recordRefund('re_x', 721))
      .when(recordRefund('re_x', 721))
      .emitsNothing();
    given(...paidInYuan, recordRefund('re_x', 721))
      .when(recordRefund('re_y', 6_489))
      .emits({ type: 'RefundFound', data: { credit: '9.00' } });
  });

  it('that Stripe made comes to its part of the credit beside one of ours that Stripe will refuse, as it leaves too little', () => {
    given(...paid, orderRefund('r', '6'))
      .when(recordRefund('re_x', 700))
      .emits({ type: 'RefundFound', data: { credit: '7.00', amountMinor: 700 } });
    given(...paidInYuan, orderRefund('r', '6'), recordRefund('re_x', 721))
      .when(recordRefund('re_y', 6_489))
      .emits({ type: 'RefundFound', data: { credit: '9.00' } });
  });

  it('that is ours is not taken for one made without asking', () =>
    given(...paid, orderRefund('r', '2'), reportRefund('r'))
      .when(recordRefund('re_r', 200))
      .emitsNothing());

  it('that people had ended without Stripe is another one of the same credit, when Stripe pays it after all', () => {
    const pending = reportRefund('r', { status: 'pending' });
    const ended = reportRefund('r', { status: 'failed', byHand: true });
    given(...paidInYuan, orderRefund('r', '2.50'), pending, ended)
      .when(recordRefund('re_r', 1_802))
      .emits({ type: 'RefundFound', data: { refundId: 're_r', credit: '2.50', amountMinor: 1_802 } });
  });

  it('must exist to be reported', () =>
    given(...paid)
      .when(reportRefund('x'))
      .refuses('refund_not_found'));

  it('of what was not paid takes no credit', () =>
    given(order(), open()).when(recordRefund('re_x', 1)).refuses('topup_not_paid'));

  it('that Stripe canceled leaves its part to others, as one that failed', () =>
    given(...paid, orderRefund('r', '10'), reportRefund('r', { status: 'canceled' }))
      .when(orderRefund('r2', '10'))
      .emits({ type: 'RefundOrdered', data: { amountMinor: 1_000 } }));

  it('that people paid outside of Stripe is another one of the same credit, when Stripe pays it too', () => {
    const outside = reportRefund('r', { byHand: true, outside: true });
    given(...paid, orderRefund('r', '2'))
      .when(outside)
      .emits({ type: 'RefundReported', data: { byHand: true, outside: true } });
    given(...paid, orderRefund('r', '2'), outside)
      .when(recordRefund('re_r', 200))
      .emits({ type: 'RefundFound', data: { credit: '2.00' } });
    given(...paid, orderRefund('r', '2'), reportRefund('r', { byHand: true }))
      .when(recordRefund('re_r', 200))
      .emitsNothing();
  });

  it('keeps its name at Stripe when a later report has none', () =>
    given(...paid, orderRefund('r', '2'), reportRefund('r', { status: 'pending' }))
      .when(reportRefund('r', { stripeRefundId: undefined }))
      .emits({ type: 'RefundReported', data: { stripeRefundId: undefined, byHand: undefined, outside: undefined } }));
});
