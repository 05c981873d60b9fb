// How people ended a refund that Stripe did not, told to its top-up: Stripe is asked about it no more, and what it pays of it after all is another refund.
import { Rejection } from '../../kernel/index.js';
import type { AccountState, Refund } from '../../ledger/index.js';
import type { Topups } from '../topups/topups.js';

/** The refunds of a purchase that people have ended, and those that Stripe ended as somebody had proposed: the top-up knows of these. */
export const endedByHand = ({ refunds }: AccountState, lotId: string): Refund[] =>
  [...refunds.values()].filter((refund) => refund.lotId === lotId && refund.status === refund.proposal?.outcome);

/** Safe to repeat. */
export async function noteEnd(topups: Topups, refund: Refund, at: number): Promise<void> {
  const { id: refundId, lotId: topupId, amount: credit, proposal } = refund;
  if (proposal === undefined) return;
  const { outcome, outside, reason } = proposal;
  const base = { commandId: `${refundId}/end`, at, refundId };
  if (!(await topups.read(topupId, ({ refunds }) => refunds.has(refundId)))) {
    if (outcome === 'failed') return; // Stripe was never asked
    // Less than this credit is left of the payment, because of refunds made at Stripe: it was not paid out of it.
    if ((await topups.decide(topupId, { type: 'OrderRefund', ...base, credit })) instanceof Rejection) return;
  }
  const status = outcome === 'completed' ? 'succeeded' : 'failed';
  const report = { status, reason, byHand: true, outside } as const;
  await topups.execute(topupId, { type: 'ReportRefund', ...base, ...report });
}
