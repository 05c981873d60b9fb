// Holds what was recorded at the close of each month against the log before it: who changes an entry of a closed month, or the record of its
// close, is told from both. The sums of every month are enough, as nothing is booked into a month that is closed. Which month an entry counts in
// depends on how that month was closed, which comes later in the log: so the sums are kept by the month of either rule.
import { hash } from 'node:crypto';
import type { RecordedEvent } from '../../event-store/index.js';
import { canonicalJson, formatMoney, monthOf, usd } from '../../kernel/index.js';
import { addPostings, type Posting, type Totals } from '../../ledger/index.js';
import { Booking } from '../booked-entries.js';
import { type BooksEventData, BOOKS_STREAM, readBooksEvent } from './books.events.js';

type Closed = BooksEventData<'PeriodClosed'>;

/** The digest of a trial balance: SHA-256 of its canonical JSON (RFC 8785), in hex. */
export const digestOf = (trialBalance: Closed['trialBalance']): string => hash('sha256', canonicalJson(trialBalance));

/** What counts in a month: in `byBooking` where months are closed by the date of booking alone, in `month` otherwise. */
interface Sums {
  readonly month: string;
  readonly byBooking: string;
  readonly totals: Totals;
  entries: number;
}

export class ClosedBooks {
  readonly #booking = new Booking();
  /** Of the months that are not closed, and of all that are together. */
  #sums = new Map<string, Sums>();

  /** Takes the next event of the log, from the first on, with its postings; returns what is wrong with it, a sentence each. */
  take(event: RecordedEvent, postings: readonly Posting[]): string[] {
    const entry = this.#booking.take(event, postings);
    if (entry !== undefined)
      this.#add({ month: monthOf(entry.bookedAt), byBooking: monthOf(entry.byBooking) }, postings, 1);
    if (event.stream !== BOOKS_STREAM) return [];
    const { type, data } = readBooksEvent(event);
    return type === 'PeriodClosed' ? this.#faultsOf(data) : [];
  }

  #add(months: Pick<Sums, 'month' | 'byBooking'>, postings: readonly Posting[], entries: number): void {
    const key = `${months.month} ${months.byBooking}`;
    const sums = this.#sums.get(key) ?? { ...months, totals: new Map(), entries: 0 };
    this.#sums.set(key, sums);
    addPostings(sums.totals, postings);
    sums.entries += entries;
  }

  #faultsOf({ period, entries, trialBalance, datedBy, digest }: Closed): string[] {
    const books = this.#upTo(period, datedBy);
    const faults: string[] = [];
    if (entries !== books.entries)
      faults.push(`${period} was closed with ${entries} entries; the log before that has ${books.entries}.`);
    if (digest !== digestOf(trialBalance))
      faults.push(`The digest that ${period} was closed with is not that of its trial balance.`);
    const recorded = new Map(trialBalance.map((line) => [`${line.account} ${line.currency}`, usd(line.balance)]));
    for (const key of new Set([...recorded.keys(), ...books.totals.keys()])) {
      const [, currency = ''] = key.split(' ');
      const [was, is]: [bigint, bigint] = [recorded.get(key) ?? 0n, books.totals.get(key)?.amount ?? 0n];
      const money = (amount: bigint): string => formatMoney({ currency, amount });
      if (was !== is)
        faults.push(`${period} was closed with ${money(was)} on ${key}; the entries of the log come to ${money(is)}.`);
    }
    return faults;
  }

  /** The sums of a month and of all before it, as one from now on. What counts in it by the other rule alone is left to the next month. */
  #upTo(period: string, datedBy: Closed['datedBy']): Sums {
    const sums = [...this.#sums.values()];
    this.#sums = new Map();
    const closed = { month: period, byBooking: period };
    this.#add(closed, [], 0);
    for (const { totals, entries, ...months } of sums) {
      const isIn = (datedBy === undefined ? months.byBooking : months.month) <= period;
      this.#add(isIn ? closed : months, [...totals.values()], entries);
    }
    return this.#sums.get(`${period} ${period}`) as Sums;
  }
}
