import { describe, expect, it } from 'vitest';
import { given } from '../../test/support/ledger/decider-spec.js';
import {
  account,
  adjust,
  close,
  DAY,
  expireCredit,
  grant,
  issueKey,
  MINUTE,
  NOON,
  openAccount,
  placeHold,
  purchase,
  reinstate,
  release,
  revokeKey,
  SECOND,
  settle,
  suspend,
  updateKey,
} from '../../test/support/ledger/commands.js';
import { account as decider } from './account.js';
import type { AccountEvent } from './account.events.js';
import { HOLD_REPLAY_WINDOW_MS } from './account.state.js';

const instant = (at: number) => new Date(at).toISOString();

describe('closing only where no credit is lost', () => {
  const leave = { ...close(), onlyWithoutCredit: true };

  it('closes an empty account', () =>
    given(...account('0'))
      .when(leave)
      .emits({ type: 'AccountClosed' }));

  it('refuses while there is credit', () =>
    given(...account('5'))
      .when(leave)
      .refuses('credit_left'));

  it('refuses while a hold has all credit: its call may cost less', () =>
    given(...account('5'), placeHold('c', '5'))
      .when(leave)
      .refuses('credit_left'));

  it('closes once all credit is spent', () =>
    given(...account('5'), placeHold('c', '5'), settle('c', '5'))
      .when(leave)
      .emits({ type: 'AccountClosed' }));

  it('is done once', () =>
    given(...account('5'), close())
      .when(leave)
      .emitsNothing());
});

describe('opening', () => {
  it('opens an account at the instant of the command', () =>
    given()
      .when(openAccount())
      .emits({ type: 'AccountOpened', data: { accountId: 'acc', at: '2026-03-04T12:00:00.000Z' } }));

  it('opens an account once', () => given(openAccount()).when(openAccount()).emitsNothing());

  it.each([
    suspend(),
    reinstate(),
    issueKey(),
    updateKey('k', {}),
    revokeKey(),
    purchase('lot', '5'),
    grant('lot', '5'),
    expireCredit(),
    placeHold('c', '1'),
    settle('c', '1'),
    release('c'),
    adjust('a', '1'),
  ])('refuses $type on an account that was never opened', (command) =>
    given().when(command).refuses('account_not_found'),
  );
});

describe('suspension', () => {
  it('suspends an account, with the reason', () =>
    given(openAccount())
      .when(suspend())
      .emits({ type: 'AccountSuspended', data: { reason: 'abuse' } }));

  it('suspends once', () => given(openAccount(), suspend()).when(suspend()).emitsNothing());

  it('reinstates a suspended account', () =>
    given(openAccount(), suspend())
      .when(reinstate())
      .emits({ type: 'AccountReinstated', data: { reason: 'settled' } }));

  it('has nothing to reinstate on an account that is not suspended', () =>
    given(openAccount()).when(reinstate()).emitsNothing());

  it('refuses new holds of a suspended account', () =>
    given(...account(), suspend())
      .when(placeHold('c', '1'))
      .refuses('account_suspended'));

  it('allows holds again after it is reinstated', () =>
    given(...account(), suspend(), reinstate())
      .when(placeHold('c', '1'))
      .emits({ type: 'HoldPlaced' }));

  it('still settles the calls that are under way when an account is suspended', () =>
    given(...account(), placeHold('c', '1'), suspend())
      .when(settle('c', '1'))
      .emits({ type: 'TokensCharged' }));

  it('still takes money for a suspended account', () =>
    given(...account(), suspend())
      .when(purchase('l2', '5'))
      .emits({ type: 'CreditPurchased' }));
});

describe('time', () => {
  it('never writes an event earlier than the one before, though a gateway’s clock is behind', () =>
    given(...account())
      .when(placeHold('c', '1', { at: NOON - 2 * SECOND }))
      .emits({ type: 'HoldPlaced', data: { at: instant(NOON), expiresAt: instant(NOON + 60 * MINUTE) } }));

  it('refuses to place a hold for a request that is minutes older than the newest event', () =>
    given(...account())
      .when(placeHold('c', '1', { at: NOON - HOLD_REPLAY_WINDOW_MS }))
      .refuses('stale_command'));

  it('places a hold for a request that is a millisecond younger than that', () =>
    given(...account())
      .when(placeHold('c', '1', { at: NOON - HOLD_REPLAY_WINDOW_MS + 1 }))
      .emits({ type: 'HoldPlaced' }));

  it('settles however late the clock of the gateway is', () =>
    given(...account(), placeHold('c', '1', { at: NOON + MINUTE }))
      .when(settle('c', '1', { at: NOON - 60 * MINUTE }))
      .emits({ type: 'TokensCharged', data: { at: instant(NOON + MINUTE) } }));
});

