// A key in the place of another: its limits and what was spent under them go on.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  account,
  close,
  DAY,
  HOUR,
  issueKey,
  NOON,
  placeHold,
  reissueKey,
  release,
  revokeKey,
  settle,
  updateKey,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { add, formatUsd, picoUsd, subtract, type Amount, usd, ZERO } from '../kernel/index.js';
import type { AccountCommand } from './account.commands.js';
import type { AccountEvent } from './account.events.js';
import { account as decider } from './account.js';
import { accountSnapshots } from './account.snapshot.js';
import { type AccountState, purseOf } from './account.state.js';
import { spentIn } from './budgets.js';
import { KEYS_KNOWN_MS, MAX_ACTIVE_KEYS, MAX_NEW_KEYS_A_DAY } from './keys.js';

const instant = (at: number) => new Date(at).toISOString();
/** A call of a key that costs so much. */
const call = (chargeId: string, keyId: string, cost: string, at = NOON): AccountCommand[] => [
  placeHold(chargeId, cost, { keyId, at }),
  settle(chargeId, cost, { at }),
];
const budget = (settings: object): AccountCommand[] => [...account(), issueKey('k1', settings)];
const spentOf = (state: AccountState, keyId: string) => {
  const key = state.keys.get(keyId);
  return key && formatUsd(purseOf(state, key).spend.total.amount);
};

describe('reissuing a key', () => {
  it('issues one with the same settings, which names what it replaces, and revokes that, in one', () =>
    given(...budget({ name: 'CI', budgetTotal: '1.00', allowedModels: ['gpt-4o-mini'], parallelRequests: 2 }))
      .when(reissueKey('k1', 'k2'))
      .emits(
        {
          type: 'KeyIssued',
          data: {
            keyId: 'k2',
            secretHash: 'k2'.padEnd(64, '_'),
            name: 'CI',
            budgetTotal: '1.00',
            allowedModels: ['gpt-4o-mini'],
            parallelRequests: 2,
            replaces: 'k1',
            by: undefined,
          },
        },
        { type: 'KeyRevoked', data: { keyId: 'k1' } },
      ));

  it('says who of the staff did it, and why', () => {
    const staff = { by: 'user-1', reason: 'leaked' };
    given(...account())
      .when({ ...reissueKey('k', 'k2'), ...staff } as AccountCommand)
      .emits({ type: 'KeyIssued', data: staff }, { type: 'KeyRevoked', data: staff });
  });

  it('is done once, however often it is retried', () =>
    given(...account(), reissueKey('k', 'k2'))
      .when(reissueKey('k', 'k2'))
      .emitsNothing());

  it('of a key that was replaced is refused, and names the one that is live', () =>
    given(...account(), reissueKey('k', 'k2'))
      .when(reissueKey('k', 'k3'))
      .refuses('key_replaced', { replacedBy: 'k2' }));

  it('of a key that was revoked is refused: revoked is for good', () =>
    given(...account(), revokeKey())
      .when(reissueKey('k', 'k2'))
      .refuses('key_stopped'));

  it('of a key that has expired is refused: the new one would be dead', () => {
    const expiring = [...account(), issueKey('k1', { expiresAt: instant(NOON + HOUR) })];
    given(...expiring)
      .when(reissueKey('k1', 'k2', { at: NOON + HOUR }))
      .refuses('key_stopped');
    given(...expiring)
      .when(reissueKey('k1', 'k2', { at: NOON + HOUR - 1 }))
      .emits({ type: 'KeyIssued', data: { expiresAt: instant(NOON + HOUR) } }, { type: 'KeyRevoked' });
  });

  it('of a key the account does not have, or on a closed account, is refused', () => {
    given(...account())
      .when(reissueKey('other', 'k2'))
      .refuses('key_not_found');
    given(...account(), close())
      .when(reissueKey('k', 'k2'))
      .refuses('account_closed');
  });

  it('is not one key more', () => {
    const full = Array.from({ length: MAX_ACTIVE_KEYS - 1 }, (_, index) => issueKey(`k${index}`));
    given(...account(), ...full)
      .when(reissueKey('k', 'another'))
      .emits({ type: 'KeyIssued' }, { type: 'KeyRevoked' });
  });
});

