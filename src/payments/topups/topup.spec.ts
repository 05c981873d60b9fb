import { describe, expect, it } from 'vitest';
import {
  book,
  cancel,
  given,
  NOON,
  open,
  order,
  orderInYuan,
  orderRefund,
  recordRefund,
  report,
  reportRefund,
  reportYuan,
  warn,
  YUAN,
} from '../../../test/support/payments/topup-spec.js';
import { usd } from '../../kernel/index.js';
import type { TopupCommand } from './topup.commands.js';
import type { TopupEvent } from './topup.events.js';
import { topup } from './topup.js';
import { refunded } from './topup.state.js';

const paid = [order(), open(), report()];
const paidInYuan = [orderInYuan(), open(), reportYuan()];

describe('a top-up', () => {
  it('is ordered at a fixed price', () =>
    given()
      .when(orderInYuan())
      .emits({ type: 'TopupOrdered', data: { credit: '10.00', currency: 'cny', priceMinor: 7_210, quote: YUAN } }));

  it('is ordered once, however often the request is sent', () => given(order()).when(order()).emitsNothing());

  it('is not ordered under the id of another', () => {
    for (const other of [order({ accountId: 'acc-2' }), order({ credit: usd('11') }), orderInYuan()])
      given(order()).when(other).refuses('topup_id_taken');
  });

  it('in another currency needs a quote; in USD it has none', () => {
    given()
      .when(orderInYuan({ quote: undefined }))
      .refuses('invalid_currency');
    given()
      .when(order({ quote: YUAN }))
      .refuses('invalid_currency');
  });

  it('must be more than zero', () => {
    for (const nothing of [{ credit: usd('0') }, { credit: usd('-5') }, { priceMinor: 0 }])
      given().when(order(nothing)).refuses('invalid_amount');
  });

  it('must have been ordered, whatever is asked of it', () => {
    for (const command of [
      open(),
      report(),
      orderRefund('r', '1'),
      recordRefund('re', 1),
      reportRefund('r'),
      book('t'),
    ])
      given().when(command).refuses('topup_not_found');
  });

  it('has one checkout', () => {
    given(order())
      .when(open('cs_1'))
      .emits({ type: 'CheckoutOpened', data: { sessionId: 'cs_1' } });
    given(order(), open('cs_1')).when(open('cs_1')).emitsNothing();
    given(order(), open('cs_1')).when(open('cs_2')).refuses('checkout_open');
  });
});

describe('the cancellation of a top-up', () => {
  it('says who asked for it, once', () => {
    given(order(), open())
      .when(cancel('ada'))
      .emits({ type: 'TopupCancelRequested', data: { by: 'ada' } });
    given(order(), open(), cancel()).when(cancel()).emitsNothing();
    given(order(), open(), cancel(), report({ status: 'expired' }))
      .when(cancel())
      .emitsNothing();
  });

  it('does not undo a payment that was faster, nor one that is under way', () => {
    given(...paid)
      .when(cancel())
      .refuses('topup_paid');
    given(order(), open(), report({ status: 'pending' }))
      .when(cancel())
      .refuses('payment_under_way');
    given(order(), open(), cancel()).when(report()).emits({ type: 'TopupPaid' });
  });

  it('is refused where nobody can pay any more, and where a saved card is charged', () => {
    for (const status of ['failed', 'expired'] as const)
      given(order(), open(), report({ status })).when(cancel()).refuses('topup_closed');
    given(order({ automatic: true }))
      .when(cancel())
      .refuses('payment_under_way');
  });
});

