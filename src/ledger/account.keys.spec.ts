import { describe, expect, it } from 'vitest';
import {
  account,
  DAY,
  HOUR,
  issueKey,
  MINUTE,
  NOON,
  placeHold,
  release,
  revokeKey,
  settle,
  changeKey,
  updateKey,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { MAX_ACTIVE_KEYS } from './keys.js';

const instant = (at: number) => new Date(at).toISOString();
const manyKeys = (count: number) => Array.from({ length: count }, (_, index) => issueKey(`k${index}`));

describe('keys', () => {
  it('issues a key with its hash, its last characters and its settings, never the key itself', () =>
    given(...account('0'))
      .when(issueKey('k2', { name: 'CI', requestsPerMinute: 10, budgetDaily: '1.00', allowedModels: ['gpt-4o'] }))
      .emits({
        type: 'KeyIssued',
        data: {
          keyId: 'k2',
          secretHash: 'k2'.padEnd(64, '_'),
          last4: 'wxyz',
          name: 'CI',
          requestsPerMinute: 10,
          budgetDaily: '1.00',
          allowedModels: ['gpt-4o'],
          at: instant(NOON),
        },
      }));

  it('issues a key once', () =>
    given(...account('0'))
      .when(issueKey())
      .emitsNothing());

  it('does not bring a revoked key back when its issuing is retried', () =>
    given(...account('0'), revokeKey())
      .when(issueKey())
      .emitsNothing());

  it('refuses one more key than an account can have', () =>
    given(...account('0'), ...manyKeys(MAX_ACTIVE_KEYS - 1))
      .when(issueKey('more'))
      .refuses('too_many_keys'));

  it('does not count revoked keys', () =>
    given(...account('0'), ...manyKeys(MAX_ACTIVE_KEYS - 1), revokeKey('k0'))
      .when(issueKey('more'))
      .emits({ type: 'KeyIssued' }));

  it('replaces all settings of a key', () =>
    given(...account('0'), issueKey('k2', { budgetDaily: '1.00' }))
      .when(updateKey('k2', { name: 'CI', expiresAt: instant(NOON + DAY) }))
      .emits({ type: 'KeyUpdated', data: { name: 'CI', expiresAt: instant(NOON + DAY), budgetDaily: undefined } }));

  it('changes some settings of a key as they are now, and takes away what is null', () =>
    given(
      ...account('0'),
      issueKey('k2', { budgetDaily: '1.00', requestsPerMinute: 5 }),
      changeKey('k2', { name: 'CI' }),
    )
      .when(changeKey('k2', { requestsPerMinute: null, budgetTotal: '9.00' }))
      .emits({
        type: 'KeyUpdated',
        data: { name: 'CI', budgetDaily: '1.00', budgetTotal: '9.00', requestsPerMinute: undefined },
      }));

  it('changes nothing when the settings are as they were', () =>
    given(...account('0'), issueKey('k2', { budgetDaily: '1.00' }))
      .when(updateKey('k2', { budgetDaily: '1.00' }))
      .emitsNothing());

  it('revokes a key', () =>
    given(...account('0'))
      .when(revokeKey())
      .emits({ type: 'KeyRevoked', data: { keyId: 'k' } }));

  it('revokes a key once', () =>
    given(...account('0'), revokeKey())
      .when(revokeKey())
      .emitsNothing());

  it('refuses to update or revoke a key the account does not have', () => {
    given(...account('0'))
      .when(updateKey('other', {}))
      .refuses('key_not_found');
    given(...account('0'))
      .when(revokeKey('other'))
      .refuses('key_not_found');
  });

  it('refuses to update a revoked key', () =>
    given(...account('0'), revokeKey())
      .when(updateKey('k', { name: 'again' }))
      .refuses('key_revoked'));
});

describe('the key of a hold', () => {
  it('must belong to the account', () =>
    given(...account())
      .when(placeHold('c', '1', { keyId: 'other' }))
      .refuses('key_not_found'));

  it('must not be revoked', () =>
    given(...account(), revokeKey())
      .when(placeHold('c', '1'))
      .refuses('key_revoked'));

  it('must not have expired: at its instant of expiry it has', () => {
    const expiring = issueKey('k2', { expiresAt: instant(NOON + HOUR) });
    given(...account(), expiring)
      .when(placeHold('c', '1', { keyId: 'k2', at: NOON + HOUR }))
      .refuses('key_expired');
    given(...account(), expiring)
      .when(placeHold('c', '1', { keyId: 'k2', at: NOON + HOUR - 1 }))
      .emits({ type: 'HoldPlaced' });
  });

  it('works again when its expiry is taken away', () =>
    given(...account(), issueKey('k2', { expiresAt: instant(NOON) }), updateKey('k2', {}))
      .when(placeHold('c', '1', { keyId: 'k2' }))
      .emits({ type: 'HoldPlaced' }));

  it('may be revoked while the call is under way: the call is charged', () =>
    given(...account(), placeHold('c', '1'), revokeKey())
      .when(settle('c', '1'))
      .emits({ type: 'TokensCharged' }));
});

const budgeted = (settings: Parameters<typeof issueKey>[1]) => [...account('100'), issueKey('b', settings)];
const hold = (chargeId: string, amount: string, at = NOON) => placeHold(chargeId, amount, { keyId: 'b', at });

describe('a budget', () => {
  it('can be spent to the last digit', () =>
    given(...budgeted({ budgetDaily: '1.00' }))
      .when(hold('c', '1'))
      .emits({ type: 'HoldPlaced' }));

  it('refuses a hold beyond it, with the period and what is left', () =>
    given(...budgeted({ budgetDaily: '1.00' }))
      .when(hold('c', '1.000000000001'))
      .refuses('budget_exceeded', { period: 'daily', required: '1.000000000001', left: '1.00' }));

  it('counts what was charged', () =>
    given(...budgeted({ budgetTotal: '1.00' }), hold('c1', '0.9'), settle('c1', '0.7'))
      .when(hold('c2', '0.31'))
      .refuses('budget_exceeded', { period: 'total', left: '0.30' }));

  it('counts what is held', () =>
    given(...budgeted({ budgetTotal: '1.00' }), hold('c1', '0.9'))
      .when(hold('c2', '0.11'))
      .refuses('budget_exceeded', { left: '0.10' }));

  it('gets back what was held and released', () =>
    given(...budgeted({ budgetTotal: '1.00' }), hold('c1', '0.9'), release('c1'))
      .when(hold('c2', '1'))
      .emits({ type: 'HoldPlaced' }));

  it('has nothing left, not less, when a charge went beyond it', () =>
    given(...budgeted({ budgetTotal: '1.00' }), hold('c1', '1'), settle('c1', '3'))
      .when(hold('c2', '0.01'))
      .refuses('budget_exceeded', { left: '0.00' }));

  it('is each key’s own', () =>
    given(...budgeted({ budgetTotal: '1.00' }), hold('c1', '1'))
      .when(placeHold('c2', '1'))
      .emits({ type: 'HoldPlaced' }));

  it('applies beside the others: the tightest one refuses', () =>
    given(...budgeted({ budgetDaily: '5.00', budgetMonthly: '1.00' }))
      .when(hold('c', '2'))
      .refuses('budget_exceeded', { period: 'monthly' }));

  it.each([
    ['day', { budgetDaily: '1.00' }, '2026-03-05T00:00:00.000Z'],
    ['week on Monday', { budgetWeekly: '1.00' }, '2026-03-09T00:00:00.000Z'],
    ['month', { budgetMonthly: '1.00' }, '2026-04-01T00:00:00.000Z'],
  ])('starts anew with the UTC %s, not a millisecond earlier', (_period, settings, start) => {
    const next = Date.parse(start);
    const spent = [...budgeted(settings), hold('c1', '1'), settle('c1', '1')];
    given(...spent)
      .when(hold('c2', '1', next - 1))
      .refuses('budget_exceeded');
    given(...spent)
      .when(hold('c2', '1', next))
      .emits({ type: 'HoldPlaced' });
  });

  it('counts a call in the period in which it was charged', () => {
    const midnight = Date.UTC(2026, 2, 5);
    const settled = settle('c1', '1', { at: midnight + MINUTE });
    given(...budgeted({ budgetDaily: '1.00' }), hold('c1', '1', midnight - MINUTE), settled)
      .when(hold('c2', '0.5', midnight + HOUR))
      .refuses('budget_exceeded', { left: '0.00' });
  });

  it('for life never starts anew', () =>
    given(...budgeted({ budgetTotal: '1.00' }), hold('c1', '1'), settle('c1', '1'))
      .when(hold('c2', '0.01', NOON + 300 * DAY))
      .refuses('budget_exceeded'));

  it('keeps what was spent when it is changed', () =>
    given(
      ...budgeted({ budgetTotal: '1.00' }),
      hold('c1', '1'),
      settle('c1', '1'),
      updateKey('b', { budgetTotal: '1.50' }),
    )
      .when(hold('c2', '0.51'))
      .refuses('budget_exceeded', { left: '0.50' }));

  it('says what it is, what was spent, and what the request may cost', () => {
    const { outcome } = given(...budgeted({ budgetDaily: '1.00' }), hold('c1', '1'), settle('c1', '0.25')).when(
      hold('c2', '2'),
    );
    expect(outcome).toMatchObject({
      message:
        'This request may cost up to $2.00, which exceeds this key’s daily budget of $1.00 (spent $0.25). Ask for fewer tokens, or raise the budget.',
    });
  });

  it('says when it begins anew, in seconds, too: of several, the last', () => {
    const spent = [...budgeted({ budgetDaily: '1.00', budgetWeekly: '1.50' }), hold('c1', '1'), settle('c1', '1')];
    const { outcome, refuses } = given(...spent).when(hold('c2', '0.75'));
    refuses('budget_exceeded', { period: 'weekly', retryAfterSeconds: String((4.5 * DAY) / 1_000) });
    expect(outcome).toMatchObject({
      message: expect.stringContaining('weekly budget of $1.50 (spent $1.00). It begins anew at 2026-03-09T00:00'),
    });
    given(...spent)
      .when(hold('c2', '0.25'))
      .refuses('budget_exceeded', { period: 'daily', retryAfterSeconds: String(DAY / 2_000) });
  });

  it('says so when it is only held for calls under way', () => {
    const { outcome, refuses } = given(...budgeted({ budgetTotal: '1.00' }), hold('c1', '0.9')).when(hold('c2', '0.5'));
    refuses('budget_exceeded', { left: '0.10', retryAfterSeconds: '1' });
    expect(outcome).toMatchObject({
      message: expect.stringContaining('(spent $0.00, $0.90 held for calls under way). Try again when those calls'),
    });
  });

  it.each([
    ['for life is spent', { budgetTotal: '1.00' }, '0.5'],
    ['is smaller than the request', { budgetDaily: '1.00' }, '1.5'],
  ])('that %s is not worth waiting for', (_case, settings, amount) => {
    const { outcome } = given(...budgeted(settings), hold('c1', '1'), settle('c1', '1')).when(hold('c2', amount));
    expect(outcome).toMatchObject({
      message: expect.stringContaining('raise the budget'),
      details: expect.not.objectContaining({ retryAfterSeconds: expect.anything() }),
    });
  });
});

describe('the models of a key', () => {
  const key = (settings: Parameters<typeof issueKey>[1]) => [...account('10'), issueKey('m', settings)];
  const call = placeHold('c1', '1', { keyId: 'm' });

  it('are all models when it names none', () =>
    given(...key({}))
      .when(call)
      .emits({ type: 'HoldPlaced' }));

  it('are those it names', () =>
    given(...key({ allowedModels: ['gpt-4o', 'gpt-4o-mini'] }))
      .when(call)
      .emits({ type: 'HoldPlaced' }));

  it('are those it names, by whichever of their names', () =>
    given(...key({ allowedModels: ['gpt-4o-mini-2024-07-18'] }))
      .when(placeHold('c1', '1', { keyId: 'm', aliases: ['gpt-4o-mini-2024-07-18'] }))
      .emits({ type: 'HoldPlaced' }));

  it('are no others of a similar name', () =>
    given(...key({ allowedModels: ['gpt-4o-mini-2024-07-18'] }))
      .when(placeHold('c1', '1', { keyId: 'm', aliases: ['gpt-4o-mini-2024-07'] }))
      .refuses('model_not_allowed'));

  it('are none beside those, and the refusal names them', () => {
    const { outcome, refuses } = given(...key({ allowedModels: ['gpt-4o'] })).when(call);
    refuses('model_not_allowed');
    expect(outcome).toMatchObject({ message: 'This API key may not call "gpt-4o-mini". It may call: gpt-4o.' });
  });

  it('are those of its newest settings', () =>
    given(...key({}), updateKey('m', { allowedModels: [] }))
      .when(call)
      .refuses('model_not_allowed'));
});
