// Refunds that people end by hand because Stripe does not: one proposes it, another approves it. Pure.
import { isDeepStrictEqual as same } from 'node:util';
import { formatUsd, refuse, Rejection, toInstant } from '../kernel/index.js';
import type { RefundCommand } from './account.commands.js';
import type { Refund } from './account.entities.js';
import type { AccountEvent, AccountEventData } from './account.events.js';
import type { AccountState } from './account.state.js';
import { coveredDebt } from './debt.js';

type Command<T extends RefundCommand['type']> = Extract<RefundCommand, { type: T }>;
type Decision = readonly AccountEvent[] | Rejection;

export function decideRefundEnd(
  command: Command<'ProposeRefundEnd' | 'ApproveRefundEnd' | 'DeclineRefundEnd'>,
  state: AccountState,
  now: number,
): Decision {
  const refund = state.refunds.get(command.refundId);
  if (refund === undefined) return refundNotFound(command.refundId);
  switch (command.type) {
    case 'ProposeRefundEnd':
      return propose(command, refund, now);
    case 'ApproveRefundEnd':
      return approve(command, refund, state, now);
    case 'DeclineRefundEnd':
      return decline(command, refund, now);
  }
}

function propose(command: Command<'ProposeRefundEnd'>, refund: Refund, now: number): Decision {
  const { refundId, outcome, outside, reason, requestedBy } = command;
  if (refund.status !== 'approved') return notStuck(refund);
  if (outside && outcome === 'failed') {
    return refuse('invalid', 'invalid_outcome', 'A refund that was paid from the bank is completed, not failed.');
  }
  if (refund.proposal !== undefined) {
    const { proposedAt } = refund.proposal;
    if (same(refund.proposal, { outcome, outside, reason, requestedBy, proposedAt })) return []; // the same, retried
    return refuse('conflict', 'end_proposed', 'A proposal to end this refund waits for approval. Decline it first.');
  }
  const data = { refundId, outcome, ...(outside && { outside }), reason, requestedBy, at: toInstant(now) };
  return [{ type: 'RefundEndProposed', data }];
}

function decline({ refundId, declinedBy, reason }: Command<'DeclineRefundEnd'>, refund: Refund, now: number): Decision {
  if (refund.status !== 'approved') return notStuck(refund);
  if (refund.proposal === undefined) return [];
  return [{ type: 'RefundEndDeclined', data: { refundId, declinedBy, reason, at: toInstant(now) } }];
}

function approve(command: Command<'ApproveRefundEnd'>, refund: Refund, state: AccountState, now: number): Decision {
  const { refundId, approvedBy, reason: approvalReason, proposedAt } = command;
  const { status, proposal, lotId, amount } = refund;
  if (status !== 'approved') return status === proposal?.outcome ? [] : notStuck(refund);
  if (proposal === undefined) {
    return refuse('conflict', 'nothing_to_approve', 'Nobody has proposed to end this refund by hand.');
  }
  if (proposal.requestedBy === approvedBy) {
    return refuse('forbidden', 'second_person_needed', 'Someone else than who proposed it must approve it.');
  }
  if (proposedAt !== undefined && proposal.proposedAt !== proposedAt) {
    return refuse(
      'conflict',
      'proposed_anew',
      'Something else was proposed for this refund meanwhile. Look at it again.',
    );
  }
  const { outcome, outside, reason, requestedBy: actor } = proposal;
  const about = { refundId, lotId, amount: formatUsd(amount) };
  const byHand = { actor, approvedBy, reason, ...(approvalReason !== undefined && { approvalReason }) };
  const end = { byHand, at: toInstant(now) };
  if (outcome === 'completed') {
    return [{ type: 'RefundCompleted', data: { ...about, ...(outside && { outside }), ...end } }];
  }
  return [{ type: 'RefundFailed', data: { ...about, ...coveredDebt(state, amount), reason: 'failed', ...end } }];
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
  const { refundId, outcome, outside = false, reason, requestedBy, at: proposedAt } = data;
  const refund = underWay(state, refundId);
  state.refunds.set(refundId, { ...refund, proposal: { outcome, outside, reason, requestedBy, proposedAt } });
}

export function evolveEndDeclined(state: AccountState, refundId: string): void {
  const { proposal, ...refund } = underWay(state, refundId);
  if (proposal === undefined) throw new Error(`impossible history: nobody proposed to end refund ${refundId}`);
  state.refunds.set(refundId, refund);
}

function underWay(state: AccountState, refundId: string): Refund {
  const refund = state.refunds.get(refundId);
  if (refund?.status !== 'approved') throw new Error(`impossible history: refund ${refundId} is not under way`);
  return refund;
}
