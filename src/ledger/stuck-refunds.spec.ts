import { describe, expect, it } from 'vitest';
import { account, approveRefund, completeRefund, NOON, requestRefund } from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { formatMoney } from '../kernel/index.js';
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
const approve = (approvedBy = 'bob'): AccountCommand => ({ ...base, type: 'ApproveRefundEnd', approvedBy });

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

  it('takes the newest proposal, and one of the same once', () => {
    given(...stuck, propose())
      .when(propose())
      .emitsNothing();
    given(...stuck, propose(), propose({ outcome: 'failed', requestedBy: 'bob' }))
      .when(approve('ada'))
      .emits({ type: 'RefundFailed' });
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
