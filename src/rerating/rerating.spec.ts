import { describe, expect, it } from 'vitest';
import { Rejection, toInstant, usd, type Unissued } from '../kernel/index.js';
import { type ReratingEvent, reratingEventSchemas } from './rerating.events.js';
import { type Proposal, rerating, type ReratingCommand } from './rerating.js';

type Given = Unissued<ReratingCommand>;

const NOON = Date.parse('2026-03-02T12:00:00.000Z');

function decided(command: Given, state: ReturnType<typeof rerating.initial>) {
  const outcome = rerating.decide({ ...command, commandId: 'c', at: NOON }, state);
  if (outcome instanceof Rejection) return outcome;
  for (const { type, data } of outcome) reratingEventSchemas[type].parse(data);
  return outcome;
}

const given = (...past: readonly Given[]) => {
  const state = past.reduce((folded, command) => {
    const events = decided(command, folded);
    if (events instanceof Rejection) throw new Error(`given: ${events.message}`);
    return events.reduce((each, event) => rerating.evolve(each, event), folded);
  }, rerating.initial());
  return {
    state,
    when(command: Given) {
      const outcome = decided(command, state);
      return {
        emits: (type: ReratingEvent['type'], data: object = {}) => expect(outcome).toMatchObject([{ type, data }]),
        emitsNothing: () => expect(outcome).toEqual([]),
        refuses: (code: string) => expect(outcome).toMatchObject({ code }),
      };
    },
  };
};

const propose = (more: Partial<Proposal> = {}): Given => ({
  type: 'Propose',
  proposal: {
    from: '2026-02-01T00:00:00.000Z',
    to: '2026-03-01T00:00:00.000Z',
    priceVersion: 2,
    policy: 'bill',
    asOf: toInstant(NOON),
    by: 'ada',
    reason: 'The provider’s price cut',
    totals: {
      accounts: 1,
      charges: 3,
      charged: '3.00',
      due: '2.00',
      difference: '-1.00',
      refused: 0,
      belowZero: 0,
    },
    ...more,
  },
});
const approve = (approvedBy: string, alone = false): Given => ({ type: 'Approve', approvedBy, alone });
const account = (accountId = 'acc'): Given => ({ type: 'RecordAccount', accountId, charges: 3, difference: usd('-1') });
const cancel: Given = { type: 'Cancel', by: 'bob', reason: 'Wrong month' };
const complete: Given = { type: 'Complete' };
const undo = (reversal: string, over?: string): Given => ({
  type: 'ProposeReversal',
  reversal,
  by: 'eve',
  reason: 'Wrong month',
  over,
});

describe('a proposal', () => {
  it('is recorded with what the dry run found', () => given().when(propose()).emits('ReratingProposed', { by: 'ada' }));
  it('may undo a run instead', () =>
    given()
      .when(propose({ priceVersion: undefined, reverses: 'run-1' }))
      .emits('ReratingProposed', { reverses: 'run-1' }));
  it('has one of the two', () => {
    given()
      .when(propose({ reverses: 'run-1' }))
      .refuses('invalid_rerating');
    given()
      .when(propose({ priceVersion: undefined }))
      .refuses('invalid_rerating');
  });
  it('has a period that is over', () => {
    given()
      .when(propose({ to: toInstant(NOON + 1) }))
      .refuses('invalid_period');
    given()
      .when(propose({ to: '2026-02-01T00:00:00.000Z' }))
      .refuses('invalid_period');
  });
  it('concerns charges', () =>
    given()
      .when(propose({ totals: { ...(propose() as { proposal: Proposal }).proposal.totals, charges: 0 } }))
      .refuses('nothing_to_rerate'));
  it('is made once', () => given(propose(), approve('bob')).when(propose()).emitsNothing());
});

describe('the approval of a run', () => {
  it('takes a second person', () => {
    given(propose()).when(approve('bob')).emits('ReratingApproved', { approvedBy: 'bob' });
    given(propose())
      .when({ ...approve('bob'), reason: 'as the dry run has it' } as Given)
      .emits('ReratingApproved', { approvedBy: 'bob', approvalReason: 'as the dry run has it' });
    given(propose()).when(approve('ada')).refuses('second_person_needed');
  });
  it('is the console’s alone while nobody is registered', () =>
    given(propose({ by: 'console' }))
      .when(approve('console', true))
      .emits('ReratingApproved'));
  it('is given once', () => given(propose(), approve('bob')).when(approve('eve')).emitsNothing());
  it('is of a run', () => given().when(approve('bob')).refuses('rerating_not_found'));
  it('does not come after a cancellation', () =>
    given(propose(), cancel).when(approve('bob')).refuses('rerating_cancelled'));
});