describe('a key that replaces another', () => {
  it.each(['budgetDaily', 'budgetWeekly', 'budgetMonthly', 'budgetTotal'])('goes on with its %s', (period) => {
    const spent = [...budget({ [period]: '0.02' }), ...call('c1', 'k1', '0.009'), ...call('c2', 'k1', '0.009')];
    given(...spent, reissueKey('k1', 'k2'))
      .when(placeHold('c3', '0.009', { keyId: 'k2' }))
      .refuses('budget_exceeded', { left: '0.002' });
    given(...spent, reissueKey('k1', 'k2'))
      .when(placeHold('c3', '0.002', { keyId: 'k2' }))
      .emits({ type: 'HoldPlaced' });
  });

  it('goes on with it over a chain of them', () =>
    given(
      ...budget({ budgetTotal: '0.03' }),
      ...call('c1', 'k1', '0.01'),
      reissueKey('k1', 'k2'),
      ...call('c2', 'k2', '0.01'),
      reissueKey('k2', 'k3'),
      ...call('c3', 'k3', '0.01'),
      reissueKey('k3', 'k4'),
    )
      .when(placeHold('c4', '0.000001', { keyId: 'k4' }))
      .refuses('budget_exceeded', { left: '0.00' }));

  it('has a new day when the day is new', () =>
    given(...budget({ budgetDaily: '0.02' }), ...call('c1', 'k1', '0.02'), reissueKey('k1', 'k2'))
      .when(placeHold('c2', '0.02', { keyId: 'k2', at: NOON + DAY }))
      .emits({ type: 'HoldPlaced' }));

  it('counts what calls of the old one hold, and what they cost in the end', () => {
    const underWay = [
      ...budget({ budgetTotal: '0.02' }),
      placeHold('c1', '0.015', { keyId: 'k1' }),
      reissueKey('k1', 'k2'),
    ];
    given(...underWay)
      .when(placeHold('c2', '0.006', { keyId: 'k2' }))
      .refuses('budget_exceeded', { left: '0.005' });
    given(...underWay, settle('c1', '0.01'))
      .when(placeHold('c2', '0.011', { keyId: 'k2' }))
      .refuses('budget_exceeded', { left: '0.01' });
    given(...underWay, release('c1'), settle('c1', '0.02'))
      .when(placeHold('c2', '0.000001', { keyId: 'k2' }))
      .refuses('budget_exceeded', { left: '0.00' });
  });

  it('counts them among its calls at the same time', () =>
    given(...budget({ parallelRequests: 1 }), placeHold('c1', '0.01', { keyId: 'k1' }), reissueKey('k1', 'k2'))
      .when(placeHold('c2', '0.01', { keyId: 'k2' }))
      .refuses('rate_limit_exceeded', { underWay: '1' }));

  it('has the room that a raised budget gives, less what was spent before', () =>
    given(
      ...budget({ budgetTotal: '0.02' }),
      ...call('c1', 'k1', '0.02'),
      reissueKey('k1', 'k2'),
      updateKey('k2', { budgetTotal: '0.03' }),
    )
      .when(placeHold('c2', '0.010001', { keyId: 'k2' }))
      .refuses('budget_exceeded', { left: '0.01' }));

  it('leaves the budgets of other keys alone', () => {
    const { state } = given(...budget({}), ...call('c1', 'k1', '1'), ...call('c2', 'k', '2'), reissueKey('k1', 'k2'));
    expect([spentOf(state, 'k'), spentOf(state, 'k1'), spentOf(state, 'k2')]).toEqual(['2.00', '1.00', '1.00']);
  });

  it('is on its own where an event of before says nothing of what it replaces', () => {
    const old = { ...issueKey('k2', { budgetTotal: '0.02' }) };
    given(...budget({ budgetTotal: '0.02' }), ...call('c1', 'k1', '0.02'), old, revokeKey('k1'))
      .when(placeHold('c2', '0.02', { keyId: 'k2' }))
      .emits({ type: 'HoldPlaced' });
  });
});

