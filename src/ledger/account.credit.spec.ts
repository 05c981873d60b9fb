import { describe, expect, it } from 'vitest';
import {
  account,
  adjust,
  DAY,
  declineRefund,
  expireCredit,
  grant,
  HOUR,
  NOON,
  placeHold,
  purchase,
  release,
  requestRefund,
  settle,
  YEAR,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import type { AccountCommand } from './account.commands.js';
import { formatUsd } from '../kernel/index.js';
import { type AccountState, available, posted } from './account.state.js';

const instant = (at: number) => new Date(at).toISOString();
const worth = (state: AccountState) => formatUsd(posted(state));
const overdrawn = (by: string) => [...account('1'), placeHold('c', '1'), settle('c', `${1 + Number(by)}`)];

describe('credit', () => {
  it('adds a paid lot for a top-up', () =>
    given(...account('0'))
      .when(purchase('l', '5'))
      .emits({
        type: 'CreditPurchased',
        data: {
          lotId: 'l',
          amount: '5.00',
          coveredDebt: undefined,
          expiresAt: instant(NOON + YEAR),
          topupId: 'topup-l',
        },
      }));

  it('adds a bonus lot for a reason', () =>
    given(...account('0'))
      .when(grant('l', '5'))
      .emits({ type: 'CreditGranted', data: { lotId: 'l', amount: '5.00', reason: 'welcome' } }));

  it('credits a payment once, however often it is reported', () =>
    given(...account('0'), purchase('l', '5'))
      .when(purchase('l', '5'))
      .emitsNothing());

  it('credits a payment once, even when it was spent and expired long ago', () =>
    given(...account('0'), purchase('l', '5', { expiresAt: NOON + DAY }), expireCredit({ at: NOON + 2 * DAY }))
      .when(purchase('l', '5', { at: NOON + 900 * DAY }))
      .emitsNothing());

  it.each(['0', '-1'])('refuses %s as an amount', (amount) => {
    given(...account('0'))
      .when(purchase('l', amount))
      .refuses('invalid_amount');
    given(...account('0'))
      .when(grant('l', amount))
      .refuses('invalid_amount');
  });

  it('pays off a negative balance before anything else', () => {
    const { outcome, state } = given(...overdrawn('2')).when(purchase('l', '5'));
    expect(outcome).toMatchObject([{ data: { amount: '5.00', coveredDebt: '2.00' } }]);
    expect(worth(state)).toBe('3.00');
  });

  it('goes into a negative balance whole when it is not enough', () => {
    const { outcome, state } = given(...overdrawn('7')).when(purchase('l', '5'));
    expect(outcome).toMatchObject([{ data: { amount: '5.00', coveredDebt: '5.00' } }]);
    expect(worth(state)).toBe('-2.00');
  });

  it('is available from then on, and what is beyond the debt only', () => {
    const refunded = [...overdrawn('2'), purchase('l', '5')];
    given(...refunded)
      .when(placeHold('c2', '3'))
      .emits({ type: 'HoldPlaced' });
    given(...refunded)
      .when(placeHold('c2', '3.01'))
      .refuses('insufficient_balance', { available: '3.00' });
  });
});

describe('expiry', () => {
  const lot = purchase('l', '5', { expiresAt: NOON + DAY });

  it('takes what is left of a lot when its time has come', () =>
    given(...account('0'), lot, placeHold('c', '2'), settle('c', '2'))
      .when(expireCredit({ at: NOON + DAY }))
      .emits({ type: 'CreditExpired', data: { lotId: 'l', kind: 'paid', amount: '3.00' } }));

  it('dates it at the expiry, however late a gateway comes to write it', () =>
    given(...account('0'), lot)
      .when(expireCredit({ at: NOON + 3 * DAY }))
      .emits({ type: 'CreditExpired', data: { expiredAt: instant(NOON + DAY), at: instant(NOON + 3 * DAY) } }));

  it('dates credit that came back after the expiry at its return', () => {
    const declined = declineRefund('r', 'user-2', { at: NOON + 2 * DAY });
    given(...account('0'), lot, requestRefund('r', 'l', '2'), expireCredit({ at: NOON + DAY }), declined)
      .when(expireCredit({ at: NOON + 3 * DAY }))
      .emits({ type: 'CreditExpired', data: { amount: '2.00', expiredAt: instant(NOON + 2 * DAY) } });
  });

  it('takes nothing a millisecond earlier', () =>
    given(...account('0'), lot)
      .when(expireCredit({ at: NOON + DAY - 1 }))
      .emitsNothing());

  it('takes it once', () =>
    given(...account('0'), lot, expireCredit({ at: NOON + DAY }))
      .when(expireCredit({ at: NOON + 2 * DAY }))
      .emitsNothing());

  it('has nothing to take from a lot that was spent', () =>
    given(...account('0'), lot, placeHold('c', '5'), settle('c', '5'))
      .when(expireCredit({ at: NOON + DAY }))
      .emitsNothing());

  it('says which kind of credit is gone, lot by lot', () =>
    given(...account('0'), lot, grant('g', '1', { expiresAt: NOON + DAY }), purchase('l2', '7'))
      .when(expireCredit({ at: NOON + DAY }))
      .emits(
        { type: 'CreditExpired', data: { lotId: 'g', kind: 'bonus', amount: '1.00' } },
        { type: 'CreditExpired', data: { lotId: 'l', kind: 'paid', amount: '5.00' } },
      ));

  it('makes a lot unavailable at its instant, whether it was booked yet or not', () =>
    given(...account('0'), lot)
      .when(placeHold('c', '1', { at: NOON + DAY }))
      .refuses('insufficient_balance', { available: '0.00' }));

  it('leaves what holds placed in the lot’s lifetime may need', () => {
    const { outcome, state } = given(...account('0'), lot, placeHold('c', '2')).when(expireCredit({ at: NOON + DAY }));
    expect(outcome).toMatchObject([{ data: { amount: '3.00' } }]);
    expect(worth(state)).toBe('2.00');
  });

  it('takes the rest when such a hold was settled for less', () =>
    given(
      ...account('0'),
      lot,
      placeHold('c', '2'),
      expireCredit({ at: NOON + DAY }),
      settle('c', '0.5', { at: NOON + DAY }),
    )
      .when(expireCredit({ at: NOON + DAY }))
      .emits({ type: 'CreditExpired', data: { amount: '1.50' } }));

  it('takes the rest when such a hold was released', () =>
    given(...account('0'), lot, placeHold('c', '2'), expireCredit({ at: NOON + DAY }), release('c', { at: NOON + DAY }))
      .when(expireCredit({ at: NOON + DAY }))
      .emits({ type: 'CreditExpired', data: { amount: '2.00' } }));

  it('keeps no more for holds than they may need, over all lots', () => {
    const lots = [grant('g', '1', { expiresAt: NOON + DAY }), lot];
    const { outcome } = given(...account('0'), ...lots, placeHold('c', '2')).when(expireCredit({ at: NOON + DAY }));
    expect(outcome).toMatchObject([{ data: { lotId: 'l', amount: '4.00' } }]);
  });

  it('leaves nothing for holds placed after it', () =>
    given(...account('0'), lot, purchase('l2', '7'), placeHold('c', '2', { at: NOON + DAY }))
      .when(expireCredit({ at: NOON + DAY + HOUR }))
      .emits({ type: 'CreditExpired', data: { lotId: 'l', amount: '5.00' } }));

  it('lets a call that began in time be charged to the lot', () =>
    given(...account('0'), lot, placeHold('c', '2'), expireCredit({ at: NOON + DAY }))
      .when(settle('c', '2', { at: NOON + DAY + HOUR }))
      .emits({ type: 'TokensCharged', data: { slices: [{ lotId: 'l', amount: '2.00' }], uncovered: undefined } }));
});

describe('an adjustment', () => {
  it('says what date it is of in the books, which is none to come', () => {
    const of = (id: string, servedAt?: number): AccountCommand => ({
      ...adjust(id, '2', { reference: 'ticket 9' }),
      ...(servedAt !== undefined && { servedAt }),
    });
    const { outcome } = given(...account('1')).when(of('a', NOON - 40 * DAY));
    expect(outcome).toMatchObject([{ data: { servedAt: instant(NOON - 40 * DAY) } }]);
    const made = [...account('1'), of('a', NOON - 40 * DAY)];
    given(...made)
      .when(of('b', NOON - 40 * DAY))
      .emitsNothing();
    given(...made)
      .when(of('b'))
      .refuses('reference_taken', { id: 'a' });
    given(...account('1'))
      .when(of('a', NOON + DAY))
      .refuses('invalid_service_date');
  });

  it('upwards is a lot of bonus credit', () => {
    const { outcome, state } = given(...account('1')).when(adjust('a', '2', { expiresAt: NOON + DAY }));
    expect(outcome).toEqual([
      {
        type: 'BalanceAdjusted',
        data: {
          adjustmentId: 'a',
          amount: '2.00',
          slices: [],
          expiresAt: instant(NOON + DAY),
          reason: 'billing error of 3 March',
          requestedBy: 'user-1',
          approvedBy: 'user-2',
          at: instant(NOON),
        },
      },
    ]);
    expect(formatUsd(available(state, NOON))).toBe('3.00');
    expect(formatUsd(available(state, NOON + DAY))).toBe('1.00');
  });

  it('upwards pays off a negative balance first', () => {
    const { outcome, state } = given(...overdrawn('2')).when(adjust('a', '3'));
    expect(outcome).toMatchObject([{ data: { amount: '3.00', coveredDebt: '2.00' } }]);
    expect(worth(state)).toBe('1.00');
  });

  it('downwards takes from the lots in their order', () =>
    given(...account('5'), grant('g', '1'))
      .when(adjust('a', '-3'))
      .emits({
        type: 'BalanceAdjusted',
        data: {
          amount: '-3.00',
          slices: [
            { lotId: 'g', amount: '1.00' },
            { lotId: 'lot', amount: '2.00' },
          ],
          uncovered: undefined,
          expiresAt: undefined,
        },
      }));

  it('downwards may make the balance negative', () => {
    const { outcome, state } = given(...account('1')).when(adjust('a', '-3'));
    expect(outcome).toMatchObject([{ data: { slices: [{ lotId: 'lot', amount: '1.00' }], uncovered: '2.00' } }]);
    expect(worth(state)).toBe('-2.00');
  });

  it('downwards does not take credit that has expired', () =>
    given(...account('0'), purchase('l', '5', { expiresAt: NOON + DAY }))
      .when(adjust('a', '-1', { at: NOON + DAY }))
      .emits({ type: 'BalanceAdjusted', data: { slices: [], uncovered: '1.00' } }));

  it('is made once', () => {
    given(...account('5'), adjust('a', '-3'))
      .when(adjust('a', '-3'))
      .emitsNothing();
    given(...account('5'), adjust('a', '3'))
      .when(adjust('a', '3'))
      .emitsNothing();
  });

  it('of zero is refused', () =>
    given(...account('5'))
      .when(adjust('a', '0'))
      .refuses('invalid_amount'));

  it('under the name of a lot is refused: an adjustment upwards is a lot', () =>
    given(...account('5'))
      .when(adjust('lot', '1'))
      .refuses('adjustment_id_taken'));
});

it('an account has no more than so many lots to spend, but what is paid for is always added', () => {
  const lots = Array.from({ length: 10_000 }, (_, i) => grant(`g${i}`, '1')).map((command) => ({
    type: 'CreditGranted' as const,
    data: {
      lotId: (command as { lotId: string }).lotId,
      amount: '1.00',
      reason: 'r',
      expiresAt: instant(NOON + DAY),
      at: instant(NOON),
    },
  }));
  const full = given(...account('0'), ...lots);
  expect(full.state.lots.bonus).toHaveLength(10_000);
  full.when(grant('more', '1')).refuses('too_many_lots');
  full.when(adjust('more', '1')).refuses('too_many_lots');
  full.when(purchase('more', '1')).emits({ type: 'CreditPurchased' });
});

it('keeps for a hold what it may need, also where a clock that was ahead placed another one before it', () => {
  const lots = [purchase('lot', '10', { expiresAt: NOON + HOUR }), purchase('later', '10')];
  const holds = [
    placeHold('ahead', '1', { at: NOON + DAY, ttlMs: DAY }),
    placeHold('b', '2', { turn: 1, ttlMs: 3 * HOUR }),
  ];
  given(...account('0'), ...lots, ...holds)
    .when(expireCredit({ at: NOON + 2 * HOUR }))
    .emits({ type: 'CreditExpired', data: { lotId: 'lot', amount: '8.00' } });
});
