import { describe, expect, it } from 'vitest';
import {
  account,
  adjust,
  grant,
  placeHold,
  purchase,
  recordDispute,
  settle,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { formatUsd, usd } from '../kernel/index.js';
import type { AccountCommand } from './account.commands.js';
import { type AccountState, posted } from './account.state.js';
import { unwind } from './lots.js';

const lotsOf = (state: AccountState) =>
  Object.fromEntries(Array.from(state.lots.byId.values(), ({ id, remaining }) => [id, formatUsd(remaining)]));
const opened = recordDispute('d', 'lot', { amount: '10' });
const withdrawn = recordDispute('d', 'lot', { amount: '10', withdrawn: '10' });
const lost = recordDispute('d', 'lot', { amount: '10', withdrawn: '10', outcome: 'lost' });
const spent = (cost: string) => [...account('10'), placeHold('c', cost), settle('c', cost)];

describe('a dispute', () => {
  it('freezes new holds from its opening to its end', () => {
    given(...account('10'), opened)
      .when(placeHold('c', '1'))
      .refuses('credit_frozen');
    given(...account('10'), opened, recordDispute('d', 'lot', { amount: '10', outcome: 'won' }))
      .when(placeHold('c', '1'))
      .emits({ type: 'HoldPlaced' });
  });

  it('leaves what is under way to be settled', () =>
    given(...account('10'), placeHold('c', '1'), opened)
      .when(settle('c', '1'))
      .emits({ type: 'TokensCharged' }));

  it('freezes nothing while it is an inquiry, until it becomes a dispute', () => {
    const inquiry = recordDispute('d', 'lot', { amount: '10', inquiry: true });
    given(...account('10'), inquiry)
      .when(placeHold('c', '1'))
      .emits({ type: 'HoldPlaced' });
    given(...account('10'), inquiry)
      .when(opened)
      .emits({ type: 'DisputeOpened', data: { inquiry: false } });
    given(...account('10'), inquiry, opened)
      .when(placeHold('c', '1'))
      .refuses('credit_frozen');
  });

  it('is a dispute still when the report of its inquiry comes late', () =>
    given(...account('10'), opened)
      .when(recordDispute('d', 'lot', { amount: '10', inquiry: true }))
      .emitsNothing());

  it('says until when the bank takes evidence, where it does', () => {
    const due = { ...opened, evidenceDueAt: Date.UTC(2026, 2, 11) } as AccountCommand;
    given(...account('10'))
      .when(due)
      .emits({ type: 'DisputeOpened', data: { evidenceDueAt: '2026-03-11T00:00:00.000Z' } });
    given(...account('10'))
      .when(opened)
      .emits({ type: 'DisputeOpened', data: { evidenceDueAt: undefined } });
  });

  it('is recorded once', () =>
    given(...account('10'), opened)
      .when(opened)
      .emitsNothing());

  it('of a purchase that is not there is refused', () =>
    given(...account('10'))
      .when(recordDispute('d', 'nothing'))
      .refuses('lot_not_found'));

  it.each([
    { amount: '10.01' },
    { amount: '10', withdrawn: '10.01' },
    { amount: '10', withdrawn: '5', reinstated: '5.01' },
  ])('about more than its purchase is refused: %o', (terms) =>
    given(...account('10'))
      .when(recordDispute('d', 'lot', terms))
      .refuses('invalid_amount'),
  );
});

describe('disputed funds', () => {
  it('are taken from what is left of their purchase first, though other credit would be used before', () => {
    const { state, emits } = given(...spent('4'), grant('bonus', '20'), opened).when(withdrawn);
    emits({
      type: 'DisputeFundsWithdrawn',
      data: {
        amount: '10.00',
        slices: [
          { lotId: 'lot', amount: '6.00' },
          { lotId: 'bonus', amount: '4.00' },
        ],
        uncovered: undefined,
      },
    });
    expect(lotsOf(state)).toEqual({ bonus: '16.00', lot: '0.00' });
  });

  it('that are spent make the balance negative', () => {
    const { state, emits } = given(...spent('4'), opened).when(withdrawn);
    emits({ type: 'DisputeFundsWithdrawn', data: { uncovered: '4.00' } });
    expect(formatUsd(posted(state))).toBe('-4.00');
  });

  it('are withdrawn once, and by what is new when more is', () => {
    const half = recordDispute('d', 'lot', { amount: '10', withdrawn: '5' });
    given(...account('10'), withdrawn)
      .when(withdrawn)
      .emitsNothing();
    given(...account('10'), half)
      .when(withdrawn)
      .emits({ type: 'DisputeFundsWithdrawn', data: { amount: '5.00' } });
    given(...account('10'), withdrawn)
      .when(half)
      .emitsNothing();
  });

  it('come back to where they were taken from, in reverse: first what is still owed', () => {
    const past = [...spent('4'), grant('bonus', '1'), withdrawn];
    const won = recordDispute('d', 'lot', { amount: '10', withdrawn: '10', reinstated: '10', outcome: 'won' });
    const { state, emits } = given(...past).when(won);
    emits(
      {
        type: 'DisputeFundsReinstated',
        data: {
          coveredDebt: '3.00',
          slices: [
            { lotId: 'bonus', amount: '1.00' },
            { lotId: 'lot', amount: '6.00' },
          ],
        },
      },
      { type: 'DisputeClosed', data: { outcome: 'won' } },
    );
    expect([lotsOf(state), formatUsd(state.debt)]).toEqual([{ bonus: '1.00', lot: '6.00' }, '0.00']);
  });

  it('come back to their purchase where the debt they made was paid since', () => {
    const past = [...spent('10'), withdrawn, purchase('new', '15')];
    const { state, emits } = given(...past).when(
      recordDispute('d', 'lot', { amount: '10', withdrawn: '10', reinstated: '10' }),
    );
    emits({
      type: 'DisputeFundsReinstated',
      data: { slices: [{ lotId: 'lot', amount: '10.00' }], coveredDebt: undefined },
    });
    expect(lotsOf(state)).toEqual({ lot: '10.00', new: '5.00' });
  });

  it('that were lost come back when the bank decides otherwise after all', () => {
    const won = recordDispute('d', 'lot', { amount: '10', withdrawn: '10', reinstated: '10', outcome: 'won' });
    given(...account('10'), lost)
      .when(won)
      .emits({ type: 'DisputeFundsReinstated' }, { type: 'DisputeClosed', data: { outcome: 'won' } });
    given(...account('10'), lost, won)
      .when(lost)
      .emitsNothing();
    given(...account('10'), lost)
      .when(lost)
      .emitsNothing();
  });

  it('may come back in part', () => {
    const { state } = given(...account('10'), withdrawn).when(
      recordDispute('d', 'lot', { amount: '10', withdrawn: '10', reinstated: '2.5' }),
    );
    expect(lotsOf(state)).toEqual({ lot: '2.50' });
  });
});

describe('reports of one dispute', () => {
  const reports: AccountCommand[] = [
    recordDispute('d', 'lot', { amount: '10', inquiry: true }),
    opened,
    withdrawn,
    lost,
    recordDispute('d', 'lot', { amount: '10', withdrawn: '10', reinstated: '10', outcome: 'won' }),
  ];
  const orders = (items: AccountCommand[]): AccountCommand[][] =>
    items.length < 2
      ? [items]
      : items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
  const end = (commands: AccountCommand[]) => {
    const { state } = given(...spent('4'), adjust('a', '1'), ...commands);
    return { lots: lotsOf(state), debt: state.debt, dispute: { ...state.disputes.get('d') } };
  };

  it('end the same in any order', () => {
    const expected = end(reports);
    expect(expected.lots).toEqual({ a: '1.00', lot: '6.00' });
    for (const order of orders(reports)) expect(end(order)).toEqual(expected);
  });

  it('may all be lost but the last', () => expect(end(reports.slice(-1))).toEqual(end(reports)));
});

describe('unwinding slices', () => {
  it('never gives back more than was taken', () =>
    expect(() => unwind([{ lotId: 'l', amount: '1.00' }], usd('1.01'))).toThrow(RangeError));
});
