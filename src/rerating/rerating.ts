// A re-rating run as a stream. Invariants: only a run that a second person approved is applied; each account is done once; after the
// end of a run come only the runs that undo it, one at a time. Pure: no clock, no ids, no I/O.
import {
  add,
  type Amount,
  type Decider,
  formatUsd,
  fromInstant,
  refuse,
  type Rejection,
  toInstant,
  usd,
  ZERO,
  type Issued,
} from '../kernel/index.js';
import type { ReratingEvent, ReratingEventData } from './rerating.events.js';

export type Proposal = Omit<ReratingEventData<'ReratingProposed'>, 'at'>;

/** That a run is to be undone by the run `reversal`. */
export type Reversal = Omit<ReratingEventData<'ReversalProposed'>, 'at'>;

export type ReratingCommand = Issued &
  (
    | { readonly type: 'Propose'; readonly proposal: Proposal }
    | {
        readonly type: 'Approve';
        readonly approvedBy: string;
        readonly reason?: string | undefined;
        /** Whether nobody has registered yet: then the console decides alone. */
        readonly alone?: boolean;
      }
    | {
        readonly type: 'RecordAccount';
        readonly accountId: string;
        readonly charges: number;
        readonly difference: Amount;
      }
    | { readonly type: 'Complete' }
    | { readonly type: 'Cancel'; readonly by: string; readonly reason: string }
    | (Reversal & {
        readonly type: 'ProposeReversal';
        /** The last run that was to undo this one, where it is over. */
        readonly over?: string | undefined;
      })
  );

export const RUN_STATUSES = ['proposed', 'approved', 'completed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export interface ReratingState {
  readonly status: RunStatus | undefined;
  readonly proposal: Proposal | undefined;
  /** The accounts that are done. */
  readonly accounts: Set<string>;
  readonly charges: number;
  readonly difference: Amount;
  /** The runs that were to undo it, the last one at the end. */
  readonly reversals: readonly Reversal[];
  readonly lastAt: number;
}

type Decision = readonly ReratingEvent[] | Rejection;

export const rerating: Decider<ReratingState, ReratingCommand, ReratingEvent> = {
  initial: () => ({
    status: undefined,
    proposal: undefined,
    accounts: new Set(),
    charges: 0,
    difference: ZERO,
    reversals: [],
    lastAt: 0,
  }),
  decide(command, state): Decision {
    const at = toInstant(Math.max(command.at, state.lastAt));
    if (command.type === 'Propose') return propose(command.proposal, state, at);
    if (state.proposal === undefined) return refuse('not_found', 'rerating_not_found', 'There is no such run.');
    switch (command.type) {
      case 'Approve':
        return approve(command, state.proposal, state, at);
      case 'RecordAccount': {
        const { accountId, charges, difference } = command;
        if (state.accounts.has(accountId)) return [];
        // The account that was under way at a cancellation is recorded after it.
        if (state.status !== 'approved' && state.status !== 'cancelled') return notApproved(state.status);
        return [{ type: 'AccountRerated', data: { accountId, charges, difference: formatUsd(difference), at } }];
      }
      case 'Complete': {
        if (state.status === 'completed') return [];
        if (state.status !== 'approved') return notApproved(state.status);
        const { accounts, charges, difference } = state;
        const totals = { accounts: accounts.size, charges, difference: formatUsd(difference) };
        return [{ type: 'ReratingCompleted', data: { ...totals, at } }];
      }
      case 'Cancel':
        if (state.status === 'cancelled') return [];
        if (state.status === 'completed')
          return refuse('conflict', 'rerating_completed', 'This run is done. Reverse it with a run of its own.');
        return [{ type: 'ReratingCancelled', data: { by: command.by, reason: command.reason, at } }];
      case 'ProposeReversal':
        return proposeReversal(command, state, at);
    }
  },
  evolve,
};

function propose(proposal: Proposal, { status }: ReratingState, at: string): Decision {
  if (status !== undefined) return [];
  if ((proposal.priceVersion === undefined) === (proposal.reverses === undefined))
    return refuse(
      'invalid',
      'invalid_rerating',
      'A run has either a version of the price list, or a run that it reverses.',
    );
  const fault = faultInPeriod(proposal, proposal.asOf);
  if (fault !== undefined) return fault;
  if (proposal.totals.charges === 0) return refuse('invalid', 'nothing_to_rerate', nothingToDo(proposal.reverses));
  return [{ type: 'ReratingProposed', data: { ...proposal, at } }];
}

