import { describe, expect, it } from 'vitest';
import { account, approveRefund, completeRefund, NOON, requestRefund } from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { formatMoney, toInstant } from '../kernel/index.js';
import type { AccountCommand, RefundProposal } from './index.js';
import { postings } from './postings.js';

const asked = [...account('10'), requestRefund('r', 'lot', '4')];
const stuck = [...asked, approveRefund('r')];
const base = { commandId: 'c', at: NOON, refundId: 'r' };

const propose = (more: Partial<RefundProposal> = {}): AccountCommand => ({
  ...base,
  type: 'ProposeRefundEnd',
  outcome: 'completed',
  outside: false,
  reason: 'ticket 17',
  requestedBy: 'ada',
  ...more,
});
const approve = (approvedBy = 'bob', more: { reason?: string; proposedAt?: string } = {}): AccountCommand => ({
  ...base,
  type: 'ApproveRefundEnd',
  approvedBy,
  ...more,
});
const decline = (declinedBy = 'bob'): AccountCommand => ({
  ...base,
  type: 'DeclineRefundEnd',
  declinedBy,
  reason: 'it is on its way',
});

const booked = (...past: readonly AccountCommand[]) => {
  const { outcome } = given(...past).when(approve());
  const events = outcome as readonly Parameters<typeof postings>[0][];
  return Object.fromEntries(events.flatMap(postings).map((posting) => [posting.account, formatMoney(posting)]));
};

describe('a refund that is stuck', () => {
  it('is ended by two people, and says who they were', () => {
    given(...stuck)
      .when(propose())
      .emits({ type: 'RefundEndProposed', data: { outcome: 'completed', requestedBy: 'ada', outside: undefined } });
    given(...stuck, propose())
      .when(approve())
      .emits({
        type: 'RefundCompleted',
        data: { amount: '4.00', byHand: { actor: 'ada', approvedBy: 'bob', reason: 'ticket 17' }, outside: undefined },
      });
    given(...stuck, propose({ outcome: 'failed' }))
      .when(approve())
      .emits({
        type: 'RefundFailed',
        data: { amount: '4.00', reason: 'failed', byHand: { actor: 'ada', approvedBy: 'bob', reason: 'ticket 17' } },
      });
  });

  it('is not ended by the person who proposed it, nor without a proposal', () => {
    given(...stuck, propose())
      .when(approve('ada'))
      .refuses('second_person_needed');
    given(...stuck)
      .when(approve())
      .refuses('nothing_to_approve');
  });

  it('is ended with the reasons of both', () => {
    const byHand = { actor: 'ada', reason: 'ticket 17', approvedBy: 'bob', approvalReason: 'the bank says so' };
    for (const [outcome, type] of [
      ['completed', 'RefundCompleted'],
      ['failed', 'RefundFailed'],
    ] as const)
      given(...stuck, propose({ outcome }))
        .when(approve('bob', { reason: 'the bank says so' }))
        .emits({ type, data: { byHand } });
  });

  it('takes one proposal at a time, and the same again as the same', () => {
    given(...stuck, propose())
      .when(propose())
      .emitsNothing();
    for (const other of [{ outcome: 'failed' }, { outside: true }, { requestedBy: 'bob' }] as const)
      given(...stuck, propose())
        .when(propose(other))
        .refuses('end_proposed');
  });

  it('is under way as before when its proposal is declined, and takes another one', () => {
    given(...stuck, propose())
      .when(decline())
      .emits({ type: 'RefundEndDeclined', data: { refundId: 'r', declinedBy: 'bob', reason: 'it is on its way' } });
    const declined = [...stuck, propose(), decline()];
    given(...declined)
      .when(decline())
      .emitsNothing();
    given(...declined)
      .when(approve())
      .refuses('nothing_to_approve');
    given(...declined, propose({ outcome: 'failed' }))
      .when(approve())
      .emits({ type: 'RefundFailed' });
    given(...declined)
      .when(completeRefund('r'))
      .emits({ type: 'RefundCompleted', data: { byHand: undefined } });
    given(...asked)
      .when(decline())
      .refuses('refund_not_stuck');
  });

  it('is ended as was looked at, not as was proposed anew', () => {
    const [first, second] = [toInstant(NOON), toInstant(NOON + 60_000)];
    const anew = [...stuck, propose(), decline(), { ...propose({ outside: true }), at: NOON + 60_000 }];
    given(...anew)
      .when({ ...approve('bob', { proposedAt: first }), at: NOON + 60_000 })
      .refuses('proposed_anew');
    given(...anew)
      .when({ ...approve('bob', { proposedAt: second }), at: NOON + 60_000 })
      .emits({ type: 'RefundCompleted', data: { outside: true } });
  });

  it('is one that was approved and has not ended', () => {
    given(...asked)
      .when(propose())
      .refuses('refund_not_stuck');
    given(...stuck, completeRefund('r'))
      .when(propose())
      .refuses('refund_not_stuck');
    given(...account('10'))
      .when(propose())
      .refuses('refund_not_found');
  });

  it('ends once, whatever Stripe reports afterwards', () => {
    given(...stuck, propose(), approve())
      .when(approve())
      .emitsNothing();
    given(...stuck, propose(), approve())
      .when(completeRefund('r'))
      .emitsNothing();
    given(...stuck, propose({ outcome: 'failed' }), approve())
      .when(completeRefund('r'))
      .emitsNothing();
  });

  it('is booked against clearing, against our bank when that paid it, and to the credit when it failed', () => {
    expect(booked(...stuck, propose())).toEqual({
      'liabilities:customers:refunds': '4.00',
      'assets:stripe:clearing': '-4.00',
    });
    expect(booked(...stuck, propose({ outside: true }))).toMatchObject({ 'assets:bank': '-4.00' });
    expect(booked(...stuck, propose({ outcome: 'failed' }))).toEqual({
      'liabilities:customers:refunds': '4.00',
      'liabilities:customers:credit': '-4.00',
    });
    given(...stuck)
      .when(propose({ outcome: 'failed', outside: true }))
      .refuses('invalid_outcome');
  });
});
