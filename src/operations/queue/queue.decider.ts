// Decisions about an item of the queue. Invariants: an item that stands as it does is dismissed once; credit for it is given at most once, and
// by two people. Pure: no clock, no ids, no I/O.
import {
  type Amount,
  type Decider,
  formatUsd,
  fromInstant,
  refuse,
  type Rejection,
  toInstant,
  ZERO,
  type Issued,
} from '../../kernel/index.js';
import type { QueueEvent, QueueEventData } from './queue.events.js';

interface Base extends Issued {
  readonly itemId: string;
  readonly by: string;
  readonly reason: string;
}

export type QueueCommand = Base &
  (
    | { readonly type: 'DismissItem'; readonly kind: string; readonly state: string }
    | { readonly type: 'NoteChoice'; readonly kind: string; readonly choice: string }
    | {
        readonly type: 'ProposeCredit';
        readonly kind: string;
        readonly accountId: string;
        readonly amount: Amount;
        /** When what it corrects was earned, in epoch milliseconds; when it is booked without it. */
        readonly servedAt?: number | undefined;
      }
    | { readonly type: 'ApproveCredit' }
    | { readonly type: 'DeclineCredit' }
  );

/** The kind of an item that is nothing but its proposal: a correction of a balance by hand. It alone may take credit away. */
export const PROPOSED_ADJUSTMENT = 'proposed_adjustment';

type Command<T extends QueueCommand['type']> = Extract<QueueCommand, { type: T }>;
type Proposal = QueueEventData<'QueueCreditProposed'>;
type Decision = readonly QueueEvent[] | Rejection;

export interface QueueItemState {
  readonly dismissed?: QueueEventData<'QueueItemDismissed'>;
  readonly proposal?: Proposal | undefined;
  readonly approvedBy?: string;
  readonly lastAt: number;
}

const nothingNew: Decision = [];

export const queueItem: Decider<QueueItemState, QueueCommand, QueueEvent> = {
  initial: () => ({ lastAt: 0 }),
  decide(command, state) {
    const at = toInstant(Math.max(command.at, state.lastAt));
    switch (command.type) {
      case 'DismissItem':
        return dismiss(command, state, at);
      case 'NoteChoice': {
        const { itemId, kind, choice, by, reason } = command;
        return [{ type: 'QueueChoiceMade', data: { itemId, kind, choice, by, reason, at } }];
      }
      case 'ProposeCredit':
        return propose(command, state, at);
      case 'ApproveCredit':
        return approve(command, state, at);
      case 'DeclineCredit':
        return decline(command, state, at);
    }
  },
  evolve(state, { type, data }) {
    const lastAt = fromInstant(data.at);
    switch (type) {
      case 'QueueItemDismissed':
        return { ...state, lastAt, dismissed: data };
      case 'QueueChoiceMade':
        return { ...state, lastAt };
      case 'QueueCreditProposed':
        return { ...state, lastAt, proposal: data };
      case 'QueueCreditApproved':
        return { ...state, lastAt, approvedBy: data.approvedBy };
      case 'QueueCreditDeclined':
        return { ...state, lastAt, proposal: undefined };
    }
  },
};

function dismiss(
  { itemId, kind, state: stands, by, reason }: Command<'DismissItem'>,
  state: QueueItemState,
  at: string,
): Decision {
  const { dismissed } = state;
  if (dismissed?.state === stands && dismissed.kind === kind) {
    return dismissed.by === by && dismissed.reason === reason
      ? nothingNew
      : refuse('conflict', 'item_settled', `${dismissed.by} has dismissed this item: ${dismissed.reason}`);
  }
  return [{ type: 'QueueItemDismissed', data: { itemId, kind, state: stands, by, reason, at } }];
}

function propose(command: Command<'ProposeCredit'>, { proposal, approvedBy }: QueueItemState, at: string): Decision {
  const { itemId, kind, accountId, by, reason } = command;
  if (command.amount === ZERO) return refuse('invalid', 'invalid_amount', 'A correction of zero changes nothing.');
  if (command.amount < ZERO && kind !== PROPOSED_ADJUSTMENT)
    return refuse('invalid', 'invalid_amount', 'Credit must be more than zero.');
  if (command.servedAt !== undefined && command.servedAt > fromInstant(at))
    return refuse('invalid', 'invalid_service_date', 'What a correction is for can’t be in the future.');
  const amount = formatUsd(command.amount);
  const servedAt = command.servedAt === undefined ? undefined : toInstant(command.servedAt);
  if (proposal !== undefined) {
    const isSame =
      proposal.amount === amount && proposal.by === by && proposal.reason === reason && proposal.servedAt === servedAt;
    if (isSame && approvedBy === undefined) return nothingNew;
    const stands = approvedBy === undefined ? 'waits for approval' : `was approved by ${approvedBy}`;
    return refuse(
      'conflict',
      'credit_proposed',
      `${proposal.by} has proposed $${proposal.amount} of credit for this item, which ${stands}.`,
    );
  }
  const served = servedAt === undefined ? {} : { servedAt };
  return [{ type: 'QueueCreditProposed', data: { itemId, kind, accountId, amount, ...served, by, reason, at } }];
}

function approve(
  { itemId, by, reason }: Command<'ApproveCredit'>,
  { proposal, approvedBy }: QueueItemState,
  at: string,
): Decision {
  if (proposal === undefined) return nothingProposed;
  if (approvedBy !== undefined) return nothingNew;
  if (proposal.by === by)
    return refuse('forbidden', 'second_person_needed', 'Someone else than who proposed it must approve it.');
  return [{ type: 'QueueCreditApproved', data: { itemId, approvedBy: by, reason, at } }];
}

function decline(
  { itemId, by, reason }: Command<'DeclineCredit'>,
  { proposal, approvedBy }: QueueItemState,
  at: string,
): Decision {
  if (proposal === undefined) return nothingProposed;
  if (approvedBy !== undefined)
    return refuse('conflict', 'credit_approved', `${approvedBy} has approved this credit already.`);
  return [{ type: 'QueueCreditDeclined', data: { itemId, by, reason, at } }];
}

const nothingProposed = refuse(
  'conflict',
  'nothing_to_approve',
  'Nobody has proposed credit for this item, or the proposal was declined.',
);
