import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { Rejection, toInstant } from '../../kernel/index.js';
import { trialBalanceAt } from '../reports/trial-balance.js';
import { bookedEntries } from '../booked-entries.js';
import { BOOKS_STREAM, type BooksEvent } from './books.events.js';
import { type BooksState, type CloseCommand, closing, endOf } from './close.decider.js';

const at = Date.parse('2026-06-03T09:00:00.000Z');
const base = { commandId: 'c', at, period: '2026-03' };
const propose = (period = '2026-03', when = at): CloseCommand => ({
  ...base,
  period,
  at: when,
  type: 'ProposeClose',
  proposedBy: 'u1',
  reason: 'complete',
  openItems: 0,
});
const approve = (period = '2026-03', approvedBy = 'u2', proposedAt = toInstant(at)): CloseCommand => ({
  ...base,
  period,
  type: 'ClosePeriod',
  approvedBy,
  proposedAt,
  entries: 0,
  trialBalance: [],
  digest: 'd'.repeat(64),
});
const decline: CloseCommand = { ...base, type: 'DeclineClose', declinedBy: 'u2', reason: 'a payout is missing' };

function after(...commands: readonly CloseCommand[]): BooksState {
  let state = closing.initial();
  for (const command of commands) {
    const decided = closing.decide(command, state);
    if (decided instanceof Rejection) throw new Error(decided.message);
    for (const event of decided) state = closing.evolve(state, event);
  }
  return state;
}
const outcome = (state: BooksState, command: CloseCommand) => {
  const decided = closing.decide(command, state);
  return decided instanceof Rejection ? decided.code : decided.map(({ type }) => type);
};

describe('closing a month', () => {
  it.each([
    ['is proposed by one person', after(), propose(), ['CloseProposed']],
    ['is approved by another', after(propose()), approve(), ['PeriodClosed']],
    ['is not approved by who proposed it', after(propose()), approve('2026-03', 'u1'), 'second_person_needed'],
    ['needs a proposal', after(), approve(), 'close_not_proposed'],
    ['is of the proposal that was read', after(propose()), approve('2026-03', 'u2', 'earlier'), 'close_proposed_anew'],
    ['may be declined, and proposed again', after(propose(), decline), propose(), ['CloseProposed']],
    ['is proposed once, however often that is told', after(propose()), propose(), []],
    ['waits for the one before', after(propose()), propose('2026-04'), 'close_proposed'],
    ['happens once', after(propose(), approve()), propose(), 'period_closed'],
    ['is done once, however often it is approved', after(propose(), approve()), approve(), []],
    ['goes month by month', after(propose(), approve()), propose('2026-05'), 'period_not_next'],
    ['comes after its end', after(), propose('2026-03', Date.parse('2026-03-31T23:59:59.999Z')), 'period_not_over'],
  ])('%s', (_, state, command, expected) => expect(outcome(state, command)).toEqual(expected));

  it.each([
    ['2026-01', '2026-02-01T00:00:00.000Z'],
    ['2026-02', '2026-03-01T00:00:00.000Z'],
    ['2026-12', '2027-01-01T00:00:00.000Z'],
  ])('%s ends before %s', (period, end) => expect(endOf(period)).toBe(end));
});

const MONTHS = ['2026-01', '2026-02', '2026-03'];

/** Grants at any instants, in any order, with the closing of months between them. */
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ grant: fc.integer({ min: 0, max: 100 }), cents: fc.integer({ min: 1, max: 999 }) }),
    },
    { weight: 1, arbitrary: fc.constantFrom('propose' as const, 'approve' as const, 'decline' as const) },
  ),
  { maxLength: 40 },
);

it('a closed month never changes, whatever comes later with an instant in it', async () => {
  const property = fc.asyncProperty(steps, async (history) => {
    const store = new MemoryEventStore();
    const frozen = new Map<string, unknown>();
    let state = closing.initial();
    let books = -1;
    const revisions = new Map<string, number>();
    const append = (stream: string, type: string, data: object) => {
      const revision = stream === BOOKS_STREAM ? books++ : (revisions.get(stream) ?? -1);
      if (stream !== BOOKS_STREAM) revisions.set(stream, revision + 1);
      return store.append(stream, revision, [{ id: crypto.randomUUID(), type, data: data as never, metadata: {} }]);
    };
    const reportOf = (period: string) => trialBalanceAt(store, { to: endOf(period) });
    for (const [index, step] of history.entries()) {
      if (typeof step === 'object') {
        const instant = new Date(Date.parse('2026-01-01T00:00:00.000Z') + step.grant * 86_400_000).toISOString();
        const amount = `0.${String(step.cents).padStart(3, '0')}`;
        await append(`account-a${index}`, 'CreditGranted', {
          lotId: 'l',
          amount,
          expiresAt: instant,
          reason: 'x',
          at: instant,
        });
        continue;
      }
      const period =
        state.proposal?.period ?? MONTHS[state.closed === undefined ? 0 : MONTHS.indexOf(state.closed) + 1];
      if (period === undefined) continue;
      const command = { propose: propose(period), approve: approve(period), decline: { ...decline, period } }[step];
      const decided = closing.decide(command, state);
      if (decided instanceof Rejection) continue;
      for (const event of decided as BooksEvent[]) {
        state = closing.evolve(state, event);
        await append(BOOKS_STREAM, event.type, event.data);
        if (event.type === 'PeriodClosed') frozen.set(period, await reportOf(period));
      }
    }
    for (const [period, report] of frozen) expect(await reportOf(period)).toEqual(report);
    for await (const { bookedAt, event } of bookedEntries(store))
      expect(bookedAt >= String(event.data['at'])).toBe(true);
  });
  await fc.assert(property, { numRuns: 60 });
});
