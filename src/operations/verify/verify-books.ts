import { ClosedBooks } from '../../books/index.js';
import type { RecordedEvent } from '../../event-store/index.js';
import type { Posting } from '../../ledger/index.js';
import { Faults } from './faults.js';
import { StripeBalanceCheck } from './verify-stripe-balance.js';

/** Checks what was recorded about the books, in comparisons with Stripe and at the close of months, against the bookings before it. */
export class BooksCheck {
  readonly faults = new Faults();
  readonly #balances = new StripeBalanceCheck(this.faults);
  readonly #closed = new ClosedBooks();

  /** Takes the next event of the log, from the first on, with its postings. */
  take(event: RecordedEvent, entry: readonly Posting[]): void {
    this.#balances.take(event);
    this.faults.push(...this.#closed.take(event, entry));
  }
}
