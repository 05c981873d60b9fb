import { describe, expect, it } from 'vitest';
import {
  account,
  issueKey,
  MINUTE,
  NOON,
  placeHold,
  release,
  settle,
  suspend,
  updateKey,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { type Amount, formatUsd, picoUsd, usd } from '../kernel/index.js';
import type { AccountCommand } from './account.commands.js';
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

describe('calls of a key that are under way at the same time', () => {
  const two = [...account(), issueKey('p', { parallelRequests: 2 })];
  const hold = (chargeId: string, at = NOON) => placeHold(chargeId, '1', { keyId: 'p', ttlMs: 10 * MINUTE, at });
  const refusal = ['rate_limit_exceeded', { limit: '2', underWay: '2', retryAfterSeconds: '1' }] as const;

  it('are as many as its settings say', () =>
    given(...two, hold('c1'))
      .when(hold('c2'))
      .emits({ type: 'HoldPlaced' }));

  it('are refused beyond that, telling how many there are', () => {
    const { outcome } = given(...two, hold('c1'), hold('c2')).when(hold('c3'));
    expect(outcome).toMatchObject({
      code: 'rate_limit_exceeded',
      message:
        'This API key has 2 requests under way; its limit is 2 at the same time. Send this one again when another has ended.',
    });
  });

  it('may be one', () => {
    const one = [...account(), issueKey('p', { parallelRequests: 1 })];
    expect(given(...one, hold('c1')).when(hold('c2')).outcome).toMatchObject({
      message: expect.stringMatching(/^This API key has 1 request under way; its limit is 1 /) as string,
    });
  });

  it.each([
    ['was charged', settle('c1', '1')],
    ['was released', release('c1')],
  ])('are one fewer when one %s', (_how, ended) =>
    given(...two, hold('c1'), hold('c2'), ended)
      .when(hold('c3'))
      .emits({ type: 'HoldPlaced' }),
  );

  it('count until their hold expires, not until someone finds it', () => {
    const past = [...two, hold('c1'), hold('c2')];
    given(...past)
      .when(hold('c3', NOON + 10 * MINUTE - 1))
      .refuses(...refusal);
    given(...past)
      .when(hold('c3', NOON + 10 * MINUTE))
      .emits({ type: 'HoldPlaced' });
  });

  it('are each key’s own', () =>
    given(...two, hold('c1'), hold('c2'))
      .when(placeHold('c3', '1'))
      .emits({ type: 'HoldPlaced' }));

  it('are as many as the configuration says where the key says nothing', () => {
    const past = [...two, hold('c1'), placeHold('c2', '1')];
    given(...past)
      .when(placeHold('c3', '1', { parallelRequests: 2 }))
      .emits({ type: 'HoldPlaced' });
    given(...past)
      .when(placeHold('c3', '1', { parallelRequests: 1 }))
      .refuses('rate_limit_exceeded', { limit: '1' });
    given(...past)
      .when(placeHold('c3', '1', { keyId: 'p', parallelRequests: 1 }))
      .emits({ type: 'HoldPlaced' });
  });

  it('may be more than a limit that was narrowed meanwhile', () =>
    given(...two, hold('c1'), hold('c2'), updateKey('p', { parallelRequests: 1 }))
      .when(hold('c3'))
      .refuses('rate_limit_exceeded', { limit: '1', underWay: '2' }));

  it('may each be retried', () =>
    given(...two, hold('c1'), hold('c2'))
      .when(hold('c2'))
      .emitsNothing());
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

describe('a hold by what there is', () => {
  const half = (room: Amount): Amount => picoUsd(room / 2n);

  it('takes its share of what is available when it is decided, so that each of many leaves room for the next', () =>
    given(...account('10'), placeHold('c1', half), placeHold('c2', half))
      .when(placeHold('c3', half))
      .emits({ type: 'HoldPlaced', data: { amount: '1.25' } }));

  it('is told what is left of the key’s budgets, too', () =>
    given(...account('10'), updateKey('k', { budgetDaily: '3.00', budgetTotal: '1.00' }), placeHold('c1', '0.50'))
      .when(placeHold('c2', half))
      .emits({ type: 'HoldPlaced', data: { amount: '0.25' } }));

  it('is refused when it takes more than that', () => {
    given(...account('10'), placeHold('c1', '9'))
      .when(placeHold('c2', (room) => picoUsd(room + 1n)))
      .refuses('insufficient_balance', { required: '1.000000000001', available: '1.00' });
    given(...account('10'), updateKey('k', { budgetDaily: '3.00' }))
      .when(placeHold('c', () => usd('4')))
      .refuses('budget_exceeded', { required: '4.00', left: '3.00' });
  });
});

describe('a hold that staff release', () => {
  const byHand = { actor: 'olga', reason: 'its gateway is gone' };
  const ask = (at: number): AccountCommand => ({
    type: 'ReleaseHold',
    commandId: `by-hand ${at}`,
    at,
    chargeId: 'c',
    reason: 'expired',
    byHand,
  });
  const held = [...account('10'), placeHold('c', '4', { ttlMs: 10 * MINUTE })];

  it('is released once it has expired, in their name', () =>
    given(...held)
      .when(ask(NOON + 10 * MINUTE))
      .emits({ type: 'HoldReleased', data: { amount: '4.00', reason: 'expired', byHand } }));

  it('may still be in progress before: it is refused', () =>
    given(...held)
      .when(ask(NOON + 10 * MINUTE - 1))
      .refuses('hold_open'));

  it('is not released twice', () =>
    given(...account('10'), placeHold('c', '4', { ttlMs: MINUTE }), release('c'))
      .when(ask(NOON + 10 * MINUTE))
      .emitsNothing());
});
