import { describe, expect, it } from 'vitest';
import { formatMoney, Rejection } from '../../kernel/index.js';
import { imbalances } from '../../ledger/index.js';
import { type ProviderBillEvent, providerBillEventSchemas } from './provider-bill.events.js';
import { providerBill, type ProviderBillCommand } from './provider-bill.js';
import { providerBillPostings } from './provider-bill.postings.js';

const line = { channel: 'openai', day: '2026-03-01', model: 'gpt-4o' };
let commands = 0;
const timed = () => ({ commandId: `command-${++commands}`, at: Date.parse('2026-04-01T00:00:00Z') });

/** A comparison knows of all that was booked before it, unless it says otherwise. */
type Step = ProviderBillCommand | Omit<Extract<ProviderBillCommand, { type: 'CompareCosts' }>, 'bookings'>;

const compare = (importId: string, first: number, difference: string, status: 'differs' | 'matched' = 'differs') => {
  const amounts = { calls: 1, booked: '12.50', billed: '12.75', difference, tokens: [], explanations: [] };
  const lines = [{ importId, ...line, status, ...amounts }];
  return { type: 'CompareCosts' as const, ...timed(), importId, first, lines };
};
/** Of another bill. */
const comparison = (difference: string, status: 'differs' | 'matched' = 'differs'): Step =>
  compare(`import-${commands}`, 0, difference, status);
/** Of a bill without costs: only tokens differ. */
function counted(): Step {
  const { lines, ...command } = compare(`import-${commands}`, 0, '0.00');
  return { ...command, lines: lines.map(({ billed: _billed, difference: _difference, ...tokens }) => tokens) };
}
const MORNING = '2026-04-01T00:00:00.000Z';
const EVENING = '2026-04-01T18:00:00.000Z';
const propose = (resolution: 'book' | 'keep', requestedBy = 'fay', at = MORNING): ProviderBillCommand => ({
  type: 'ProposeResolution',
  ...timed(),
  at: Date.parse(at),
  ...line,
  resolution,
  reason: 'as billed',
  requestedBy,
});
const approve = (approvedBy: string, more: { reason?: string; proposedAt?: string } = {}): ProviderBillCommand => ({
  type: 'ApproveResolution',
  ...timed(),
  ...line,
  approvedBy,
  ...more,
});
const decline = (declinedBy: string): ProviderBillCommand => ({
  type: 'DeclineResolution',
  ...timed(),
  ...line,
  declinedBy,
  reason: 'not final',
});

function outcome(...story: readonly Step[]): readonly ProviderBillEvent[] | string {
  let state = providerBill.initial();
  let last: readonly ProviderBillEvent[] | string = [];
  for (const step of story) {
    const decided = providerBill.decide(
      step.type === 'CompareCosts' ? { bookings: state.bookings, ...step } : step,
      state,
    );
    if (decided instanceof Rejection) {
      last = decided.code;
      continue;
    }
    for (const { type, data } of decided) providerBillEventSchemas[type].parse(data);
    state = decided.reduce((folded, event) => providerBill.evolve(folded, event), state);
    last = decided;
  }
  return last;
}
const types = (...story: readonly Step[]) => {
  const last = outcome(...story);
  return typeof last === 'string' ? last : last.map(({ type }) => type);
};