const nothingToDo = (reverses: string | undefined): string =>
  reverses === undefined
    ? 'There is no such charge in this period.'
    : `There is nothing to undo: no charge is priced as run ${reverses} priced it.`;

/** @param now ISO 8601 */
export const faultInPeriod = ({ from, to }: Pick<Proposal, 'from' | 'to'>, now: string): Rejection | undefined =>
  from >= to || to > now
    ? refuse('invalid', 'invalid_period', 'A period ends after it begins, and not in the future.')
    : undefined;

type Approve = Extract<ReratingCommand, { type: 'Approve' }>;

function approve({ approvedBy, reason, alone }: Approve, { by }: Proposal, state: ReratingState, at: string): Decision {
  if (isApproved(state.status)) return [];
  if (state.status === 'cancelled') return notApproved(state.status);
  if (approvedBy === by && !alone)
    return refuse('forbidden', 'second_person_needed', 'Someone else than who proposed it must approve it.');
  const approval = { approvedBy, ...(reason !== undefined && { approvalReason: reason }) };
  return [{ type: 'ReratingApproved', data: { ...approval, at } }];
}

type ProposeReversal = Extract<ReratingCommand, { type: 'ProposeReversal' }>;

function proposeReversal(command: ProposeReversal, { status, reversals }: ReratingState, at: string): Decision {
  const { reversal, by, reason, over } = command;
  if (reversals.some((each) => each.reversal === reversal)) return [];
  if (!isOver(status)) return notOver;
  const last = reversals.at(-1)?.reversal;
  if (last !== over) return reversalOpen(last);
  return [{ type: 'ReversalProposed', data: { reversal, by, reason, at } }];
}

export const isApproved = (status: RunStatus | undefined): boolean => status === 'approved' || status === 'completed';

export const isOver = (status: RunStatus | undefined): boolean => status === 'completed' || status === 'cancelled';

/** Why a run that is not over can't be undone: what it books later would stay. */
export const notOver = refuse(
  'conflict',
  'rerating_not_over',
  'This run is not over. Cancel it, or wait until it is done.',
);

/** Why a run can't be undone twice at a time. */
export const reversalOpen = (reversal: string | undefined): Rejection =>
  refuse(
    'conflict',
    'reversal_open',
    `Run ${reversal} is to undo this run already. Cancel it, or wait until it is done.`,
  );

/** Why a run of this status is not applied. */
export const notApproved = (status: RunStatus | undefined): Rejection =>
  status === 'proposed'
    ? refuse('conflict', 'rerating_not_approved', 'This run waits for approval by a second person.')
    : refuse('conflict', `rerating_${status}`, `This run is ${status}.`);

function evolve(state: ReratingState, { type, data }: ReratingEvent): ReratingState {
  const lastAt = fromInstant(data.at);
  if ((type === 'ReratingProposed') !== (state.status === undefined))
    throw new Error(`impossible history: ${type} of a run`);
  if (!canFollow(type, state.status)) throw new Error(`impossible history: ${type} of a run that is ${state.status}`);
  switch (type) {
    case 'ReratingProposed': {
      const { at: _at, ...proposal } = data;
      return { ...state, status: 'proposed', proposal, lastAt };
    }
    case 'ReratingApproved':
      return { ...state, status: 'approved', lastAt };
    case 'AccountRerated': {
      const { accountId, charges, difference } = data;
      state.accounts.add(accountId);
      return { ...state, charges: state.charges + charges, difference: add(state.difference, usd(difference)), lastAt };
    }
    case 'ReratingCompleted':
      return { ...state, status: 'completed', lastAt };
    case 'ReratingCancelled':
      return { ...state, status: 'cancelled', lastAt };
    case 'ReversalProposed': {
      const { at: _at, ...reversal } = data;
      return { ...state, reversals: [...state.reversals, reversal], lastAt };
    }
  }
}

function canFollow(type: ReratingEvent['type'], status: RunStatus | undefined): boolean {
  if (type === 'ReversalProposed') return isOver(status);
  return !isOver(status) || (status === 'cancelled' && type === 'AccountRerated');
}