describe('the payment of a top-up', () => {
  it('counts when it is what was ordered', () =>
    given(order(), open())
      .when(report())
      .emits({ type: 'TopupPaid', data: { paymentIntentId: 'pi_1', amountMinor: 1_000, currency: 'usd' } }));

  it('counts once, however often it is reported', () =>
    given(...paid)
      .when(report())
      .emitsNothing());

  it('may be under way for days before it counts', () => {
    const pending = report({ status: 'pending' });
    given(order(), open()).when(pending).emits({ type: 'PaymentPending' });
    given(order(), open(), pending).when(pending).emitsNothing();
    given(order(), open(), pending).when(report()).emits({ type: 'TopupPaid' });
  });

  it('may fail, and says why', () =>
    given(order(), report({ status: 'pending' }))
      .when(report({ status: 'failed', reason: 'card_declined' }))
      .emits({ type: 'TopupFailed', data: { reason: 'card_declined' } }));

  it('may never come: the order expires', () => {
    given(order())
      .when(report({ status: 'expired' }))
      .emits({ type: 'TopupExpired' });
    given(order(), report({ status: 'failed' }))
      .when(report({ status: 'expired' }))
      .emitsNothing();
  });

  it('counts also when it comes after all', () => {
    for (const status of ['failed', 'expired'] as const)
      given(order(), report({ status })).when(report()).emits({ type: 'TopupPaid' });
  });

  it('is not undone by an older report', () => {
    for (const status of ['open', 'pending', 'failed', 'expired'] as const)
      given(...paid)
        .when(report({ status }))
        .emitsNothing();
  });

  it.each([
    ['of another order', report({ orderId: 'other' }), { field: 'order', expected: 'top', received: 'other' }],
    ['of no order', report({ orderId: undefined }), { field: 'order', expected: 'top', received: 'none' }],
    ['in another currency', reportYuan(), { field: 'currency', expected: 'usd', received: 'cny' }],
    ['of too little', report({ amountMinor: 999 }), { field: 'amount', expected: '1000', received: '999' }],
    ['of too much', report({ amountMinor: 1_001 }), { field: 'amount', expected: '1000', received: '1001' }],
  ])('%s credits nothing, and is noted once', (_what, payment, difference) => {
    given(order(), open())
      .when(payment)
      .emits({ type: 'PaymentMismatched', data: { paymentIntentId: 'pi_1', ...difference } });
    given(order(), open(), payment).when(payment).emitsNothing();
  });

  it('that comes a second time for the same order credits nothing', () =>
    given(...paid)
      .when(report({ paymentIntentId: 'pi_2' }))
      .emits({ type: 'PaymentMismatched', data: { field: 'payment', expected: 'pi_1', received: 'pi_2' } }));

  it('counts though another that was wrong came before', () =>
    given(order(), report({ paymentIntentId: 'pi_0', amountMinor: 1 }))
      .when(report())
      .emits({ type: 'TopupPaid' }));
});

describe('a report of a refund', () => {
  const ordered = [...paid, orderRefund('r', '2')];

  it.each(['pending', 'succeeded', 'failed', 'canceled'] as const)('that says %s once more changes nothing', (status) =>
    given(...ordered, reportRefund('r', { status }))
      .when(reportRefund('r', { status }))
      .emitsNothing(),
  );

  it.each([
    ['failed', 'canceled'],
    ['canceled', 'failed'],
  ] as const)('that ended as %s does not end as %s after all', (first, then) =>
    given(...ordered, reportRefund('r', { status: first }))
      .when(reportRefund('r', { status: then }))
      .emitsNothing(),
  );
});

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
});

