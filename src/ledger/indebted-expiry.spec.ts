// Credit expires beside a debt: a refund at Stripe of credit that was spent leaves one, whatever other credit there is.
import { describe, expect, it } from 'vitest';
import {
  account,
  DAY,
  expireCredit,
  failRefund,
  grant,
  NOON,
  placeHold,
  purchase,
  recordRefund,
  release,
  settle,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { formatUsd, usd, ZERO } from '../kernel/index.js';
import type { AccountCommand } from './account.commands.js';
import type { AccountEvent } from './account.events.js';
import { type AccountState, available, posted } from './account.state.js';
import { entryOf } from './entries.js';

const due = { expiresAt: NOON + DAY };
const expiry = expireCredit({ at: NOON + DAY });
const worth = (state: AccountState) => formatUsd(posted(state));
const entriesOf = (outcome: unknown) => (outcome as readonly AccountEvent[]).map((event) => entryOf(event)!);

const AFTER_DEBT = 'Credit expired, less what of it paid off a negative balance';

const spent = (amount: string) => [...account(amount), placeHold('c', amount), settle('c', amount)];
/** A debt beside other credit, as Stripe refunded a purchase that was spent. */
const owing = (debt: string, ...credit: readonly AccountCommand[]) =>
  given(...spent(debt), ...credit, recordRefund('re_1', 'lot', debt));

describe('credit that expires beside a negative balance', () => {
  it('pays that off before anything else, and only the rest expires', () => {
    const owed = owing('5', purchase('l', '10', due));
    expect(worth(owed.state)).toBe('5.00');
    const { state, emits, outcome } = owed.when(expiry);
    emits({ type: 'CreditExpired', data: { lotId: 'l', kind: 'paid', amount: '5.00', coveredDebt: '5.00' } });
    expect([worth(state), formatUsd(state.debt)]).toEqual(['0.00', '0.00']);
    expect(entriesOf(outcome)).toMatchObject([{ amount: usd('-5'), description: AFTER_DEBT }]);
  });

  it('goes into it whole where it is not more: nothing expires', () => {
    const { state, emits, outcome } = owing('5', purchase('l', '3', due)).when(expiry);
    emits({ type: 'CreditExpired', data: { amount: '0.00', coveredDebt: '3.00' } });
    expect([worth(state), state.lots.total]).toEqual(['-2.00', ZERO]);
    expect(entriesOf(outcome)).toMatchObject([{ amount: ZERO, description: AFTER_DEBT }]);
  });

  it('pays it off once, over all lots that end: bonus credit first', () => {
    const { state, emits } = owing('5', purchase('l', '10', due), grant('g', '2', due), purchase('later', '4')).when(
      expiry,
    );
    emits(
      { type: 'CreditExpired', data: { lotId: 'g', kind: 'bonus', amount: '0.00', coveredDebt: '2.00' } },
      { type: 'CreditExpired', data: { lotId: 'l', kind: 'paid', amount: '7.00', coveredDebt: '3.00' } },
    );
    expect([worth(state), formatUsd(available(state, NOON + DAY))]).toEqual(['4.00', '4.00']);
  });

  it('is left to the holds that may need it, and only what they don’t need pays off the debt', () => {
    const later = { at: NOON + DAY };
    const past = [...spent('5'), purchase('l', '10', due), placeHold('c2', '4'), recordRefund('re_1', 'lot', '5')];
    given(...past)
      .when(expiry)
      .emits({ type: 'CreditExpired', data: { amount: '1.00', coveredDebt: '5.00' } });
    expect(worth(given(...past, expiry, settle('c2', '4', later)).state)).toBe('0.00');
    given(...past, expiry, release('c2', later))
      .when(expireCredit(later))
      .emits({ type: 'CreditExpired', data: { amount: '4.00', coveredDebt: undefined } });
  });

  it('has paid it off for good: a refund that fails after all goes to its purchase', () => {
    const { state, emits } = given(
      ...spent('5'),
      purchase('l', '10', due),
      recordRefund('re_1', 'lot', '5'),
      expiry,
    ).when(failRefund('re_1', { at: NOON + 2 * DAY }));
    emits({ type: 'RefundFailed', data: { amount: '5.00', coveredDebt: undefined } });
    expect([worth(state), formatUsd(state.debt)]).toEqual(['5.00', '0.00']);
  });
});