describe('an event of a clock that was two days ahead', () => {
  const ahead = [...account(), grant('l', '1', { at: NOON + 2 * DAY })];
  const toldOf = { at: instant(NOON + 2 * DAY), clock: instant(NOON) };

  it('stops no call: whoever knows of it goes on by their own clock', () =>
    given(...ahead)
      .when(placeHold('c', '1', { turn: 1 }))
      .emits({ type: 'HoldPlaced', data: { ...toldOf, expiresAt: instant(NOON + 60 * MINUTE) } }));

  it('stops those that were made before it: they may have been placed, charged and forgotten', () =>
    given(...account(), placeHold('c', '1'), settle('c', '1'), grant('l', '1', { at: NOON + 2 * DAY }))
      .when(placeHold('c', '1', { turn: 0 }))
      .refuses('stale_command'));

  it('stops those for good: though the clock is turned back since', () =>
    given(
      ...account(),
      placeHold('c', '1'),
      settle('c', '1'),
      grant('l', '1', { at: NOON + 2 * DAY }),
      placeHold('next', '1', { turn: 1 }),
    )
      .when(placeHold('c', '1', { turn: 0 }))
      .refuses('stale_command'));

  it('lets all that follows be judged by the clock it was turned back to', () =>
    given(...ahead, placeHold('c', '1', { turn: 1 }))
      .when(settle('c', '1', { at: NOON + MINUTE }))
      .emits({ type: 'TokensCharged', data: { ...toldOf, clock: instant(NOON + MINUTE), pricedAt: instant(NOON) } }));

  it('is in the past again once its day has come', () =>
    given(...ahead, placeHold('c', '1', { turn: 1 }))
      .when(settle('c', '1', { at: NOON + 3 * DAY }))
      .emits({ type: 'TokensCharged', data: { at: instant(NOON + 3 * DAY), clock: undefined } }));

  it('does not use up a lot, a key or a day that is not over', () => {
    const lives = { expiresAt: NOON + DAY };
    const key = issueKey('short', { expiresAt: instant(NOON + DAY), budgetDaily: '3.00' });
    const past = [...account('0'), purchase('short', '5', lives), key, grant('l', '1', { at: NOON + 2 * DAY })];
    const use = placeHold('c', '2', { keyId: 'short', turn: 1 });
    given(...past)
      .when(expireCredit())
      .emitsNothing();
    given(...past)
      .when(use)
      .emits({ type: 'HoldPlaced' });
    given(...past, use, settle('c', '2'))
      .when(placeHold('d', '2', { keyId: 'short', turn: 1 }))
      .refuses('budget_exceeded', { left: '1.00' });
    given(...past, use, settle('c', '2'))
      .when(placeHold('d', '2', { keyId: 'short', at: NOON + 13 * 60 * MINUTE, turn: 1 }))
      .emits({ type: 'HoldPlaced' });
  });

  it('leaves what is charged at its prices and days to the day it was charged on', () => {
    const far = { at: NOON + 2 * DAY };
    const past = [...account(), issueKey('k2', { budgetDaily: '3.00' }), placeHold('c', '2', { keyId: 'k2', ...far })];
    given(...past, settle('c', '2', far))
      .when(placeHold('d', '2', { keyId: 'k2', turn: 1 }))
      .refuses('budget_exceeded', { left: '1.00' });
  });

  it('can’t be later by its clock than it is', () =>
    expect(() =>
      fold({ type: 'AccountOpened', data: { accountId: 'acc', at: instant(NOON), clock: instant(NOON + 1) } }),
    ).toThrow(/impossible history/));
});

const fold = (...events: AccountEvent[]) =>
  events.reduce((state, event) => decider.evolve(state, event), decider.initial());

