// Refunds that people end by hand because Stripe does not: one proposes it, another approves it. Pure.
import { formatUsd, min, refuse, Rejection, toInstant } from '../kernel/index.js';
import type { RefundCommand } from './account.commands.js';
import type { Refund } from './account.entities.js';
import type { AccountEvent, AccountEventData } from './account.events.js';
import type { AccountState } from './account.state.js';
import { unlessZero } from './lots.js';

type Command<T extends RefundCommand['type']> = Extract<RefundCommand, { type: T }>;
type Decision = readonly AccountEvent[] | Rejection;

export function decideRefundEnd(
  command: Command<'ProposeRefundEnd' | 'ApproveRefundEnd'>,
  state: AccountState,
  now: number,
): Decision {
  const refund = state.refunds.get(command.refundId);
  if (refund === undefined) return refundNotFound(command.refundId);
  return command.type === 'ProposeRefundEnd' ? propose(command, refund, now) : approve(command, refund, state, now);
}

function propose(command: Command<'ProposeRefundEnd'>, refund: Refund, now: number): Decision {
  const { refundId, outcome, outside, reason, requestedBy } = command;
  if (refund.status !== 'approved') return notStuck(refund);
  if (outside && outcome === 'failed') {
    return refuse('invalid', 'invalid_outcome', 'A refund that was paid from the bank is completed, not failed.');
  }
  const known = refund.proposal;
  const isSame = known?.outcome === outcome && known.outside === outside;
  if (isSame && known.reason === reason && known.requestedBy === requestedBy) return [];
  const data = { refundId, outcome, ...(outside && { outside }), reason, requestedBy, at: toInstant(now) };
  return [{ type: 'RefundEndProposed', data }];
}

function approve(
  { refundId, approvedBy }: Command<'ApproveRefundEnd'>,
  refund: Refund,
  state: AccountState,
  now: number,
): Decision {
  const { status, proposal, lotId, uncovered } = refund;
  if (status !== 'approved') return status === proposal?.outcome ? [] : notStuck(refund);
  if (proposal === undefined) {
    return refuse('conflict', 'nothing_to_approve', 'Nobody has proposed to end this refund by hand.');
  }
  if (proposal.requestedBy === approvedBy) {
    return refuse('forbidden', 'second_person_needed', 'Someone else than who proposed it must approve it.');
  }
  const { outcome, outside, reason, requestedBy: actor } = proposal;
  const about = { refundId, lotId, amount: formatUsd(refund.amount) };
  const end = { byHand: { actor, approvedBy, reason }, at: toInstant(now) };
  if (outcome === 'completed') {
    return [{ type: 'RefundCompleted', data: { ...about, ...(outside && { outside }), ...end } }];
  }
  const coveredDebt = unlessZero('coveredDebt', min(uncovered, state.debt));
  return [{ type: 'RefundFailed', data: { ...about, ...coveredDebt, reason: 'failed', ...end } }];
}

const notStuck = ({ status }: Refund): Rejection =>
  refuse(
    'conflict',
    'refund_not_stuck',
    status === 'requested'
      ? 'This refund waits for approval. Approve or decline it.'
      : 'This refund has ended. Only one that was approved and has not ended is ended by hand.',
  );

export const refundNotFound = (refundId: string): Rejection =>
  refuse('not_found', 'refund_not_found', `This account has no refund ${refundId}.`);

export function evolveEndProposed(state: AccountState, data: AccountEventData<'RefundEndProposed'>): void {
  const { refundId, outcome, outside = false, reason, requestedBy } = data;
  const refund = state.refunds.get(refundId);
  if (refund?.status !== 'approved') throw new Error(`impossible history: refund ${refundId} is not under way`);
  state.refunds.set(refundId, { ...refund, proposal: { outcome, outside, reason, requestedBy } });
}
