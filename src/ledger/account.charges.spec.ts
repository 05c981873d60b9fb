import { describe, expect, it } from 'vitest';
import {
  account,
  DAY,
  expireCredit,
  grant,
  HOUR,
  issueKey,
  NOON,
  openAccount,
  placeHold,
  purchase,
  release,
  SECOND,
  settle,
  suspend,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { formatUsd } from '../kernel/index.js';
import type { AccountCommand } from './account.commands.js';
import type { AccountEventData } from './account.events.js';
import { available, LATE_CHARGE_WINDOW_MS, posted } from './account.state.js';

const instant = (at: number) => new Date(at).toISOString();

describe('settling', () => {
  it('charges the cost and frees the rest of the hold', () => {
    const { outcome, state } = given(...account('10'), placeHold('c', '4')).when(
      settle('c', '1.5', { at: NOON + SECOND, providerCost: '0.9' }),
    );
    expect(outcome).toMatchObject([
      {
        type: 'TokensCharged',
        data: {
          chargeId: 'c',
          requestId: 'request-c',
          keyId: 'k',
          priceVersion: 3,
          cost: '1.50',
          hold: '4.00',
          slices: [{ lotId: 'lot', amount: '1.50' }],
          pricedAt: instant(NOON),
          usage: { totalTokens: 42 },
          usageRaw: { total_tokens: 42 },
          provider: 'openai-eu',
          upstreamModel: 'gpt-4o-mini-2024-07-18',
          providerCost: '0.90',
          attempts: [{ channel: 'openai-eu', status: 200 }],
          at: instant(NOON + SECOND),
        },
      },
    ]);
    expect(formatUsd(available(state, NOON))).toBe('8.50');
  });

  it('notes nothing unusual about a charge within its hold', () =>
    given(...account(), placeHold('c', '4'))
      .when(settle('c', '4'))
      .emits({ type: 'TokensCharged', data: { overage: undefined, uncovered: undefined, late: undefined } }));

  it('charges nothing for a call that cost nothing', () =>
    given(...account(), placeHold('c', '4'))
      .when(settle('c', '0'))
      .emits({ type: 'TokensCharged', data: { cost: '0.00', slices: [] } }));

  it('takes bonus before paid, earlier expiry first, older first', () => {
    const lots = [
      purchase('paid, late', '1', { expiresAt: NOON + 3 * DAY }),
      purchase('paid, early', '1', { expiresAt: NOON + DAY }),
      grant('bonus, late, older', '1', { expiresAt: NOON + 9 * DAY }),
      grant('bonus, late, newer', '1', { expiresAt: NOON + 9 * DAY, at: NOON + SECOND }),
      grant('bonus, early', '1', { expiresAt: NOON + 8 * DAY, at: NOON + SECOND }),
    ];
    const { outcome } = given(openAccount(), issueKey(), ...lots, placeHold('c', '5', { at: NOON + SECOND })).when(
      settle('c', '4.5'),
    );
    expect(outcome).toMatchObject([
      {
        data: {
          slices: [
            { lotId: 'bonus, early', amount: '1.00' },
            { lotId: 'bonus, late, older', amount: '1.00' },
            { lotId: 'bonus, late, newer', amount: '1.00' },
            { lotId: 'paid, early', amount: '1.00' },
            { lotId: 'paid, late', amount: '0.50' },
          ],
        },
      },
    ]);
  });

  it('charges once, however often it is asked for', () =>
    given(...account(), placeHold('c', '4'), settle('c', '1'))
      .when(settle('c', '1'))
      .emitsNothing());

  it('refuses a charge without a hold', () =>
    given(...account())
      .when(settle('c', '1'))
      .refuses('hold_not_found'));

  it('refuses a negative charge', () =>
    given(...account(), placeHold('c', '4'))
      .when(settle('c', '-1'))
      .refuses('invalid_amount'));
});

describe('overage', () => {
  const overrun = [...account('5'), placeHold('c', '5'), settle('c', '7')];

  it('charges in full what cost more than its hold, and notes by how much', () =>
    given(...account('10'), placeHold('c', '4'))
      .when(settle('c', '5'))
      .emits({ type: 'TokensCharged', data: { cost: '5.00', hold: '4.00', overage: '1.00', uncovered: undefined } }));

  it('may take the balance below zero', () => {
    const { outcome, state } = given(...account('5'), placeHold('c', '5')).when(settle('c', '7'));
    expect(outcome).toMatchObject([
      { data: { slices: [{ lotId: 'lot', amount: '5.00' }], uncovered: '2.00', overage: '2.00' } },
    ]);
    expect(formatUsd(posted(state))).toBe('-2.00');
  });

  it('refuses new holds until topped up, even of nothing', () => {
    given(...overrun)
      .when(placeHold('c2', '0'))
      .refuses('insufficient_balance', { available: '-2.00' });
    given(...overrun, purchase('l2', '2'))
      .when(placeHold('c2', '0'))
      .emits({ type: 'HoldPlaced' });
    given(...overrun, purchase('l2', '3'))
      .when(placeHold('c2', '1'))
      .emits({ type: 'HoldPlaced' });
  });

  it('still settles the calls that are under way', () =>
    given(...account('5'), placeHold('c1', '2'), placeHold('c2', '3'), settle('c1', '5'))
      .when(settle('c2', '1'))
      .emits({ type: 'TokensCharged', data: { slices: [], uncovered: '1.00', overage: undefined } }));
});

describe('a late charge', () => {
  const released = [...account('10'), placeHold('c', '4'), release('c')];

  it('is made when usage comes after the hold was released', () =>
    given(...released)
      .when(settle('c', '3', { at: NOON + HOUR }))
      .emits({
        type: 'TokensCharged',
        data: { cost: '3.00', hold: '0.00', late: true, overage: undefined, pricedAt: instant(NOON) },
      }));

  it('is made once', () =>
    given(...released, settle('c', '3'))
      .when(settle('c', '3'))
      .emitsNothing());

  it('notes what it cost beyond the hold it once had', () =>
    given(...released)
      .when(settle('c', '5'))
      .emits({ type: 'TokensCharged', data: { overage: '1.00', late: true } }));

  it('counts against the key’s budget', () =>
    given(
      ...account('10'),
      issueKey('b', { budgetTotal: '4.00' }),
      placeHold('c', '4', { keyId: 'b' }),
      release('c'),
      settle('c', '3'),
    )
      .when(placeHold('c2', '1.01', { keyId: 'b' }))
      .refuses('budget_exceeded', { left: '1.00' }));

  it('may take the balance below zero when the credit is gone by then', () =>
    given(
      ...account('0'),
      purchase('l', '4', { expiresAt: NOON + HOUR }),
      placeHold('c', '4'),
      release('c'),
      expireCredit({ at: NOON + HOUR }),
    )
      .when(settle('c', '3', { at: NOON + 2 * HOUR }))
      .emits({ type: 'TokensCharged', data: { slices: [], uncovered: '3.00', late: true } }));

  it('can be made until a day after the release', () =>
    given(...released)
      .when(settle('c', '3', { at: NOON + LATE_CHARGE_WINDOW_MS - 1 }))
      .emits({ type: 'TokensCharged' }));

  it('is refused from then on, whether anything else happened on the account or not', () => {
    const end = NOON + LATE_CHARGE_WINDOW_MS;
    given(...released)
      .when(settle('c', '3', { at: end }))
      .refuses('hold_not_found');
    given(...released, suspend({ at: end }))
      .when(settle('c', '3', { at: end }))
      .refuses('hold_not_found');
  });

  it('is not undone by releasing again', () =>
    given(...released, settle('c', '3'))
      .when(release('c'))
      .emitsNothing());
});

describe('a charge by hand', () => {
  const end = NOON + LATE_CHARGE_WINDOW_MS;
  const answered = { usageRaw: { prompt_tokens: -1 }, provider: 'openai-eu', upstreamModel: 'gpt-4o-mini-2024-07-18' };
  const released = [
    ...account('10'),
    placeHold('c', '4'),
    { ...release('c', { reason: 'usage_unknown' }), ...answered } as AccountCommand,
  ];
  const { outcome: placed } = given(...account('10')).when(placeHold('c', '4'));
  const hold = (placed as unknown as readonly { data: AccountEventData<'HoldPlaced'> }[])[0]?.data;
  const byHand = (cost: string, at: number) =>
    ({ ...settle('c', cost, { at }), byHand: { actor: 'user-1', reason: 'their invoice', hold } }) as AccountCommand;

  it('finds in the release what was not charged, and who had answered', () => {
    const { outcome } = given(...account('10'), placeHold('c', '4')).when({
      ...release('c', { reason: 'usage_unknown' }),
      ...answered,
    });
    expect(outcome).toMatchObject([{ type: 'HoldReleased', data: answered }]);
  });

  it('names who made it and why, and is late, at the price of its hold', () =>
    given(...released)
      .when(byHand('3', NOON + HOUR))
      .emits({
        type: 'TokensCharged',
        data: {
          cost: '3.00',
          late: true,
          pricedAt: instant(NOON),
          byHand: { actor: 'user-1', reason: 'their invoice' },
        },
      }));

  it('can be made long after the account has forgotten its hold', () => {
    const { outcome, state } = given(...released, suspend({ at: end })).when(byHand('3', end + 30 * DAY));
    expect(outcome).toMatchObject([
      { type: 'TokensCharged', data: { requestId: 'request-c', keyId: 'k', late: true } },
    ]);
    expect(formatUsd(posted(state))).toBe('7.00');
  });

  it('is made once, however late it is asked for again', () =>
    given(...released, byHand('3', end + DAY), suspend({ at: end + 2 * DAY }))
      .when(byHand('3', end + 3 * DAY))
      .emitsNothing());

  it('is not made of what usage that came late had charged', () =>
    given(...released, settle('c', '3', { at: NOON + HOUR }))
      .when(byHand('3', NOON + HOUR))
      .emitsNothing());

  it('is refused while the call is under way', () =>
    given(...account('10'), placeHold('c', '4'))
      .when(byHand('3', NOON))
      .refuses('hold_open'));
});
