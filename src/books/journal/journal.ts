// The journal: every entry of the books, in the order of the log, in a format for other programs.
import type { EventStore, RecordedEvent, WalkOptions } from '../../event-store/index.js';
import { dayOf } from '../../kernel/index.js';
import { addPostings, CHART, moving, type Posting, type Totals } from '../../ledger/index.js';
import { bookedEntries } from '../booked-entries.js';
import { isTemporary } from '../chart.js';
import { type JournalFormat, journalFormat } from './journal-formats.js';
import { StripeNames } from './stripe-names.js';

export interface JournalWish extends WalkOptions {
  readonly format: JournalFormat;
  /** ISO 8601, inclusive. Entries before it are summed up as opening balances. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
}

/** The lines of the journal. */
export async function* journal(store: EventStore, { format, from, to, ...walk }: JournalWish): AsyncGenerator<string> {
  const { head, entry, tail } = journalFormat[format]();
  const balances: Totals = new Map();
  let lastDay = '';
  yield* head();
  if (from !== undefined) {
    const postings = closedToEquity(await bookedBefore(store, from, walk));
    const opening = { bookedAt: from, serviceDate: from, event: undefined, postings, stripeIds: {} };
    if (postings.length > 0) yield* entry(opening);
    addPostings(balances, postings);
    lastDay = dayOf(from);
  }
  const names = new StripeNames(store);
  const upTo = (event: RecordedEvent): boolean => {
    names.note(event); // also of what moves no money
    return walk.upTo?.(event) ?? true;
  };
  for await (const booked of bookedEntries(store, { ...walk, upTo })) {
    const { bookedAt, postings } = booked;
    if ((from !== undefined && bookedAt < from) || (to !== undefined && bookedAt >= to)) continue;
    yield* entry({ ...booked, stripeIds: await names.of(booked.event) });
    if (tail === undefined) continue;
    addPostings(balances, postings);
    if (dayOf(bookedAt) > lastDay) lastDay = dayOf(bookedAt);
  }
  if (tail !== undefined && lastDay !== '') yield* tail([...balances.values()], lastDay);
}

/** The balance of every account before an instant. It needs the whole log, as a later event may carry an earlier instant. */
async function bookedBefore(store: EventStore, instant: string, walk: WalkOptions): Promise<Totals> {
  const totals: Totals = new Map();
  for await (const { bookedAt, postings } of bookedEntries(store, walk)) {
    if (bookedAt < instant) addPostings(totals, postings);
  }
  return totals;
}

/** Closes revenue and expenses of the past to equity, so that a period's income statement is of the period alone. */
function closedToEquity(totals: Totals): Posting[] {
  const closed: Totals = new Map();
  const account = (posting: Posting) => (isTemporary(posting.account) ? CHART.retainedEarnings : posting.account);
  addPostings(
    closed,
    [...totals.values()].map((posting) => ({ ...posting, account: account(posting) })),
  );
  return moving([...closed.values()]);
}
