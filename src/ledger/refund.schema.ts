// The schemas of the events of refunds, which account.events.ts lists with the others of an account.
import { z } from 'zod';
import { usd } from '../event-store/fields/index.js';
import { coveredDebt, id, text, uncovered, when } from './event-fields.js';

const byHand = z
  .strictObject({
    actor: id('who proposed it: a user id'),
    approvedBy: id('who approved it: a user id'),
    approvalReason: text('why they approved it; absent where they were not asked').optional(),
    reason: text('why'),
  })
  .optional()
  .describe('present when people ended it, not Stripe');

export const refundEventSchemas = {
  RefundRequested: z
    .strictObject({
      refundId: id('the refund'),
      requestId: id('the request it is a piece of; pieces of one request are decided on as one').optional(),
      lotId: id('the purchase it is of'),
      amount: usd('what left the lot'),
      uncovered,
      requestedBy: id('who asked for it'),
      reason: text('why'),
      ...when,
    })
    .describe('Paid credit was taken from its lot, to be paid out.'),
  RefundApproved: z
    .strictObject({
      refundId: id('the refund'),
      approvedBy: id('who approved it'),
      reason: text('why').optional(),
      ...when,
    })
    .describe('A refund may be sent.'),
  RefundEndProposed: z
    .strictObject({
      refundId: id('the refund'),
      outcome: z.enum(['completed', 'failed']).describe('how it shall end'),
      outside: z.boolean().optional().describe('true when it was paid from our bank, not by Stripe'),
      reason: text('why'),
      requestedBy: id('who proposes it: a user id'),
      ...when,
    })
    .describe('Somebody proposes to end by hand a refund that is stuck; someone else has to approve it.'),
  RefundEndDeclined: z
    .strictObject({
      refundId: id('the refund'),
      declinedBy: id('who declined it: a user id'),
      reason: text('why'),
      ...when,
    })
    .describe('The proposal to end a refund by hand is off; the refund is under way as before.'),
  RefundCompleted: z
    .strictObject({
      refundId: id('the refund'),
      lotId: id('the purchase'),
      amount: usd('what was paid out'),
      outside: z.boolean().optional().describe('true when it was paid from our bank, not by Stripe'),
      byHand,
      ...when,
    })
    .describe('The money of a refund left us.'),
  RefundFailed: z
    .strictObject({
      refundId: id('the refund'),
      lotId: id('the purchase, where the credit is again'),
      amount: usd('what came back'),
      coveredDebt,
      completed: z.boolean().optional().describe('true when the money had left us, and came back'),
      reason: z.enum(['declined', 'withdrawn', 'canceled', 'failed']).describe('why'),
      declinedBy: id('who declined it').optional(),
      withdrawnBy: id('who took the request back: a user id').optional(),
      detail: text('why it was declined, as the customer is told').optional(),
      byHand,
      ...when,
    })
    .describe('A refund came to nothing: its credit is there again.'),
};