describe('a difference', () => {
  it('is closed by two people', () =>
    expect(types(comparison('0.25'), propose('book'), approve('finn'))).toEqual(['ProviderDifferenceAccepted']));
  it('is closed with the reasons of both', () =>
    expect(outcome(comparison('0.25'), propose('book'), approve('finn', { reason: 'their log has it' }))).toMatchObject(
      [{ data: { requestedBy: 'fay', reason: 'as billed', approvedBy: 'finn', approvalReason: 'their log has it' } }],
    ));
  it('takes one proposal at a time, and the same again as the same', () => {
    expect(types(comparison('0.25'), propose('book'), propose('keep', 'finn'))).toBe('resolution_requested');
    expect(types(comparison('0.25'), propose('book'), propose('book', 'fay', EVENING))).toEqual([]);
  });
  it('stays open when its proposal is declined, and takes another one', () => {
    const declined = [comparison('0.25'), propose('book'), decline('finn')];
    expect(outcome(...declined)).toMatchObject([
      { type: 'ProviderDifferenceDeclined', data: { ...line, declinedBy: 'finn', reason: 'not final' } },
    ]);
    expect(types(...declined, approve('finn'))).toBe('nothing_proposed');
    expect(types(...declined, decline('finn'))).toEqual([]);
    expect(types(...declined, propose('keep', 'finn'))).toEqual(['ProviderDifferenceProposed']);
    expect(types(comparison('0.00', 'matched'), decline('finn'))).toBe('no_open_difference');
  });
  it('is closed as was looked at, not as was proposed anew', () => {
    const anew = [comparison('0.25'), propose('book'), decline('finn'), propose('keep', 'fay', EVENING)];
    expect(types(...anew, approve('finn', { proposedAt: MORNING }))).toBe('proposed_anew');
    expect(types(...anew, approve('finn', { proposedAt: EVENING }))).toEqual(['ProviderDifferenceAccepted']);
  });
  it('is not closed by one', () =>
    expect(types(comparison('0.25'), propose('book'), approve('fay'))).toBe('second_person_needed'));
  it('is not closed without a proposal', () =>
    expect(types(comparison('0.25'), approve('finn'))).toBe('nothing_proposed'));
  it('is closed once', () =>
    expect(types(comparison('0.25'), propose('book'), approve('finn'), approve('finn'))).toBe('no_open_difference'));
  it('is closed by a later bill that has none', () =>
    expect(types(comparison('0.25'), comparison('0.00', 'matched'), propose('book'))).toBe('no_open_difference'));
  it('needs a new proposal when a later bill has another one', () =>
    expect(types(comparison('0.25'), propose('book'), comparison('0.30'), approve('finn'))).toBe('nothing_proposed'));
  it('can’t be booked where costs do not differ', () =>
    expect(types(comparison('0.00'), propose('book'))).toBe('nothing_to_book'));
  it('that was kept stays closed while it is the same, and no longer', () => {
    const kept = [comparison('0.25'), propose('keep'), approve('finn')];
    expect(outcome(...kept, comparison('0.25'), comparison('0.25'))).toMatchObject([{ data: { status: 'accepted' } }]);
    expect(outcome(...kept, comparison('0.25', 'matched'))).toMatchObject([{ data: { status: 'matched' } }]);
    expect(outcome(...kept, comparison('0.26'))).toMatchObject([{ data: { status: 'differs' } }]);
  });
  it.each([
    ['another one was booked', [comparison('0.50'), propose('book'), approve('finn')]],
    ['there was none', [comparison('0.00', 'matched')]],
  ])('that was kept is decided anew when it comes again after %s', (_what, since) => {
    const kept = [comparison('0.25'), propose('keep'), approve('finn')];
    expect(outcome(...kept, ...since, comparison('0.25'))).toMatchObject([{ data: { status: 'differs' } }]);
  });
  it('that was booked is not opened again by a comparison that did not see it booked', () => {
    const booked = [comparison('0.25'), propose('book'), approve('finn')];
    expect(types(...booked, { ...compare('late', 0, '0.25'), bookings: 0 })).toBe('booked_meanwhile');
    expect(types(...booked, { ...compare('late', 0, '0.25'), bookings: 0 }, propose('book'))).toBe(
      'no_open_difference',
    );
    expect(
      types(compare('i', 0, '0.25'), propose('book'), approve('finn'), { ...compare('i', 0, '0.25'), bookings: 0 }),
    ).toEqual([]);
  });
  it('that was booked is another one when it comes again: it was booked by then', () =>
    expect(outcome(comparison('0.25'), propose('book'), approve('finn'), comparison('0.25'))).toMatchObject([
      { data: { status: 'differs' } },
    ]));
  it('is booked with its amount, also after a proposal was declined', () =>
    expect(
      outcome(comparison('0.25'), propose('book'), decline('finn'), propose('book'), approve('finn')),
    ).toMatchObject([{ data: { resolution: 'book', amount: '0.25' } }]));
  it('of tokens alone is decided anew with each bill', () =>
    expect(outcome(counted(), propose('keep'), approve('finn'), counted())).toMatchObject([
      { data: { status: 'differs' } },
    ]));
});

describe('an import', () => {
  const bill = { importId: 'i', channel: 'openai', format: 'csv' as const, from: line.day, to: line.day };
  const about = { files: [], tolerance: '0.00', by: 'fay', lines: 1, booked: '12.50' };
  const imported = (bookings: number): Step => ({
    type: 'ImportBill',
    ...timed(),
    bookings,
    bill: { ...bill, ...about },
  });
  const booked = [comparison('0.25'), propose('book'), approve('finn')];

  it('is recorded once, also when something was booked since', () => {
    expect(outcome(imported(0))).toMatchObject([{ type: 'ProviderBillImported', data: { ...bill, ...about } }]);
    expect(types(imported(0), imported(0))).toEqual([]);
    expect(types(imported(0), ...booked, imported(0))).toEqual([]);
  });
  it('is not recorded when it was compared with less than is booked', () => {
    expect(types(...booked, imported(0))).toBe('booked_meanwhile');
    expect(types(...booked, imported(1))).toEqual(['ProviderBillImported']);
    expect(types(comparison('0.25'), propose('keep'), approve('finn'), imported(0))).toEqual(['ProviderBillImported']);
  });
});

it('no decision can be of a difference that is not open', () => {
  const data = { ...line, resolution: 'keep' as const, amount: '0.25', reason: 'r', requestedBy: 'fay', at: MORNING };
  expect(() => providerBill.evolve(providerBill.initial(), { type: 'ProviderDifferenceProposed', data })).toThrow(
    'impossible history',
  );
});

describe('the comparison of an import', () => {
  it('goes on with the lines that follow, and records none twice', () => {
    const begun = [compare('i', 0, '0.25'), compare('i', 1, '0.30')];
    expect(types(...begun)).toEqual(['ProviderCostCompared']);
    expect(types(...begun, compare('i', 0, '0.25'))).toEqual([]);
    expect(types(...begun, compare('i', 1, '0.30'))).toEqual([]);
  });
});

describe('the books', () => {
  const booked = (resolution: 'book' | 'keep', amount: string) => {
    const last = outcome(comparison(amount), propose(resolution), approve('finn'));
    return typeof last === 'string' ? [] : last.flatMap(providerBillPostings);
  };
  const shown = (...of: Parameters<typeof booked>) =>
    booked(...of).map((posting) => [posting.account, formatMoney(posting)]);

  it('owe a provider what it bills beyond what was booked', () => {
    expect(shown('book', '0.25')).toEqual([
      ['expenses:providers', '0.25'],
      ['liabilities:providers', '-0.25'],
    ]);
    expect(imbalances(booked('book', '0.25')).size).toBe(0);
  });
  it('owe it less where it bills less', () =>
    expect(shown('book', '-1.00')).toEqual([
      ['expenses:providers', '-1.00'],
      ['liabilities:providers', '1.00'],
    ]));
  it('stay as they are where the difference is kept', () => expect(shown('keep', '0.25')).toEqual([]));
});
