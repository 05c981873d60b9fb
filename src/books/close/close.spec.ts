import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { formatUsd, type JsonObject, picoUsd, Rejection, toInstant, usd } from '../../kernel/index.js';
import { trialBalanceAt } from '../reports/trial-balance.js';
import { allEvents } from '../../event-store/index.js';
import { bookedEntries } from '../booked-entries.js';
import { postingsOf } from '../booked-streams.js';
import { BOOKS_STREAM, type BooksEvent, readBooksEvent } from './books.events.js';
import { type BooksState, type CloseCommand, closing, endOf, evolveBooks, firstOpenInstant } from './close.decider.js';
import { ClosedBooks, digestOf } from './closed-books.js';

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
    ['may follow at once', after(), propose('2026-03', Date.parse('2026-04-01T00:00:00.000Z')), ['CloseProposed']],
  ])('%s', (_, state, command, expected) => expect(outcome(state, command)).toEqual(expected));

  it.each([
    ['2026-01', '2026-02-01T00:00:00.000Z'],
    ['2026-02', '2026-03-01T00:00:00.000Z'],
    ['2026-12', '2027-01-01T00:00:00.000Z'],
  ])('%s ends before %s', (period, end) => expect(endOf(period)).toBe(end));
});

const MONTHS = ['2026-01', '2026-02', '2026-03'];

const dayOfYear = (day: number): string => toInstant(Date.parse('2026-01-01T00:00:00.000Z') + day * 86_400_000);

interface Correction {
  readonly day: number;
  /** How many days before it was earned. */
  readonly ago: number;
  readonly cents: number;
}
type Step = Correction | 'propose' | 'approve' | 'decline';

/** Corrections at any instants, in any order, some of an earlier day, with the closing of months between them. */
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        day: fc.integer({ min: 0, max: 100 }),
        ago: fc.integer({ min: 0, max: 70 }),
        cents: fc.integer({ min: 1, max: 999 }),
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom('propose' as const, 'approve' as const, 'decline' as const) },
  ),
  { maxLength: 40, size: 'max' },
);

/** What the credit of all customers is at the end of a month, and of how many entries, where the date of booking alone counts. */
async function byBookingAlone(store: MemoryEventStore, period: string) {
  let [state, balance, entries] = [closing.initial(), 0n, 0];
  for await (const event of allEvents(store)) {
    if (event.stream === BOOKS_STREAM) state = evolveBooks(state, readBooksEvent(event));
    const open = firstOpenInstant(state);
    const bookedAt = String(event.data['at']);
    if (event.type !== 'BalanceAdjusted' || (bookedAt < open ? open : bookedAt) >= endOf(period)) continue;
    balance += usd(String(event.data['amount']));
    entries++;
  }
  return { balance, entries };
}

/** A ledger of such steps: the months that are closed, and what their trial balances were then. The first `older` closes are of an older build. */
async function ledgerOf(history: readonly Step[], older: number) {
  const store = new MemoryEventStore();
  const frozen = new Map<string, unknown>();
  let state = closing.initial();
  const revisions = new Map<string, number>();
  const append = async (stream: string, type: string, data: JsonObject) => {
    const revision = revisions.get(stream) ?? -1;
    revisions.set(stream, revision + 1);
    await store.append(stream, revision, [{ id: crypto.randomUUID(), type, data, metadata: {} }]);
  };
  const close = async ({ type, data }: BooksEvent): Promise<BooksEvent> => {
    if (type !== 'PeriodClosed') return { type, data } as BooksEvent;
    const { datedBy, ...rest } = data;
    const isOld = frozen.size < older;
    const { rows, entries } = await trialBalanceAt(store, { to: endOf(data.period) });
    const old = await byBookingAlone(store, data.period);
    const lines = isOld
      ? adjustedBy(old.balance)
      : rows.map(({ account, currency, balance }) => ({ account, currency, balance }));
    const found = { entries: isOld ? old.entries : entries, trialBalance: lines, digest: digestOf(lines) };
    return { type, data: { ...rest, ...(!isOld && { datedBy }), ...found } };
  };
  for (const [index, step] of history.entries()) {
    if (typeof step === 'object') {
      const amount = `0.${String(step.cents).padStart(3, '0')}`;
      const said = { adjustmentId: 'l', reason: 'x', requestedBy: 'u1', approvedBy: 'u2', slices: [] };
      const dates = { expiresAt: dayOfYear(400), servedAt: dayOfYear(step.day - step.ago), at: dayOfYear(step.day) };
      await append(`account-a${index}`, 'BalanceAdjusted', { ...said, amount, ...dates });
      continue;
    }
    const period = state.proposal?.period ?? MONTHS[state.closed === undefined ? 0 : MONTHS.indexOf(state.closed) + 1];
    if (period === undefined) continue;
    const command = { propose: propose(period), approve: approve(period), decline: { ...decline, period } }[step];
    const decided = closing.decide(command, state);
    if (decided instanceof Rejection) continue;
    for (const event of decided as BooksEvent[]) {
      const made = await close(event);
      state = closing.evolve(state, made);
      await append(BOOKS_STREAM, made.type, made.data);
      if (made.type === 'PeriodClosed') frozen.set(period, made.data.trialBalance);
    }
  }
  return { store, frozen };
}

const adjustedBy = (credit: bigint) =>
  credit === 0n
    ? []
    : [
        { account: 'equity:adjustments', currency: 'USD', balance: formatUsd(picoUsd(credit)) },
        { account: 'liabilities:customers:credit', currency: 'USD', balance: formatUsd(picoUsd(-credit)) },
      ];

describe('a closed month', () => {
  it('never changes, whatever comes later with an instant in it, and whichever build closed it', async () => {
    const property = fc.asyncProperty(steps, fc.nat(3), async (history, older) => {
      const { store, frozen } = await ledgerOf(history, older);
      for (const [period, balances] of frozen) {
        const { rows } = await trialBalanceAt(store, { to: endOf(period) });
        expect(rows.map(({ account, currency, balance }) => ({ account, currency, balance }))).toEqual(balances);
      }
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it('is what verification finds', async () => {
    const property = fc.asyncProperty(steps, fc.nat(3), async (history, older) => {
      const { store } = await ledgerOf(history, older);
      const closed = new ClosedBooks();
      const faults: string[] = [];
      for await (const event of allEvents(store)) faults.push(...closed.take(event, postingsOf(event)));
      expect(faults).toEqual([]);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it('takes what was earned in it, and what is booked later goes to the first month that was open', async () => {
    const property = fc.asyncProperty(steps, async (history) => {
      const { store } = await ledgerOf(history, 0);
      let state = closing.initial();
      const opens = new Map<number, string>();
      for await (const event of allEvents(store)) {
        if (event.stream === BOOKS_STREAM) state = evolveBooks(state, readBooksEvent(event));
        opens.set(event.position, firstOpenInstant(state));
      }
      for await (const { bookedAt, serviceDate, event } of bookedEntries(store)) {
        const open = opens.get(event.position) ?? '';
        const month = [serviceDate, open].toSorted().at(-1)?.slice(0, 7);
        expect(bookedAt >= open).toBe(true);
        expect(bookedAt.slice(0, 7)).toBe(month);
      }
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