it('what is spent is conserved over any chain of reissues, and over a snapshot at any point', () => {
  const step = fc.record({
    cost: fc.bigInt({ min: 0n, max: 3_000_000_000n }),
    reissue: fc.boolean(),
    freeze: fc.boolean(),
  });
  const property = fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    let { state } = given(...account(), issueKey('key-0', { budgetTotal: '0.05' }));
    let [live, spent]: [number, Amount] = [0, ZERO];
    const play = (command: AccountCommand): boolean => {
      const outcome = decider.decide(command, state);
      if ('code' in outcome) return false;
      for (const event of outcome) state = decider.evolve(state, event);
      return true;
    };
    for (const [index, { cost, reissue, freeze }] of steps.entries()) {
      const amount = formatUsd(picoUsd(cost));
      const admitted = play(placeHold(`c${index}`, amount, { keyId: `key-${live}` }));
      expect(admitted).toBe(picoUsd(cost) <= subtract(usd('0.05'), spent));
      // Some are settled after the key was replaced.
      if (reissue) play(reissueKey(`key-${live}`, `key-${++live}`));
      if (admitted) play(settle(`c${index}`, amount));
      if (admitted) spent = add(spent, picoUsd(cost));
      if (freeze) state = accountSnapshots.thaw(accountSnapshots.freeze(state));
    }
    const line = [...state.keys.values()].filter(({ id }) => id !== 'k');
    for (const key of line) expect(spentIn(purseOf(state, key).spend, 'total', NOON)).toBe(spent);
    expect([...state.keys.values()].filter(({ revokedAt }) => revokedAt === undefined)).toHaveLength(2);
  });
  fc.assert(property);
});

describe('how many keys an account can issue', () => {
  const at = instant(NOON);
  const issued = (count: number): AccountEvent[] =>
    Array.from({ length: count }, (_, i): AccountEvent[] => {
      const keyId = `n${i}`;
      const data = { keyId, secretHash: keyId.padEnd(64, '_'), last4: 'wxyz', name: 'laptop', at };
      return [
        { type: 'KeyIssued', data },
        { type: 'KeyRevoked', data: { keyId, at } },
      ];
    }).flat();

  it('is limited for each UTC day, reissued ones too', () => {
    const full = [...account(), ...issued(MAX_NEW_KEYS_A_DAY - 1)];
    for (const one of [issueKey('more'), reissueKey('k', 'more')])
      given(...full)
        .when(one)
        .refuses('too_many_new_keys', { retryAfterSeconds: String(12 * 3_600) });
    given(...full)
      .when(issueKey('more', {}, { at: NOON + 12 * HOUR }))
      .emits({ type: 'KeyIssued' });
  });
});

describe('a key that was revoked', () => {
  const later = NOON + KEYS_KNOWN_MS;
  const keysAfter = (...past: AccountCommand[]) => [...given(...past).state.keys.keys()];

  it('is forgotten when it can’t be used or charged any more, with those it replaced', () => {
    const line = [...account(), issueKey('a'), reissueKey('a', 'b'), revokeKey('b')];
    expect(keysAfter(...line, issueKey('c', {}, { at: later - 1 }))).toEqual(['k', 'a', 'b', 'c']);
    expect(keysAfter(...line, issueKey('c', {}, { at: later }))).toEqual(['k', 'c']);
  });

  it('is kept while one that replaced it is in use, because what they spend is counted together', () =>
    expect(keysAfter(...account(), reissueKey('k', 'b'), issueKey('c', {}, { at: later }))).toEqual(['k', 'b', 'c']));

  it('is kept while a call of it is under way', () =>
    expect(keysAfter(...account(), placeHold('c', '1'), revokeKey('k'), issueKey('d', {}, { at: later }))).toEqual([
      'k',
      'd',
    ]));

  it('is not issued again by a command from then', () =>
    given(...account(), issueKey('a'), revokeKey('a'), issueKey('c', {}, { at: later }))
      .when(issueKey('a'))
      .refuses('stale_command'));
});
