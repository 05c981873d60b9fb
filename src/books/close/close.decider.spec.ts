import { describe, expect, it } from 'vitest';
import { Rejection, toInstant } from '../../kernel/index.js';
import { type BooksEvent, booksEventSchemas } from './books.events.js';
import { type CloseCommand, closing, endOf, firstOpenInstant } from './close.decider.js';

type Bare<T> = T extends CloseCommand ? Omit<T, 'commandId' | 'at'> & { readonly at?: number } : never;
type Given = Bare<CloseCommand>;
type Of<T extends CloseCommand['type']> = Partial<Extract<Given, { type: T }>>;

const NOON = Date.parse('2026-05-02T12:00:00.000Z');
const AT = toInstant(NOON);

function decided(command: Given, state: ReturnType<typeof closing.initial>) {
  const outcome = closing.decide({ at: NOON, commandId: 'c', ...command }, state);
  if (outcome instanceof Rejection) return outcome;
  for (const { type, data } of outcome) expect(booksEventSchemas[type].parse(data)).toEqual(data);
  return outcome;
}

const given = (...past: readonly Given[]) => {
  const state = past.reduce((folded, command) => {
    const events = decided(command, folded);
    if (events instanceof Rejection) throw new Error(`given: ${events.message}`);
    return events.reduce((each, event) => closing.evolve(each, event), folded);
  }, closing.initial());
  return {
    state,
    when(command: Given) {
      const outcome = decided(command, state);
      return {
        emits: (type: BooksEvent['type'], data: object = {}) => expect(outcome).toMatchObject([{ type, data }]),
        emitsNothing: () => expect(outcome).toEqual([]),
        refuses: (code: string) => expect(outcome).toMatchObject({ code }),
      };
    },
  };
};

const propose = (period = '2026-03', more: Of<'ProposeClose'> = {}): Given => ({
  type: 'ProposeClose',
  period,
  proposedBy: 'ada',
  reason: 'the month is over',
  openItems: 0,
  ...more,
});
const decline = (period = '2026-03'): Given => ({ type: 'DeclineClose', period, declinedBy: 'bob', reason: 'not yet' });
const close = (period = '2026-03', more: Of<'ClosePeriod'> = {}): Given => ({
  type: 'ClosePeriod',
  period,
  approvedBy: 'bob',
  proposedAt: AT,
  entries: 7,
  trialBalance: [],
  digest: '0'.repeat(64),
  ...more,
});
const closed = [propose(), close()];

describe('a month', () => {
  it('is closed after the one before', () => {
    given(...closed)
      .when(propose('2026-04'))
      .emits('CloseProposed', { period: '2026-04' });
    given(...closed)
      .when(propose('2026-05'))
      .refuses('period_not_next');
    given(...closed)
      .when(propose())
      .refuses('period_closed');
  });

  it('is closed when it is over (UTC)', () => {
    const lastMoment = Date.parse('2026-03-31T23:59:59.999Z');
    given()
      .when(propose('2026-03', { at: lastMoment }))
      .refuses('period_not_over');
    given()
      .when(propose('2026-03', { at: lastMoment + 1 }))
      .emits('CloseProposed');
  });

  it.each([
    ['2026-01', '2026-02-01T00:00:00.000Z'],
    ['2026-02', '2026-03-01T00:00:00.000Z'],
    ['2028-02', '2028-03-01T00:00:00.000Z'],
    ['2026-04', '2026-05-01T00:00:00.000Z'],
    ['2026-12', '2027-01-01T00:00:00.000Z'],
  ])('%s ends with the first moment of the next, %s', (period, end) => expect(endOf(period)).toBe(end));

  it('is proposed once, and another proposal waits until it is decided on', () => {
    given(propose()).when(propose()).emitsNothing();
    for (const other of [
      propose('2026-04'),
      propose('2026-03', { reason: 'b' }),
      propose('2026-03', { proposedBy: 'b' }),
    ])
      given(propose()).when(other).refuses('close_proposed');
    given(propose(), decline()).when(propose()).emits('CloseProposed');
  });

  it('takes no more bookings from its proposal on, and takes them again when that is declined', () => {
    expect(firstOpenInstant(given().state)).toBe('');
    expect(firstOpenInstant(given(propose()).state)).toBe('2026-04-01T00:00:00.000Z');
    expect(firstOpenInstant(given(propose(), decline()).state)).toBe('');
    expect(firstOpenInstant(given(...closed, propose('2026-04'), decline('2026-04')).state)).toBe(endOf('2026-03'));
  });

  it('is closed by two people, as it was proposed, once', () => {
    given(propose()).when(close()).emits('PeriodClosed', { proposedBy: 'ada', approvedBy: 'bob', datedBy: 'service' });
    given(propose())
      .when(close('2026-03', { approvedBy: 'ada' }))
      .refuses('second_person_needed');
    given(propose())
      .when(close('2026-03', { proposedAt: toInstant(NOON - 1) }))
      .refuses('close_proposed_anew');
    given(...closed)
      .when(close())
      .emitsNothing();
  });

  it('is neither closed nor declined unless it is proposed', () => {
    for (const command of [close(), decline()]) given().when(command).refuses('close_not_proposed');
    for (const command of [close('2026-04'), decline('2026-04')])
      given(propose()).when(command).refuses('close_not_proposed');
  });

  it('keeps what was found of it, and why it was approved', () => {
    const found = { position: 9, checkpoint: 'c', treeSize: 10, stripeBalances: [] };
    given(propose())
      .when(close('2026-03', { ...found, reason: 'it agrees' }))
      .emits('PeriodClosed', { ...found, entries: 7, approvalReason: 'it agrees' });
    const item = { itemId: 'txn_1', status: 'theirs_only', date: AT, difference: [] };
    given()
      .when(propose('2026-03', { openItems: 1, oldestOpenItems: [item], uncomparedDays: ['2026-03-30'] }))
      .emits('CloseProposed', { openItems: 1, oldestOpenItems: [item], uncomparedDays: ['2026-03-30'] });
  });
});

describe('the history of the books', () => {
  const proposal = { period: '2026-04', proposedBy: 'ada', reason: 'r', openItems: 0, at: AT };

  it.each<[string, readonly Given[], BooksEvent]>([
    ['a second proposal', [propose()], { type: 'CloseProposed', data: proposal }],
    [
      'a proposal of a month that is closed',
      closed,
      { type: 'CloseProposed', data: { ...proposal, period: '2026-03' } },
    ],
    [
      'a decision on another month',
      [propose()],
      { type: 'CloseDeclined', data: { period: '2026-04', declinedBy: 'bob', reason: 'r', at: AT } },
    ],
    [
      'an instant before the last one',
      closed,
      { type: 'CloseProposed', data: { ...proposal, at: toInstant(NOON - 1) } },
    ],
  ])('throws at %s', (_what, past, event) =>
    expect(() => closing.evolve(given(...past).state, event)).toThrow('impossible'),
  );
});
