// Closing months. Invariants: months are closed one after another, by two people, and never opened again. Pure: no clock, no ids, no I/O.
import {
  DAY_MS,
  type Decider,
  fromInstant,
  monthOf,
  refuse,
  type Rejection,
  toInstant,
  type Issued,
} from '../../kernel/index.js';
import type { BooksEvent, BooksEventData } from './books.events.js';

interface Base extends Issued {
  readonly period: string;
}

export type CloseCommand =
  | (Base &
      Pick<
        BooksEventData<'CloseProposed'>,
        'proposedBy' | 'reason' | 'openItems' | 'oldestOpenItems' | 'stripeBalances' | 'uncomparedDays'
      > & {
        readonly type: 'ProposeClose';
      })
  | (Base & Pick<BooksEventData<'CloseDeclined'>, 'declinedBy' | 'reason'> & { readonly type: 'DeclineClose' })
  | (Base &
      Found & {
        readonly type: 'ClosePeriod';
        readonly approvedBy: string;
        readonly reason?: string | undefined;
        /** When what is approved was proposed: a later proposal has another cut-off. */
        readonly proposedAt: string;
      });

/** What was found when the books were read. */
type Found = Pick<
  BooksEventData<'PeriodClosed'>,
  'entries' | 'trialBalance' | 'digest' | 'position' | 'checkpoint' | 'treeSize' | 'stripeBalances'
>;
type Proposal = BooksEventData<'CloseProposed'>;
type Command<T extends CloseCommand['type']> = Extract<CloseCommand, { type: T }>;
type Decision = readonly BooksEvent[] | Rejection;

export interface BooksState {
  /** The last month that was closed. */
  readonly closed: string | undefined;
  /** What waits for approval. */
  readonly proposal: Proposal | undefined;
  readonly lastAt: number;
}

export const noBooks = (): BooksState => ({ closed: undefined, proposal: undefined, lastAt: 0 });

/** The first moment of the month after one (ISO 8601). */
export function endOf(period: string): string {
  const next = Date.parse(`${period}-01T00:00:00.000Z`) + 31 * DAY_MS;
  return `${monthOf(toInstant(next))}-01T00:00:00.000Z`;
}

/** The start of the first month that something may be booked into; empty while every month is open. */
export function firstOpenInstant({ closed, proposal }: BooksState): string {
  const last = proposal?.period ?? closed;
  return last === undefined ? '' : endOf(last);
}

export const closing: Decider<BooksState, CloseCommand, BooksEvent> = {
  initial: noBooks,
  decide(command, state) {
    const now = Math.max(command.at, state.lastAt);
    switch (command.type) {
      case 'ProposeClose':
        return propose(command, state, now);
      case 'DeclineClose': {
        const { period, declinedBy, reason } = command;
        if (state.proposal?.period !== period) return notProposed(period);
        return [{ type: 'CloseDeclined', data: { period, declinedBy, reason, at: toInstant(now) } }];
      }
      case 'ClosePeriod':
        return close(command, state, now);
    }
  },
  evolve: evolveBooks,
};

function propose(command: Command<'ProposeClose'>, { closed, proposal }: BooksState, now: number): Decision {
  const { period, proposedBy, reason, openItems, oldestOpenItems = [] } = command;
  if (proposal !== undefined) {
    const isSame = proposal.period === period && proposal.proposedBy === proposedBy && proposal.reason === reason;
    if (isSame) return []; // the same request, retried
    return refuse(
      'conflict',
      'close_proposed',
      `Closing ${proposal.period} waits for approval. Approve or decline it first.`,
    );
  }
  if (closed !== undefined && period <= closed) {
    return refuse(
      'conflict',
      'period_closed',
      `${period} is closed. A closed month can’t be opened again: corrections are booked in the open month.`,
    );
  }
  const next = closed === undefined ? period : endOf(closed).slice(0, 7);
  if (period !== next)
    return refuse('conflict', 'period_not_next', `Close ${next} first: months are closed one after another.`);
  if (toInstant(now) < endOf(period)) return refuse('conflict', 'period_not_over', `${period} is not over yet (UTC).`);
  const { stripeBalances = [], uncomparedDays = [] } = command;
  const open = { openItems, ...(oldestOpenItems.length > 0 && { oldestOpenItems }), stripeBalances, uncomparedDays };
  return [{ type: 'CloseProposed', data: { period, proposedBy, reason, ...open, at: toInstant(now) } }];
}

function close(command: Command<'ClosePeriod'>, { closed, proposal }: BooksState, now: number): Decision {
  const {
    period,
    approvedBy,
    reason,
    proposedAt,
    entries,
    trialBalance,
    digest,
    position,
    checkpoint,
    treeSize,
    stripeBalances,
  } = command;
  if (closed === period) return [];
  if (proposal?.period !== period) return notProposed(period);
  if (proposal.proposedBy === approvedBy) {
    return refuse('forbidden', 'second_person_needed', 'Someone else than who proposed the close must approve it.');
  }
  if (proposal.at !== proposedAt) {
    return refuse('conflict', 'close_proposed_anew', `${period} was proposed anew meanwhile. Approve it again.`);
  }
  const approval = { approvedBy, ...(reason !== undefined && { approvalReason: reason }) };
  const standing = stripeBalances === undefined ? {} : { stripeBalances };
  const sealed = { ...(checkpoint !== undefined && { checkpoint }), ...(treeSize !== undefined && { treeSize }) };
  const found = {
    entries,
    trialBalance,
    datedBy: 'service' as const,
    digest,
    ...(position !== undefined && { position }),
    ...standing,
    ...sealed,
  };
  return [{ type: 'PeriodClosed', data: { ...proposal, ...approval, ...found, at: toInstant(now) } }];
}

const notProposed = (period: string): Rejection =>
  refuse('not_found', 'close_not_proposed', `Nobody has proposed to close ${period}.`);

/** @throws Error on impossible history */
export function evolveBooks(state: BooksState, { type, data }: BooksEvent): BooksState {
  const lastAt = fromInstant(data.at);
  if (lastAt < state.lastAt) throw new Error(`impossible history: ${type} is earlier than the event before it`);
  if (type === 'CloseProposed') {
    if (state.proposal !== undefined || (state.closed !== undefined && data.period <= state.closed))
      throw new Error(`impossible history: ${type} of ${data.period}, which is closed or being closed`);
    return { ...state, proposal: data, lastAt };
  }
  if (state.proposal?.period !== data.period)
    throw new Error(`impossible history: ${type} of ${data.period}, which nobody proposed to close`);
  return { closed: type === 'PeriodClosed' ? data.period : state.closed, proposal: undefined, lastAt };
}