describe('the application of a run', () => {
  it('waits for approval', () => {
    given(propose()).when(account()).refuses('rerating_not_approved');
    given(propose(), approve('bob'), complete).when(account()).refuses('rerating_completed');
    given(propose()).when(complete).refuses('rerating_not_approved');
  });
  it('records each account once', () => {
    given(propose(), approve('bob')).when(account()).emits('AccountRerated', { accountId: 'acc', difference: '-1.00' });
    given(propose(), approve('bob'), account()).when(account()).emitsNothing();
  });
  it('ends with what was booked', () =>
    given(propose(), approve('bob'), account('a'), account('b'))
      .when(complete)
      .emits('ReratingCompleted', { accounts: 2, charges: 6, difference: '-2.00' }));
  it('ends once', () => given(propose(), approve('bob'), complete).when(complete).emitsNothing());
  it('stops at a cancellation', () => {
    given(propose(), approve('bob'), cancel).when(account('under way')).emits('AccountRerated');
    given(propose(), approve('bob'), cancel).when(complete).refuses('rerating_cancelled');
  });
});

describe('a cancellation', () => {
  it('says who and why', () => given(propose()).when(cancel).emits('ReratingCancelled', { by: 'bob' }));
  it('is made once', () => given(propose(), cancel).when(cancel).emitsNothing());
  it('does not undo what is done', () =>
    given(propose(), approve('bob'), complete).when(cancel).refuses('rerating_completed'));
});

describe('the reversal of a run', () => {
  const done = [propose(), approve('bob'), account(), complete];
  it('says who proposed it, and why', () =>
    given(...done)
      .when(undo('back'))
      .emits('ReversalProposed', { reversal: 'back', by: 'eve', reason: 'Wrong month' }));
  it('may be of a run that was cancelled on its way, and of what it came to after that', () => {
    given(propose(), approve('bob'), cancel).when(undo('back')).emits('ReversalProposed');
    given(propose(), approve('bob'), cancel, undo('back')).when(account('under way')).emits('AccountRerated');
  });
  it('waits for the end of the run', () => {
    given().when(undo('back')).refuses('rerating_not_found');
    given(propose()).when(undo('back')).refuses('rerating_not_over');
    given(propose(), approve('bob'), account()).when(undo('back')).refuses('rerating_not_over');
  });
  it('is the only one until it is over', () => {
    given(...done, undo('back'))
      .when(undo('again'))
      .refuses('reversal_open');
    given(...done, undo('back'))
      .when(undo('again', 'back'))
      .emits('ReversalProposed', { reversal: 'again' });
    given(...done, undo('back'), undo('again', 'back'))
      .when(undo('third', 'back'))
      .refuses('reversal_open');
  });
  it('is told once', () =>
    given(...done, undo('back'), undo('again', 'back'))
      .when(undo('back', 'again'))
      .emitsNothing());
});

describe('the history of a run', () => {
  const at = toInstant(NOON);
  const approved: ReratingEvent = { type: 'ReratingApproved', data: { approvedBy: 'bob', at } };
  const rerated: ReratingEvent = {
    type: 'AccountRerated',
    data: { accountId: 'b', charges: 1, difference: '0.00', at },
  };
  const over = [propose(), approve('bob'), complete];

  it.each<[string, readonly Given[], ReratingEvent]>([
    ['what comes before a proposal', [], approved],
    ['an approval after the cancellation', [propose(), cancel], approved],
    ['an account after the end', over, rerated],
    ['a second end', over, { type: 'ReratingCompleted', data: { accounts: 0, charges: 0, difference: '0.00', at } }],
  ])('throws at %s', (_what, past, event) =>
    expect(() => rerating.evolve(given(...past).state, event)).toThrow('impossible'),
  );

  it('may have an account after a cancellation: it was under way', () =>
    expect(rerating.evolve(given(propose(), approve('bob'), cancel).state, rerated).charges).toBe(1));

  it('never goes back in time, though a clock does', () => {
    const command = { ...cancel, commandId: 'c', at: NOON - 5_000 } as ReratingCommand;
    expect(rerating.decide(command, given(propose()).state)).toMatchObject([{ data: { at } }]);
  });
});
