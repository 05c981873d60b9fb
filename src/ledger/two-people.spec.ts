// What one person decides alone, and what takes two.
import { describe, expect, it } from 'vitest';
import {
  account,
  adjust,
  approveRefund,
  DAY,
  declineRefund,
  failRefund,
  grant,
  MINUTE,
  NOON,
  purchase,
  requestRefund,
  requestRefundOf,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';

const lots = ['lot-1', 'lot-2', 'lot-3'];
const bought = [...account('0'), ...lots.map((lot) => purchase(lot, '10'))];
const self = 'user-1';
const withinDay = { by: self, approvedBy: self, alone: '1' };

describe('a refund request of several purchases', () => {
  const asked = [...bought, requestRefundOf('q', ['lot-1', 'lot-2'], '20')];

  it('is not approved piece by piece by who asked for it, when together it is above the limit', () => {
    const small = [...account('0'), ...lots.map((lot) => purchase(lot, '0.50'))];
    given(...small, requestRefundOf('q', lots, '1.50'))
      .when(approveRefund('q-lot-1', self))
      .refuses('second_person_needed', { limit: '1.00', total: '1.50' });
  });

  it('is not, either, when others have approved its other pieces', () =>
    given(...asked, approveRefund('q-lot-1', 'user-2'))
      .when(approveRefund('q-lot-2', self))
      .refuses('second_person_needed', { total: '20.00' }));

  it('is approved by somebody else', () =>
    given(...asked, approveRefund('q-lot-1', 'user-2'))
      .when(approveRefund('q-lot-2', 'user-2'))
      .emits({ type: 'RefundApproved', data: { refundId: 'q-lot-2', approvedBy: 'user-2' } }));

  it('up to the limit is approved by who asked for it, all pieces', () =>
    given(
      ...account('0'),
      ...lots.map((lot) => purchase(lot, '0.50')),
      requestRefundOf('q', ['lot-1', 'lot-2'], '1'),
      approveRefund('q-lot-1', self),
    )
      .when(approveRefund('q-lot-2', self))
      .emits({ type: 'RefundApproved' }));

  it('does not count a piece that was declined', () =>
    given(...bought, requestRefundOf('q', ['lot-1', 'lot-2'], '10.50'), declineRefund('q-lot-1'))
      .when(approveRefund('q-lot-2', self))
      .emits({ type: 'RefundApproved' }));
});

describe('what one person decides alone on an account', () => {
  const split = [
    ...bought,
    requestRefund('r1', 'lot-1', '0.60'),
    requestRefund('r2', 'lot-2', '0.60'),
    approveRefund('r1', self),
  ];

  it('counts together for a day, in however many requests', () =>
    given(...split)
      .when(approveRefund('r2', self, { at: NOON + DAY - 1 }))
      .refuses('second_person_needed', { total: '1.20' }));

  it('does not count any more when the day is over', () =>
    given(...split)
      .when(approveRefund('r2', self, { at: NOON + DAY }))
      .emits({ type: 'RefundApproved' }));

  it('does not count what somebody else approved, or asked for', () => {
    given(
      ...bought,
      requestRefund('r1', 'lot-1', '9'),
      requestRefund('r2', 'lot-2', '1', { requestedBy: 'user-3' }),
      approveRefund('r1', 'user-2'),
      approveRefund('r2', 'user-3'),
      requestRefund('r3', 'lot-3', '1'),
    )
      .when(approveRefund('r3', self))
      .emits({ type: 'RefundApproved' });
  });

  it('does not count what came to nothing', () =>
    given(...split, failRefund('r1'))
      .when(approveRefund('r2', self))
      .emits({ type: 'RefundApproved' }));

  it('counts refunds, corrections and credit granted together', () => {
    const corrected = [...bought, adjust('a', '-0.50', withinDay)];
    given(...corrected)
      .when(adjust('b', '0.500001', withinDay))
      .refuses('second_person_needed', { total: '1.000001' });
    given(...corrected, grant('g', '0.30', { by: self, alone: '1' }), requestRefund('r', 'lot-1', '0.21'))
      .when(approveRefund('r', self))
      .refuses('second_person_needed', { total: '1.01' });
  });
});

describe('a correction and a grant', () => {
  it.each(['1.01', '-1.01'])('of %s need a second person above the limit', (amount) => {
    given(...bought)
      .when(adjust('a', amount, withinDay))
      .refuses('second_person_needed');
    given(...bought)
      .when(adjust('a', amount, { ...withinDay, approvedBy: 'user-2' }))
      .emits({ type: 'BalanceAdjusted', data: { requestedBy: self, approvedBy: 'user-2' } });
  });

  it.each(['1', '-1'])('of %s need none', (amount) =>
    given(...bought)
      .when(adjust('a', amount, withinDay))
      .emits({ type: 'BalanceAdjusted' }),
  );

  it('of credit takes nobody for somebody else: not naming one is being alone', () => {
    const big = { by: self, alone: '1' };
    given(...bought)
      .when(grant('g', '1.01', big))
      .refuses('second_person_needed');
    given(...bought)
      .when(grant('g', '1.01', { ...big, approvedBy: self }))
      .refuses('second_person_needed');
    given(...bought)
      .when(grant('g', '1.01', { ...big, approvedBy: 'user-2' }))
      .emits({ type: 'CreditGranted', data: { by: self, approvedBy: 'user-2' } });
  });

  it('are remembered no longer than a day', () => {
    const { state } = given(...bought, adjust('a', '1', withinDay)).when(grant('g', '1', { at: NOON + DAY + MINUTE }));
    expect(state.alone).toEqual([]);
  });
});
