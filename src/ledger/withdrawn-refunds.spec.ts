// What customers can get back, and requests that they take back.
import { describe, expect, it } from 'vitest';
import {
  account,
  adjust,
  approveRefund,
  DAY,
  declineRefund,
  failRefund,
  NOON,
  placeHold,
  purchase,
  requestRefund,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { formatUsd, Rejection } from '../kernel/index.js';
import { type AccountState, available } from './account.state.js';
import { refundableOf } from './refunds.js';

const free = (state: AccountState) => formatUsd(available(state, NOON));
const asked = [...account('10'), requestRefund('r', 'lot', '4')];

describe('a request that is taken back', () => {
  const withdrawn = { reason: 'withdrawn', withdrawnBy: 'user-1' } as const;

  it('gives its credit back, once, and says who took it back', () => {
    const { state, emits } = given(...asked).when(failRefund('r', withdrawn));
    emits({ type: 'RefundFailed', data: { refundId: 'r', amount: '4.00', ...withdrawn, declinedBy: undefined } });
    expect(free(state)).toBe('10.00');
    given(...asked, failRefund('r', withdrawn))
      .when(failRefund('r', withdrawn))
      .emitsNothing();
  });

  it('can’t be taken back once finance has decided, nor decided once it was taken back', () => {
    given(...asked, approveRefund('r'))
      .when(failRefund('r', withdrawn))
      .refuses('refund_approved');
    given(...asked, declineRefund('r'))
      .when(failRefund('r', withdrawn))
      .refuses('refund_closed');
    for (const decision of [approveRefund('r'), declineRefund('r')])
      given(...asked, failRefund('r', withdrawn))
        .when(decision)
        .refuses('refund_closed');
  });
});

describe('what can be refunded of a purchase', () => {
  const most = (state: AccountState, lotId: string, now = NOON) => {
    const amount = refundableOf(state, lotId, { windowMs: 7 * DAY, now });
    return amount instanceof Rejection ? amount.code : formatUsd(amount);
  };

  it('is what is unspent and not held of it, in whole cents', () => {
    const { state } = given(...account('10'), placeHold('c', '3')).when(purchase('new', '5'));
    expect([most(state, 'lot'), most(state, 'new')]).toEqual(['10.00', '5.00']);
    const { state: held } = given(...account('10')).when(placeHold('c', '3.001'));
    expect(most(held, 'lot')).toBe('6.99');
  });

  it('is nothing, for a reason, once its time is over or it is spent', () => {
    const { state } = given(...account('10')).when(adjust('a', '-10'));
    expect([most(state, 'lot'), most(state, 'lot', NOON + 8 * DAY), most(state, 'none')]).toEqual([
      'refund_exceeds_credit',
      'refund_window_over',
      'lot_not_found',
    ]);
  });
});
