// Made once: what a command that was killed after its commit comes to when it is run again.
import { describe, expect, it } from 'vitest';
import {
  account,
  adjust,
  close,
  DAY,
  grant,
  issueKey,
  NOON,
  openAccount,
  YEAR,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { formatUsd, usd } from '../kernel/index.js';
import type { AccountCommand } from './account.commands.js';
import { posted } from './account.state.js';

const once = { reference: 'ticket-17', by: 'user-1' };
const later = NOON + DAY;

describe('credit with a reference', () => {
  const granted = [...account('0'), grant('g1', '5', once)];

  it('has it in its event', () =>
    given(...account('0'))
      .when(grant('g1', '5', once))
      .emits({ type: 'CreditGranted', data: { lotId: 'g1', reference: 'ticket-17', by: 'user-1' } }));

  it('is granted once, though each run makes a lot of its own', () => {
    const { state, emitsNothing } = given(...granted).when(grant('g2', '5', { ...once, at: later }));
    emitsNothing();
    expect([formatUsd(posted(state)), state.references.get('ticket-17')?.id]).toEqual(['5.00', 'g1']);
  });

  it('is so on a closed account, too', () =>
    given(...granted, close())
      .when(grant('g2', '5', once))
      .emitsNothing());

  it.each<[string, AccountCommand]>([
    ['another amount', grant('g2', '6', once)],
    ['another reason', { ...grant('g2', '5', once), reason: 'another' } as AccountCommand],
    ['another approval', { ...grant('g2', '5', once), approvedBy: 'user-2' } as AccountCommand],
    ['another person', grant('g2', '5', { ...once, by: 'user-2' })],
    [
      'another expiry, where one is asked for',
      grant('g2', '5', { ...once, expiresAt: NOON + 2 * YEAR, expiryGiven: true }),
    ],
    ['a correction', adjust('a', '5', { reference: 'ticket-17' })],
    ['a key', { ...issueKey('k2'), reference: 'ticket-17' } as AccountCommand],
  ])('is refused for %s', (_case, command) =>
    given(...granted)
      .when(command)
      .refuses('reference_taken', { id: 'g1' }),
  );

  it('is granted again with another reference, and without one', () => {
    given(...granted)
      .when(grant('g2', '5', { ...once, reference: 'ticket-18' }))
      .emits({ type: 'CreditGranted' });
    given(...granted)
      .when(grant('g2', '5', { by: 'user-1' }))
      .emits({ type: 'CreditGranted', data: { reference: undefined } });
  });

  it('that was made before does not ask for a second person again', () =>
    given(...account('0'), grant('g1', '5', { ...once, alone: '5' }))
      .when(grant('g2', '5', { ...once, alone: '5' }))
      .emitsNothing());
});

describe('a correction with a reference', () => {
  it.each(['2', '-2'])('of %s is made once', (amount) => {
    const corrected = [...account('10'), adjust('a1', amount, { reference: 'ticket-17' })];
    given(...corrected)
      .when(adjust('a2', amount, { reference: 'ticket-17', at: later }))
      .emitsNothing();
    given(...corrected)
      .when(adjust('a2', '3', { reference: 'ticket-17' }))
      .refuses('reference_taken', { id: 'a1' });
  });

  it.each<[string, object]>([
    ['reason', { reason: 'another' }],
    ['person', { by: 'user-3' }],
    ['approval', { approvedBy: 'user-3' }],
  ])('is refused for another %s', (_what, other) =>
    given(...account('10'), adjust('a1', '2', { reference: 'ticket-17' }))
      .when({ ...adjust('a2', '2', { reference: 'ticket-17', ...other }), ...other })
      .refuses('reference_taken', { id: 'a1' }),
  );
});

describe('a key with a reference', () => {
  const issue = (keyId: string, settings: object): AccountCommand =>
    ({ ...issueKey(keyId, settings), reference: 'ticket-17' }) as AccountCommand;
  const issued = [...account('0'), issue('k1', { requestsPerMinute: 5, budgetDaily: '1.00' })];

  it('is issued once; it can’t be shown again, so the refusal says which one it is', () =>
    given(...issued)
      .when(issue('k2', { budgetDaily: '1.00', requestsPerMinute: 5 }))
      .refuses('key_issued_before', { keyId: 'k1' }));

  it('is refused for other settings', () =>
    given(...issued)
      .when(issue('k2', { requestsPerMinute: 6 }))
      .refuses('reference_taken', { id: 'k1' }));
});

describe('an account with a reference', () => {
  const open = (credit?: string): AccountCommand => ({
    ...(openAccount() as Extract<AccountCommand, { type: 'OpenAccount' }>),
    ...once,
    ...(credit !== undefined && {
      credit: { lotId: `opening ${credit}`, amount: usd(credit), reason: 'credit at opening', expiresAt: NOON + YEAR },
    }),
  });

  it('is opened with its first credit in one, so that no crash comes between the two', () =>
    given()
      .when(open('5'))
      .emits(
        { type: 'AccountOpened', data: { by: 'user-1', reference: undefined } },
        { type: 'CreditGranted', data: { amount: '5.00', by: 'user-1', reference: 'ticket-17' } },
      ));

  it('without credit has the reference itself', () =>
    given()
      .when(open())
      .emits({ type: 'AccountOpened', data: { reference: 'ticket-17' } }));

  it('is opened once', () => {
    given(open('5')).when(open('5')).emitsNothing();
    given(open()).when(open()).emitsNothing();
  });

  it('is refused with other credit than before', () => {
    given(open('5')).when(open('6')).refuses('reference_taken');
    given(open('5')).when(open()).refuses('reference_taken');
    given(open()).when(open('5')).refuses('reference_taken');
  });

  it('is not opened where its credit is refused', () => given().when(open('0')).refuses('invalid_amount'));
});
