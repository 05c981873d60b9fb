// Refunds that people end by hand: what the model of an account knows of them, and how histories do it.
import * as fc from 'fast-check';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import type { AccountModel } from './account-model.js';

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;

/** Why a refund comes to nothing: Stripe says so, or a person. */
export const FAILURES = ['failed', 'declined', 'withdrawn'] as const;

const ENDS = { completed: 'CompleteRefund', failed: 'FailRefund' } as const;

/** One proposes how a refund under way ends, another approves it, or either declines it: there is one proposal at a time. */
export function endByHand(
  model: AccountModel,
  command: Command<'ProposeRefundEnd' | 'ApproveRefundEnd' | 'DeclineRefundEnd'>,
  end: (type: 'CompleteRefund' | 'FailRefund', refundId: string) => boolean,
): boolean {
  const refund = model.refunds.get(command.refundId);
  if (refund?.status !== 'approved') return false;
  const known = refund.end;
  if (command.type === 'ProposeRefundEnd') {
    const { outcome, outside, requestedBy: by } = command;
    if (known !== undefined || (outside && outcome === 'failed')) return false;
    refund.end = { outcome, outside, by };
    return true;
  }
  if (command.type === 'DeclineRefundEnd') {
    delete refund.end;
    return known !== undefined;
  }
  if (known === undefined || known.by === command.approvedBy) return false;
  return end(ENDS[known.outcome], command.refundId);
}

export const refundEnd = fc.record({
  index: fc.nat({ max: 1_000 }),
  who: fc.constantFrom('user-1', 'user-2'),
  outcome: fc.constantFrom('completed' as const, 'failed' as const),
  outside: fc.constantFrom(false, false, true),
  does: fc.constantFrom(
    'propose' as const,
    'propose' as const,
    'approve' as const,
    'approve' as const,
    'decline' as const,
  ),
});

/** Of a refund under way, as a rule. */
export function endOfRefund(
  { index, who, outcome, outside, does }: typeof refundEnd extends fc.Arbitrary<infer T> ? T : never,
  model: AccountModel,
  at: number,
): AccountCommand | undefined {
  const stuck = [...model.refunds].filter(([, { status }]) => status === 'approved').map(([id]) => id);
  const ids = stuck.length > 0 ? stuck : [...model.refunds.keys()];
  const refundId = ids[index % Math.max(1, ids.length)];
  if (refundId === undefined) return undefined;
  const base = { commandId: 'test', at, refundId };
  const reason = 'Stripe does not end it';
  if (does === 'approve') return { type: 'ApproveRefundEnd', ...base, approvedBy: who };
  if (does === 'decline') return { type: 'DeclineRefundEnd', ...base, declinedBy: who, reason };
  return { type: 'ProposeRefundEnd', ...base, outcome, outside, reason, requestedBy: who };
}