describe('impossible history', () => {
  const opened: AccountEvent = { type: 'AccountOpened', data: { accountId: 'acc', at: instant(NOON) } };
  const at = instant(NOON);
  const grantOf = (lotId: string, coveredDebt?: string): AccountEvent => {
    const covered = coveredDebt === undefined ? {} : { coveredDebt };
    return { type: 'CreditGranted', data: { lotId, amount: '1.00', ...covered, expiresAt: at, reason: 'welcome', at } };
  };
  const issued: AccountEvent = {
    type: 'KeyIssued',
    data: { keyId: 'k', secretHash: 'a'.repeat(64), last4: 'wxyz', name: '', at },
  };
  const adjusted: AccountEvent = {
    type: 'BalanceAdjusted',
    data: {
      adjustmentId: 'a',
      amount: '-1.00',
      slices: [],
      uncovered: '1.00',
      reason: '',
      requestedBy: 'u',
      approvedBy: 'v',
      at,
    },
  };

  const disputed: AccountEvent = {
    type: 'DisputeOpened',
    data: { disputeId: 'd', lotId: 'l', amount: '1.00', reason: 'fraudulent', inquiry: false, at },
  };
  const { outcome: settled } = given(...account(), placeHold('c', '0')).when(settle('c', '0'));
  const { data: charge } = (settled as readonly AccountEvent[])[0] as AccountEvent & { type: 'TokensCharged' };
  const byHand: AccountEvent = {
    type: 'TokensCharged',
    data: { ...charge, late: true, byHand: { actor: 'u', reason: 'r' } },
  };

  it.each<[string, AccountEvent[], RegExp]>([
    ['an event before the account was opened', [{ type: 'KeyRevoked', data: { keyId: 'k', at } }], /not open/],
    ['an account opened twice', [opened, opened], /already open/],
    [
      'an event earlier than the one before',
      [opened, { type: 'AccountSuspended', data: { reason: '', at: instant(NOON - 1) } }],
      /earlier than the event before/,
    ],
    ['a key that was never issued', [opened, { type: 'KeyRevoked', data: { keyId: 'k', at } }], /never issued/],
    ['a key that is issued twice', [opened, issued, issued], /already issued/],
    ['an adjustment that is made twice', [opened, adjusted, adjusted], /already made/],
    ['a lot that is added twice', [opened, grantOf('l'), grantOf('l')], /already/],
    [
      'a lot that covers more debt than it is worth',
      [opened, adjusted, { ...adjusted, data: { ...adjusted.data, adjustmentId: 'b' } }, grantOf('l', '1.50')],
      /than it is worth/,
    ],
    [
      'a late charge of a hold that was not released',
      [opened, { type: 'TokensCharged', data: { ...charge, late: true } }],
      /without a released hold/,
    ],
    ['a charge by hand that is made twice', [opened, byHand, byHand], /by hand already/],
    ['a dispute that opens twice', [opened, grantOf('l'), disputed, disputed], /open already/],
    [
      'the end of a dispute that never opened',
      [opened, { type: 'DisputeClosed', data: { disputeId: 'd', outcome: 'won', at } }],
      /never opened/,
    ],
    ['a lot that covers more debt than there is', [opened, grantOf('l', '0.50')], /covers more debt/],
    [
      'a lot that covers more debt than there is when it expires',
      [
        opened,
        grantOf('l'),
        { type: 'CreditExpired', data: { lotId: 'l', kind: 'bonus', amount: '0.50', coveredDebt: '0.50', at } },
      ],
      /covers more debt/,
    ],
    [
      'more taken from a lot than it holds',
      [opened, grantOf('l'), { type: 'CreditExpired', data: { lotId: 'l', kind: 'bonus', amount: '1.01', at } }],
      /which holds 1.00/,
    ],
    [
      'something taken from a lot there never was',
      [opened, { type: 'CreditExpired', data: { lotId: 'l', kind: 'bonus', amount: '1.00', at } }],
      /taken from lot l/,
    ],
  ])('throws on %s', (_what, events, message) => {
    expect(() => fold(...events)).toThrow(message);
  });

  it.each(['HoldReleased', 'TokensCharged'] as const)('throws on %s for a hold that is not open', (type) => {
    const { state, outcome } = given(...account(), placeHold('c', '1')).when(
      type === 'HoldReleased' ? release('c') : settle('c', '1'),
    );
    expect(() => decider.evolve(state, (outcome as readonly AccountEvent[])[0] as AccountEvent)).toThrow(/not open/);
  });

  it('throws on a hold that is opened twice', () => {
    const { state, outcome } = given(...account()).when(placeHold('c', '1'));
    expect(() => decider.evolve(state, (outcome as readonly AccountEvent[])[0] as AccountEvent)).toThrow(
      /already open/,
    );
  });

  it('throws on an event it does not know', () => {
    expect(() => fold(opened, { type: 'AccountPainted', data: { at } } as never)).toThrow(/unknown event/);
  });
});
