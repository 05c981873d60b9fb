import { describe, expect, it } from 'vitest';
import {
  account,
  adjust,
  approveRefund,
  close,
  completeRefund,
  DAY,
  declineRefund,
  failRefund,
  grant,
  issueKey,
  NOON,
  placeHold,
  purchase,
  recordDispute,
  recordRefund,
  requestRefund,
  requestRefundOf,
  settle,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { formatUsd } from '../kernel/index.js';
import { type AccountState, available, posted } from './account.state.js';

const free = (state: AccountState, at = NOON) => formatUsd(available(state, at));
const lotsOf = (state: AccountState) =>
  Object.fromEntries(Array.from(state.lots.byId.values(), ({ id, remaining }) => [id, formatUsd(remaining)]));
const asked = [...account('10'), requestRefund('r', 'lot', '4')];

describe('asking for a refund', () => {
  it('takes the money out of its lot at once, so that it can’t be spent meanwhile', () => {
    const { state } = given(...account('10')).when(requestRefund('r', 'lot', '4'));
    expect([lotsOf(state), free(state)]).toEqual([{ lot: '6.00' }, '6.00']);
    given(...asked)
      .when(placeHold('c', '6.01'))
      .refuses('insufficient_balance');
  });

  it('says who asked, and why', () =>
    given(...account('10'))
      .when(requestRefund('r', 'lot', '4'))
      .emits({
        type: 'RefundRequested',
        data: { refundId: 'r', lotId: 'lot', amount: '4.00', uncovered: undefined, requestedBy: 'user-1' },
      }));

  it('is done once, however often it is asked', () =>
    given(...asked)
      .when(requestRefund('r', 'lot', '4'))
      .emitsNothing());

  it('refuses more than is left of the purchase', () =>
    given(...account('10'), placeHold('c', '3'), settle('c', '3'), purchase('other', '50'))
      .when(requestRefund('r', 'lot', '7.000000000001'))
      .refuses('refund_exceeds_credit', { refundable: '7.00' }));

  it('refuses what is held for calls under way', () =>
    given(...account('10'), placeHold('c', '3'))
      .when(requestRefund('r', 'lot', '8'))
      .refuses('refund_exceeds_credit', { refundable: '7.00' }));

  it('refuses what pays for a negative balance', () =>
    given(...account('10'), adjust('a', '-12'), purchase('new', '5'))
      .when(requestRefund('r', 'new', '4'))
      .refuses('refund_exceeds_credit', { refundable: '3.00' }));

  it('refuses bonus credit, whatever is left of it', () =>
    given(...account('0'), grant('bonus', '10'))
      .when(requestRefund('r', 'bonus', '1'))
      .refuses('not_refundable'));

  it('refuses what a manual correction added', () =>
    given(...account('0'), adjust('a', '5'))
      .when(requestRefund('r', 'a', '1'))
      .refuses('not_refundable'));

  it('is possible up to the last moment of its window, and not after it', () => {
    given(...account('10'))
      .when(requestRefund('r', 'lot', '1', { at: NOON + 7 * DAY }))
      .emits({ type: 'RefundRequested' });
    given(...account('10'))
      .when(requestRefund('r', 'lot', '1', { at: NOON + 7 * DAY + 1 }))
      .refuses('refund_window_over', { until: '2026-03-11T12:00:00.000Z' });
  });

  it('refuses credit that has expired', () =>
    given(...account('0'), purchase('lot', '10', { expiresAt: NOON + DAY }))
      .when(requestRefund('r', 'lot', '1', { at: NOON + DAY }))
      .refuses('refund_exceeds_credit', { refundable: '0.00' }));

  it('refuses credit that has expired, whatever other credit there is', () =>
    given(...account('5'), purchase('old', '10', { expiresAt: NOON + DAY }))
      .when(requestRefund('r', 'old', '1', { at: NOON + DAY }))
      .refuses('refund_exceeds_credit', { refundable: '0.00' }));

  it.each(['0', '-1'])('refuses %s as an amount', (amount) =>
    given(...account('10'))
      .when(requestRefund('r', 'lot', amount))
      .refuses('refund_exceeds_credit', { refundable: '10.00' }),
  );

  it('refuses a purchase that is not there', () =>
    given(...account('10'))
      .when(requestRefund('r', 'nothing', '1'))
      .refuses('lot_not_found'));
});

describe('asking for a refund of several purchases', () => {
  const lots = ['new', 'middle', 'old'];
  const bought = [
    ...account('0'),
    purchase('old', '33.33', { at: NOON }),
    purchase('middle', '30', { at: NOON + 1 }),
    purchase('new', '30', { at: NOON + 2 }),
  ];

  it('takes the whole amount in one, a refund for each', () =>
    given(...bought)
      .when(requestRefundOf('q', lots, '40'))
      .emits(
        { type: 'RefundRequested', data: { refundId: 'q-new', requestId: 'q', amount: '30.00' } },
        { type: 'RefundRequested', data: { refundId: 'q-middle', requestId: 'q', amount: '10.00' } },
      ));

  it('refuses what is more than there is, and takes no part of it', () => {
    const twice = [...bought, requestRefundOf('p', lots, '40'), requestRefundOf('q', lots, '40')];
    given(...twice)
      .when(requestRefundOf('r', lots, '40'))
      .refuses('refund_exceeds_credit', { refundable: '13.33' });
  });

  it('takes all there is where no amount is named, in whole cents, once', () => {
    const spent = [...bought, placeHold('c', '3.335', { at: NOON + 2 }), settle('c', '3.335', { at: NOON + 2 })];
    given(...spent)
      .when(requestRefundOf('q', lots))
      .emits(
        { type: 'RefundRequested', data: { refundId: 'q-new', amount: '30.00' } },
        { type: 'RefundRequested', data: { refundId: 'q-middle', amount: '30.00' } },
        { type: 'RefundRequested', data: { refundId: 'q-old', amount: '29.99' } },
      );
    given(...spent, requestRefundOf('q', lots), purchase('newest', '5', { at: NOON + 3 }))
      .when(requestRefundOf('q', ['newest', ...lots]))
      .emitsNothing();
    given(...spent, requestRefundOf('q', lots))
      .when(requestRefundOf('r', lots))
      .refuses('refund_exceeds_credit', { refundable: '0.00' });
  });

  it('leaves out what was bought before the window, and what is disputed', () => {
    given(...bought, recordDispute('d', 'middle', { amount: '30', at: NOON + 2 }))
      .when(requestRefundOf('q', lots, '60', { windowMs: DAY, at: NOON + DAY + 1 }))
      .refuses('refund_exceeds_credit', { refundable: '30.00' });
  });

  it('finishes what an older release has begun', () => {
    const begun = { type: 'RefundRequested', data: refundEvent('q-new', 'new', '30.00') } as const;
    given(...bought, begun)
      .when(requestRefundOf('q', lots, '40', { at: NOON + 2 }))
      .emits({ type: 'RefundRequested', data: { refundId: 'q-middle', amount: '10.00' } });
  });
});

/** As it was written before requests had ids. */
const refundEvent = (refundId: string, lotId: string, amount: string) => ({
  refundId,
  lotId,
  amount,
  requestedBy: 'user-1',
  reason: 'unused',
  at: new Date(NOON + 2).toISOString(),
});

describe('the refund window', () => {
  const old = [...account('0'), purchase('lot', '10')];
  const lastMoment = NOON + 7 * DAY;

  it('is open at its last moment, and closed after it', () => {
    given(...old)
      .when(requestRefund('r', 'lot', '10', { at: lastMoment }))
      .emits({ type: 'RefundRequested' });
    given(...old)
      .when(requestRefund('r', 'lot', '10', { at: lastMoment + 1 }))
      .refuses('refund_window_over', { until: new Date(lastMoment).toISOString() });
  });

  it('is so where several purchases are asked of', () => {
    const two = [...old, purchase('newer', '1', { at: NOON + 1 })];
    given(...two)
      .when(requestRefundOf('q', ['newer', 'lot'], '11', { at: lastMoment }))
      .emits({ type: 'RefundRequested' }, { type: 'RefundRequested' });
    given(...two)
      .when(requestRefundOf('q', ['newer', 'lot'], '11', { at: lastMoment + 1 }))
      .refuses('refund_exceeds_credit', { refundable: '1.00' });
  });
});

describe('a refund that is asked for', () => {
  it('is declined by somebody, for a reason', () =>
    given(...asked)
      .when(declineRefund('r', 'user-3'))
      .emits({
        type: 'RefundFailed',
        data: { reason: 'declined', declinedBy: 'user-3', detail: 'it was used after all', completed: undefined },
      }));

  it('is approved by someone else', () =>
    given(...asked)
      .when(approveRefund('r', 'user-2'))
      .emits({ type: 'RefundApproved', data: { refundId: 'r', approvedBy: 'user-2' } }));

  it('is not approved by who asked for it, above the limit', () =>
    given(...asked)
      .when(approveRefund('r', 'user-1'))
      .refuses('second_person_needed'));

  it('may be approved by who asked for it, up to the limit', () =>
    given(...account('10'), requestRefund('r', 'lot', '1'))
      .when(approveRefund('r', 'user-1'))
      .emits({ type: 'RefundApproved' }));

  it('is approved once, however often the same person does', () =>
    given(...asked, approveRefund('r'))
      .when(approveRefund('r'))
      .emitsNothing());

  it('is not approved again by anyone else', () =>
    given(...asked, approveRefund('r', 'user-2'))
      .when(approveRefund('r', 'user-3'))
      .refuses('refund_approved'));

  it('that was approved is not declined any more: its money may have left', () =>
    given(...asked, approveRefund('r'))
      .when(failRefund('r', { reason: 'declined' }))
      .refuses('refund_approved'));

  it('that was declined is not approved any more', () =>
    given(...asked, failRefund('r'))
      .when(approveRefund('r'))
      .refuses('refund_closed'));

  it('is completed once', () => {
    given(...asked)
      .when(completeRefund('r'))
      .emits({ type: 'RefundCompleted', data: { lotId: 'lot', amount: '4.00' } });
    given(...asked, completeRefund('r'))
      .when(completeRefund('r'))
      .emitsNothing();
  });

  it('gives its credit back when it fails, once', () => {
    const { state } = given(...asked).when(failRefund('r'));
    expect(lotsOf(state)).toEqual({ lot: '10.00' });
    given(...asked, failRefund('r'))
      .when(failRefund('r'))
      .emitsNothing();
  });

  it('gives its credit back though it was completed: the customer’s bank sent it back', () =>
    given(...asked, completeRefund('r'))
      .when(failRefund('r'))
      .emits({
        type: 'RefundFailed',
        data: { amount: '4.00', completed: true, coveredDebt: undefined, reason: 'failed' },
      }));

  it('pays off a negative balance with the credit that comes back, before anything else', () => {
    const elsewhere = [...account('10'), requestRefund('r', 'lot', '10'), recordRefund('re_1', 'lot', '7')];
    const { state, emits } = given(...elsewhere).when(declineRefund('r'));
    emits({ type: 'RefundFailed', data: { amount: '10.00', coveredDebt: '7.00' } });
    expect([lotsOf(state), formatUsd(state.debt)]).toEqual([{ lot: '3.00' }, '0.00']);
  });

  it('is not completed by a report that comes after its failure', () =>
    given(...asked, completeRefund('r'), failRefund('r'))
      .when(completeRefund('r'))
      .emitsNothing());

  it('must exist', () => {
    for (const command of [approveRefund('x'), completeRefund('x'), failRefund('x')])
      given(...account('10'))
        .when(command)
        .refuses('refund_not_found');
  });

  it('keeps the account from being closed', () =>
    given(...asked)
      .when(close())
      .refuses('refund_under_way'));
});

describe('a refund made elsewhere', () => {
  const spent = [...account('10'), placeHold('c', '8'), settle('c', '8')];

  it('takes what is left of its lot, and the rest makes the balance negative', () => {
    const { state, emits } = given(...spent).when(recordRefund('re_1', 'lot', '10'));
    emits({ type: 'RefundRequested', data: { amount: '10.00', uncovered: '8.00' } });
    expect([lotsOf(state), formatUsd(posted(state))]).toEqual([{ lot: '0.00' }, '-8.00']);
  });

  it('is recorded once', () =>
    given(...spent, recordRefund('re_1', 'lot', '10'))
      .when(recordRefund('re_1', 'lot', '10'))
      .emitsNothing());

  it('is asked for by Stripe', () =>
    given(...spent)
      .when(recordRefund('re_1', 'lot', '10'))
      .emits({ type: 'RefundRequested', data: { requestId: undefined, requestedBy: 'stripe' } }));

  it('is no one’s to approve, to decline or to take back: its money is on its way', () => {
    const decisions = [
      approveRefund('re_1'),
      declineRefund('re_1'),
      failRefund('re_1', { reason: 'withdrawn', withdrawnBy: 'user-1' }),
    ];
    for (const decision of decisions)
      given(...spent, recordRefund('re_1', 'lot', '2'))
        .when(decision)
        .refuses('refund_made_at_stripe');
  });

  it('that fails pays off what it made a debt of', () => {
    const { state, emits } = given(...spent, recordRefund('re_1', 'lot', '10')).when(failRefund('re_1'));
    emits({ type: 'RefundFailed', data: { amount: '10.00', coveredDebt: '8.00' } });
    expect([lotsOf(state), formatUsd(state.debt)]).toEqual([{ lot: '2.00' }, '0.00']);
  });
});

describe('a closed account', () => {
  it('takes no calls and issues no keys', () => {
    given(...account('10'), close())
      .when(placeHold('c', '1'))
      .refuses('account_closed');
    given(...account('10'), close())
      .when(issueKey('k2'))
      .refuses('account_closed');
  });

  it('is closed once', () =>
    given(...account('10'), close())
      .when(close())
      .emitsNothing());

  it('still settles what is under way', () =>
    given(...account('10'), placeHold('c', '1'), close())
      .when(settle('c', '1'))
      .emits({ type: 'TokensCharged' }));
});
