import { describe, expect, it } from 'vitest';
import { account, MINUTE, NOON, placeHold, release, settle, suspend } from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { formatUsd } from '../kernel/index.js';
import { available, HOLD_REPLAY_WINDOW_MS } from './account.state.js';

const instant = (at: number) => new Date(at).toISOString();

describe('a hold', () => {
  it('sets aside the largest cost of a call, for a time', () =>
    given(...account('10'))
      .when(placeHold('c', '2.5', { ttlMs: 10 * MINUTE }))
      .emits({
        type: 'HoldPlaced',
        data: {
          chargeId: 'c',
          requestId: 'request-c',
          keyId: 'k',
          model: 'gpt-4o-mini',
          priceVersion: 3,
          amount: '2.50',
          expiresAt: instant(NOON + 10 * MINUTE),
        },
      }));

  it('can take the balance to the last digit', () =>
    given(...account('10'))
      .when(placeHold('c', '10'))
      .emits({ type: 'HoldPlaced' }));

  it('is refused beyond the balance, with the figures', () =>
    given(...account('10'))
      .when(placeHold('c', '10.000000000001'))
      .refuses('insufficient_balance', { required: '10.000000000001', available: '10.00' }));

  it('is refused beyond what other holds leave', () =>
    given(...account('10'), placeHold('c1', '4'))
      .when(placeHold('c2', '6.01'))
      .refuses('insufficient_balance', { available: '6.00' }));

  it('is refused when nothing was ever paid', () =>
    given(...account('0'))
      .when(placeHold('c', '0.01'))
      .refuses('insufficient_balance'));

  it('of nothing is placed on a balance of nothing: free models are free', () =>
    given(...account('0'))
      .when(placeHold('c', '0'))
      .emits({ type: 'HoldPlaced', data: { amount: '0.00' } }));

  it('is refused when negative', () =>
    given(...account())
      .when(placeHold('c', '-1'))
      .refuses('invalid_amount'));

  it('is placed once, however often the request is retried', () => {
    given(...account(), placeHold('c', '2'))
      .when(placeHold('c', '2'))
      .emitsNothing();
    given(...account(), placeHold('c', '2'), settle('c', '1'))
      .when(placeHold('c', '2'))
      .emitsNothing();
    given(...account(), placeHold('c', '2'), release('c'))
      .when(placeHold('c', '2'))
      .emitsNothing();
  });

  it('is still known when it is retried within minutes of its charge, whatever else happened', () =>
    given(...account(), placeHold('c', '2'), settle('c', '1'), suspend({ at: NOON + HOLD_REPLAY_WINDOW_MS - 1 }))
      .when(placeHold('c', '2'))
      .emitsNothing());

  it('is refused, not placed again, when it is retried after its charge was forgotten', () =>
    given(...account(), placeHold('c', '2'), settle('c', '1'), suspend({ at: NOON + HOLD_REPLAY_WINDOW_MS }))
      .when(placeHold('c', '2'))
      .refuses('stale_command'));

  it('is refused when too many are under way', () => {
    const holds = Array.from({ length: 10_000 }, (_, index) => ({
      type: 'HoldPlaced' as const,
      data: {
        chargeId: `c${index}`,
        requestId: 'r',
        keyId: 'k',
        model: 'm',
        priceVersion: 1,
        amount: '0.00',
        expiresAt: instant(NOON),
        at: instant(NOON),
      },
    }));
    given(...account(), ...holds)
      .when(placeHold('more', '0'))
      .refuses('too_many_holds');
  });
});

describe('releasing', () => {
  const released = [...account('10'), placeHold('c', '4'), release('c')];

  it('frees the whole hold, with the reason', () => {
    const { outcome, state } = given(...account('10'), placeHold('c', '4')).when({
      ...release('c', { reason: 'usage_unknown' }),
      detail: 'the stream ended early',
      attempts: [{ channel: 'openai-eu', status: null, error: 'ECONNRESET' }],
    } as ReturnType<typeof release>);
    expect(outcome).toEqual([
      {
        type: 'HoldReleased',
        data: {
          chargeId: 'c',
          requestId: 'request-c',
          keyId: 'k',
          model: 'gpt-4o-mini',
          amount: '4.00',
          reason: 'usage_unknown',
          detail: 'the stream ended early',
          attempts: [{ channel: 'openai-eu', status: null, error: 'ECONNRESET' }],
          at: instant(NOON),
        },
      },
    ]);
    expect(formatUsd(available(state, NOON))).toBe('10.00');
  });

  it('releases once', () =>
    given(...released)
      .when(release('c'))
      .emitsNothing());

  it('has nothing to release after the charge', () =>
    given(...account(), placeHold('c', '4'), settle('c', '1'))
      .when(release('c'))
      .emitsNothing());

  it('has nothing to release where nothing was held', () =>
    given(...account())
      .when(release('c'))
      .emitsNothing());
});
