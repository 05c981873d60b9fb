import { describe, expect, it } from 'vitest';
import {
  account,
  adjust,
  DAY,
  grant,
  issueKey,
  MINUTE,
  NOON,
  placeHold,
  release,
  revokeKey,
  settle,
  suspend,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import type { JsonObject } from '../kernel/index.js';
import { accountSnapshots } from './account.snapshot.js';
import { type AccountState, noAccount } from './account.state.js';

const throughJson = (state: AccountState): AccountState =>
  accountSnapshots.thaw(JSON.parse(JSON.stringify(accountSnapshots.freeze(state))) as JsonObject);

const { state: busy } = given(
  ...account('10'),
  issueKey('k2', { budgetDaily: '5.00', allowedIps: ['10.0.0.0/8'], expiresAt: '2027-01-01T00:00:00.000Z' }),
  revokeKey('k2'),
  grant('bonus', '0.000000000001', { expiresAt: NOON + DAY }),
  placeHold('open', '1.5'),
  placeHold('settled', '1'),
  placeHold('released', '1'),
  settle('settled', '20'),
  release('released'),
  adjust('a', '-1'),
  suspend({ at: NOON + MINUTE }),
);

describe('a snapshot of an account', () => {
  it('brings back the state it was made from', () => expect(throughJson(busy)).toEqual(busy));

  it('brings back an account that does not exist', () => expect(throughJson(noAccount())).toEqual(noAccount()));

  it('keeps money as decimal strings', () =>
    expect(accountSnapshots.freeze(busy)).toMatchObject({ debt: { $usd: '10.999999999999' }, held: { $usd: '1.50' } }));

  it('keeps the order of entries, which forgetting relies on', () =>
    expect([...throughJson(busy).holds.keys(), ...throughJson(busy).released.keys()]).toEqual(['open', 'released']));

  it('is frozen at once: going on with the state does not change it', () => {
    const { state } = given(...account('10'));
    const frozen = accountSnapshots.freeze(state);
    const before = JSON.stringify(frozen);
    state.held = busy.held;
    state.keys.clear();
    expect(JSON.stringify(frozen)).toBe(before);
  });

  it('does not share anything with the frozen row it comes from', () => {
    const frozen = accountSnapshots.freeze(busy);
    const before = JSON.stringify(frozen);
    const thawed = accountSnapshots.thaw(frozen);
    for (const lot of thawed.lots.byId.values()) lot.remaining = busy.held;
    thawed.holds.clear();
    expect(JSON.stringify(frozen)).toBe(before);
  });
});
