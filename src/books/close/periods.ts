import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import canonicalize from 'canonicalize';
import { EventStore, eventsOf, ReadModelStore, rowsOf, StreamWriter } from '../../event-store/index.js';
import { accepted, Clock, newId, Refused, refuse } from '../../kernel/index.js';
import { reconciliationItems } from '../../reconciliation/index.js';
import { Sealer } from '../../seals/index.js';
import { trialBalanceAt } from '../reports/trial-balance.js';
import { type BooksEvent, type BooksEventData, BOOKS_STREAM, booksUpcasters, readBooksEvent } from './books.events.js';
import { type BooksState, type CloseCommand, closing, endOf } from './close.decider.js';

/** A closed month: a type, so that it prints as any row does. */
export type ClosedPeriod = BooksEventData<'PeriodClosed'>;
export type CloseProposal = NonNullable<BooksState['proposal']>;

type Bare<T> = T extends CloseCommand ? Omit<T, 'commandId' | 'at'> : never;

/** Closes months of the books. One instance per process. */
@Injectable()
export class Periods {
  readonly #writer: StreamWriter<BooksState, CloseCommand, BooksEvent>;

  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
  ) {
    this.#writer = new StreamWriter({ store, decider: closing, upcasters: booksUpcasters });
  }

  /**
   * Proposes to close a month. From then on nothing is booked into it. Refused: `close_proposed`, `period_closed`, `period_not_next`,
   * `period_not_over`.
   */
  async propose(period: string, by: { readonly proposedBy: string; readonly reason: string }): Promise<CloseProposal> {
    const openItems = await this.#openItems(endOf(period));
    await this.#tell({ type: 'ProposeClose', period, ...by, openItems });
    return { period, ...by, openItems };
  }

  /** Opens a proposed month again. Refused: `close_not_proposed`. */
  async decline(period: string, by: { readonly declinedBy: string; readonly reason: string }): Promise<void> {
    await this.#tell({ type: 'DeclineClose', period, ...by });
  }

  /** Closes a proposed month, for good. Refused: `close_not_proposed`, `second_person_needed`, `books_unbalanced`. */
  async approve(period: string, approvedBy: string): Promise<ClosedPeriod> {
    const { rows, entries, unbalanced } = await trialBalanceAt(this.store, { to: endOf(period) });
    if (unbalanced.length > 0) {
      const message = `The books do not balance in ${unbalanced.join(', ')}: "tokenhub verify" says where.`;
      throw new Refused(refuse('conflict', 'books_unbalanced', message));
    }
    const trialBalance = rows.map(({ account, currency, balance }) => ({ account, currency, balance }));
    const digest = createHash('sha256')
      .update(String(canonicalize(trialBalance)))
      .digest('hex');
    const checkpoint = (await this.sealer.seal())?.checkpoint?.note;
    await this.#tell({ type: 'ClosePeriod', period, approvedBy, entries, trialBalance, digest, checkpoint });
    return this.closed(period);
  }

  /** What waits for approval. */
  proposal(): Promise<CloseProposal | undefined> {
    return this.#writer.read(BOOKS_STREAM, ({ proposal }) => proposal, { fresh: true });
  }

  /** The closed months, oldest first. */
  async all(): Promise<ClosedPeriod[]> {
    const closed: ClosedPeriod[] = [];
    for await (const event of eventsOf(this.store, BOOKS_STREAM)) {
      const { type, data } = readBooksEvent(event);
      if (type === 'PeriodClosed') closed.push(data);
    }
    return closed;
  }

  /** @throws Refused `period_not_found` */
  async closed(period: string): Promise<ClosedPeriod> {
    const found = (await this.all()).find((each) => each.period === period);
    if (found !== undefined) return found;
    throw new Refused(refuse('not_found', 'period_not_found', `${period} is not closed.`));
  }

  /** How many items of the reconciliation from before an instant are open. */
  async #openItems(before: string): Promise<number> {
    let count = 0;
    for await (const { doc } of rowsOf(this.readModels, reconciliationItems.view, { where: { open: true } })) {
      if (String(doc['date']) < before) count++;
    }
    return count;
  }

  async #tell(command: Bare<CloseCommand>): Promise<void> {
    const whole = { ...command, commandId: newId(), at: this.clock.now() } as CloseCommand;
    accepted(await this.#writer.execute(BOOKS_STREAM, whole));
  }
}
