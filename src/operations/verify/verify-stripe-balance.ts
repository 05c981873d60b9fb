// Checks what each comparison with Stripe recorded as the ledger's own balance there against the bookings before it. So a payout or a payment that
// was removed after its day was compared is missed by a second stream.
import type { RecordedEvent } from '../../event-store/index.js';
import { DAY_MS, fromInstant, toInstant } from '../../kernel/index.js';
import { moneyText } from '../../payments/index.js';
import { DailySums, dayOfReconciliation, readReconciliationEvent, stripeEntries } from '../../reconciliation/index.js';
import type { Faults } from './faults.js';

/** A comparison reads a view, which may be behind the log by some of its last bookings. */
const BEHIND = 1_000;

interface Booking {
  readonly currency: string;
  /** When Stripe made it, in epoch milliseconds. */
  readonly date: number;
  readonly minor: number;
}

export class StripeBalanceCheck {
  readonly #sums = new DailySums();
  /** The newest last. */
  readonly #last: Booking[] = [];

  constructor(private readonly faults: Faults) {}

  /** Takes the next event of the log, from the first on. */
  take(event: RecordedEvent): void {
    if (stripeEntries.rowId(event) !== undefined) {
      for (const { currency, amountMinor, feeMinor, date } of stripeEntries.step(undefined, event).entries) {
        this.#book({ currency, date: fromInstant(date), minor: amountMinor - feeMinor });
      }
    }
    if (dayOfReconciliation(event.stream) !== undefined) this.#judge(event);
  }

  #book(booking: Booking): void {
    this.#sums.add(booking.currency, booking.date, booking.minor);
    this.#last.push(booking);
    if (this.#last.length > BEHIND) this.#last.shift();
  }

  #judge(event: RecordedEvent): void {
    const { type, data } = readReconciliationEvent(event);
    if (type !== 'StripeDayCompared') return;
    const end = fromInstant(`${data.day}T00:00:00.000Z`) + DAY_MS;
    for (const { currency, ledgerMinor } of data.totals) {
      const booked = this.#sums.between(currency, 0, end);
      if (this.#wasEver(ledgerMinor, { currency, end, booked })) continue;
      this.faults.push(
        `Revision ${event.revision} of ${event.stream} recorded that the ledger had ${moneyText(ledgerMinor, currency)} at Stripe until ${toInstant(end)}; what was booked before it comes to ${moneyText(booked, currency)}. Bookings of payments or payouts were removed, or added.`,
      );
    }
  }

  /** Whether the balance until `end` was this before the event, or before some of the last bookings. */
  #wasEver(minor: number, { currency, end, booked }: { currency: string; end: number; booked: number }): boolean {
    let balance = booked;
    if (balance === minor) return true;
    for (const booking of this.#last.toReversed()) {
      if (booking.currency !== currency || booking.date >= end) continue;
      balance -= booking.minor;
      if (balance === minor) return true;
    }
    return false;
  }
}
