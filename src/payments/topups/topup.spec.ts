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

const paid = [order(), open(), report()];

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