describe('a refund', () => {
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

describe('a reason of Stripe’s', () => {
  it('is kept up to 500 characters', () => {
    const [reason, kept] = ['x'.repeat(501), 'x'.repeat(500)];
    given(order(), open())
      .when(report({ status: 'failed', reason }))
      .emits({ type: 'TopupFailed', data: { reason: kept } });
    given(...paid, orderRefund('r', '2'))
      .when(reportRefund('r', { status: 'failed', reason }))
      .emits({ type: 'RefundReported', data: { reason: kept } });
  });
});

describe('what Stripe settles', () => {
  it('has the tax in the payment, if there is some', () => {
    given(order(), open())
      .when(report({ taxMinor: 80 }))
      .emits({ type: 'TopupPaid', data: { taxMinor: 80 } });
    given(order(), open())
      .when(report())
      .emits({ type: 'TopupPaid', data: { taxMinor: undefined } });
  });

  it('is booked with when Stripe made it, and whether it belongs to no credit', () => {
    given(...paid)
      .when(book('txn_1', { createdAt: NOON, unmatched: true }))
      .emits({
        type: 'BalanceTransactionBooked',
        data: { createdAt: '2026-03-02T12:00:00.000Z', clears: '10.00', unmatched: true },
      });
    given(...paid)
      .when(book('txn_1'))
      .emits({ type: 'BalanceTransactionBooked', data: { createdAt: undefined, unmatched: undefined } });
  });

  it('is booked once', () => {
    given(...paid)
      .when(book('txn_1'))
      .emits({ type: 'BalanceTransactionBooked', data: { amountMinor: 1_000, feeMinor: 59, netMinor: 941 } });
    given(...paid, book('txn_1'))
      .when(book('txn_1'))
      .emitsNothing();
  });

  it('may come with a warning of fraud, noted once', () => {
    given(...paid)
      .when(warn())
      .emits({ type: 'FraudWarned' });
    given(...paid, warn())
      .when(warn())
      .emitsNothing();
  });

  it('that came to nothing or to another sum names the account, for whoever looks', () => {
    given(...paid)
      .when(warn())
      .emits({ type: 'FraudWarned', data: { accountId: 'acc' } });
  });
});

describe('a request of the staff to ask Stripe', () => {
  const ask = { ...warn(), type: 'RequestSync', by: 'olga', reason: 'the customer says that they paid' } as const;

  it('is recorded with who asks and why, each time', () => {
    const asked = {
      type: 'TopupSyncRequested',
      data: { by: 'olga', reason: 'the customer says that they paid' },
    } as const;
    given(order()).when(ask).emits(asked);
    given(order(), ask).when(ask).emits(asked);
  });

  it('needs an order', () => given().when(ask).refuses('topup_not_found'));
});

describe('the history of a top-up', () => {
  it('never goes back in time, though a clock does', () =>
    given(order())
      .when({ ...open(), at: NOON - 5_000 })
      .emits({ type: 'CheckoutOpened', data: { at: '2026-03-02T12:00:00.000Z' } }));

  it('throws when it can’t be', () => {
    const { state } = given(...paid);
    const at = '2026-03-02T12:00:00.000Z';
    expect(() => topup.evolve(state, { type: 'TopupExpired', data: { at } })).toThrow(/impossible/);
    expect(() => topup.evolve(topup.initial(), { type: 'TopupExpired', data: { at } })).toThrow(/impossible/);
  });

  const at = '2026-03-02T12:00:00.000Z';
  const transaction = { balanceTransactionId: 't', source: 'payment', currency: 'usd', clears: '10.00' } as const;
  it.each<[string, readonly TopupCommand[], TopupEvent]>([
    [
      'a second payment',
      paid,
      { type: 'TopupPaid', data: { paymentIntentId: 'pi_2', amountMinor: 1_000, currency: 'usd', at } },
    ],
    [
      'a refund that was ordered before',
      [...paid, orderRefund('r', '2')],
      { type: 'RefundOrdered', data: { refundId: 'r', credit: '2.00', amountMinor: 200, at } },
    ],
    [
      'a report of a refund that nobody ordered',
      paid,
      { type: 'RefundReported', data: { refundId: 'x', status: 'succeeded', at } },
    ],
    [
      'a transaction that was booked before',
      [...paid, book('t')],
      { type: 'BalanceTransactionBooked', data: { ...transaction, amountMinor: 1, feeMinor: 0, netMinor: 1, at } },
    ],
    [
      'an instant before the last one',
      paid,
      { type: 'TopupSyncRequested', data: { by: 'olga', reason: 'why', at: '2026-03-02T11:59:59.999Z' } },
    ],
  ])('throws at %s', (_what, past, event) =>
    expect(() => topup.evolve(given(...past).state, event)).toThrow('impossible'),
  );
});
