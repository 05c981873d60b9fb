import { Injectable } from '@nestjs/common';
import {
  EventStore,
  eventsOf,
  ReadModelStore,
  rowsOf,
  StreamWriter,
  type WalkOptions,
} from '../../event-store/index.js';
import { accepted, Clock, newId, Refused, refuse, type Unissued } from '../../kernel/index.js';
import { type ItemRow, reconciliationDays, reconciliationItems, stripeEntries } from '../../reconciliation/index.js';
import { LogAltered, Sealer, type SignedCheckpoint } from '../../seals/index.js';
import { trialBalanceAt } from '../reports/trial-balance.js';
import {
  type BooksEvent,
  type BooksEventData,
  BOOKS_STREAM,
  booksUpcasters,
  MOST_NAMED_ITEMS,
  readBooksEvent,
} from './books.events.js';
import { type BooksState, type CloseCommand, closing, endOf } from './close.decider.js';
import { digestOf } from './closed-books.js';
import { standingOf, stripeStanding } from './stripe-standing.js';

/** A closed month: a type, so that it prints as any row does. */
export type ClosedPeriod = BooksEventData<'PeriodClosed'>;
export type CloseProposal = BooksEventData<'CloseProposed'>;

/** What a proposal to close a month is made from. */
export const PROPOSAL_VIEWS = [reconciliationItems.view, reconciliationDays.view, stripeEntries.view];

/** What a person says of a decision. */
export interface Said {
  /** A user id. */
  readonly by: string;
  readonly reason: string;
}

export interface Approval extends WalkOptions {
  readonly reason?: string | undefined;
  /** Which proposal is approved, by its instant. */
  readonly proposedAt?: string | undefined;
}

type OpenItems = Pick<CloseProposal, 'openItems'> & Required<Pick<CloseProposal, 'oldestOpenItems'>>;

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
   * Proposes to close a month; the same proposal again changes nothing. From then on nothing is booked into the month. It names the open items of the reconciliation, and how the
   * month stands to Stripe, as `PROPOSAL_VIEWS` have them, so wait for those first. Refused: `close_proposed`, `period_closed`,
   * `period_not_next`, `period_not_over`.
   */
  async propose(period: string, { by: proposedBy, reason }: Said): Promise<CloseProposal> {
    const open = await this.#openItems(endOf(period));
    const standing = await stripeStanding(this.readModels, period);
    await this.#tell({ type: 'ProposeClose', period, proposedBy, reason, ...open, ...standing });
    const proposal = await this.proposal();
    if (proposal?.period !== period) throw new Error(`${period} was decided at the moment in which it was proposed`);
    return proposal;
  }

  /** Opens a proposed month again. Refused: `close_not_proposed`. */
  async decline(period: string, { by: declinedBy, reason }: Said): Promise<void> {
    await this.#tell({ type: 'DeclineClose', period, declinedBy, reason });
  }

  /**
   * Closes a proposed month, for good: it reads the whole log, so it may take minutes. What is approved is the proposal of that instant; the
   * present one without it. Refused: `close_not_proposed`, `second_person_needed`, `close_proposed_anew`, `books_unbalanced`, `log_altered`.
   */
  async approve(
    period: string,
    approvedBy: string,
    { reason, proposedAt, ...walk }: Approval = {},
  ): Promise<ClosedPeriod> {
    const proposal = await this.approvable(period, approvedBy, proposedAt);
    if (proposal === undefined) return this.closed(period);
    const position = await this.store.head();
    const upTo: WalkOptions['upTo'] = (event) => event.position <= position;
    const { rows, entries, unbalanced } = await trialBalanceAt(this.store, { ...walk, to: endOf(period), upTo });
    if (unbalanced.length > 0) {
      const message = `The books do not balance in ${unbalanced.join(', ')}: "tokenhub verify" says where.`;
      throw new Refused(refuse('conflict', 'books_unbalanced', message));
    }
    const trialBalance = rows.map(({ account, currency, balance }) => ({ account, currency, balance }));
    const seal = await this.#seal(walk.signal);
    const sealed = { checkpoint: seal?.note, treeSize: seal?.size };
    const { stripeBalances: proposed } = proposal;
    const stripeBalances = proposed && standingOf(proposed, trialBalance);
    const found = { entries, trialBalance, digest: digestOf(trialBalance), stripeBalances, position, ...sealed };
    await this.#tell({ type: 'ClosePeriod', period, approvedBy, reason, proposedAt: proposal.at, ...found });
    return this.closed(period);
  }

  /**
   * The proposal that this person may approve; undefined when the month is closed already. Refused: `close_not_proposed`,
   * `second_person_needed`, `close_proposed_anew`.
   */
  async approvable(period: string, approvedBy: string, proposedAt?: string): Promise<CloseProposal | undefined> {
    const { closed, proposal } = await this.#state();
    if (closed !== undefined && period <= closed) return undefined;
    const command = {
      type: 'ClosePeriod',
      period,
      approvedBy,
      proposedAt: proposedAt ?? proposal?.at ?? '',
      commandId: '',
      at: 0,
    } as const;
    accepted(closing.decide({ ...command, entries: 0, trialBalance: [], digest: '' }, { closed, proposal, lastAt: 0 }));
    return proposal;
  }

  /** What waits for approval. */
  async proposal(): Promise<CloseProposal | undefined> {
    return (await this.#state()).proposal;
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

  /** The items of the reconciliation from before an instant that are open: how many, and the oldest of them. */
  async #openItems(before: string): Promise<OpenItems> {
    const oldestOpenItems: OpenItems['oldestOpenItems'] = [];
    let openItems = 0;
    const query = { where: { open: true }, below: { date: before }, orderBy: 'date' };
    for await (const { doc } of rowsOf<ItemRow>(this.readModels, reconciliationItems.view, query)) {
      if (openItems++ < MOST_NAMED_ITEMS) oldestOpenItems.push(named(doc));
    }
    return { openItems, oldestOpenItems };
  }

  /** A checkpoint of the log as it is now; none where the ledger has no key. Refused: `log_altered`. */
  async #seal(signal: AbortSignal | undefined): Promise<SignedCheckpoint | undefined> {
    try {
      const report = await this.sealer.seal(signal);
      signal?.throwIfAborted();
      return report?.checkpoint;
    } catch (error) {
      if (!(error instanceof LogAltered)) throw error;
      const message = `Nothing is closed, as ${error.message}. "tokenhub verify" says more.`;
      throw new Refused(refuse('conflict', 'log_altered', message));
    }
  }

  #state(): Promise<BooksState> {
    return this.#writer.read(BOOKS_STREAM, ({ closed, proposal, lastAt }) => ({ closed, proposal, lastAt }), {
      fresh: true,
    });
  }

  async #tell(command: Unissued<CloseCommand>): Promise<void> {
    const whole = { ...command, commandId: newId(), at: this.clock.now() };
    accepted(await this.#writer.execute(BOOKS_STREAM, whole));
  }
}

const named = ({ itemId, status, date, sides }: ItemRow): OpenItems['oldestOpenItems'][number] => ({
  itemId,
  status,
  date,
  difference: sides.corrections.map(({ currency, amountMinor, feeMinor }) => ({ currency, amountMinor, feeMinor })),
});
