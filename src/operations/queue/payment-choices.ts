// Choices about payments, refunds, disputes and webhooks.
import { type Clock, newId } from '../../kernel/index.js';
import {
  ApproveRefund,
  ApproveRefundEnd,
  DeclineRefund,
  DeclineRefundEnd,
  ProposeRefundEnd,
  type RefundRow,
  RequestRefund,
} from '../../payments/index.js';
import { type Choice, dismissal } from './choice.js';
import type { ItemOf } from './queue-item.js';

const ASKS = 'Stripe is asked how it stands, and what is new is recorded: a payment that was made is credited once.';

const askStripe = (topupId: string, clock: Clock, does = ASKS): Choice => ({
  choice: 'sync',
  does,
  role: 'operator',
  carryOut: async ({ topups, sync }, who) => {
    await topups.execute(topupId, { type: 'RequestSync', commandId: newId(), at: clock.now(), ...who });
    await sync.sync(topupId);
  },
});

export const topupChoices = (item: ItemOf<'unsettled_topup'>, clock: Clock): Choice[] => [
  askStripe(item.id, clock),
  dismissal(item, 'Nothing is done by hand: the gateway goes on to ask Stripe by itself.'),
];

export const mismatchChoices = (item: ItemOf<'payment_mismatch'>, clock: Clock): Choice[] => [
  askStripe(item.about.topupId, clock),
  dismissal(
    item,
    'Nothing is credited. What Stripe settled is owed to the payer (liabilities:payments:unmatched) until it is refunded at Stripe.',
  ),
];

export const disputeChoices = (item: ItemOf<'open_dispute'>, clock: Clock): Choice[] => [
  askStripe(item.about.topupId, clock, 'Stripe is asked how the dispute stands, and what is new is recorded.'),
  dismissal(item, 'Nothing is done here: evidence is handed in at Stripe, or the dispute is accepted.'),
];

export const fraudChoices = (item: ItemOf<'fraud_warning'>, clock: Clock): Choice[] => {
  const { accountId, about, id: itemId, kind } = item;
  if (accountId === undefined) return [dismissal(item, 'Nothing is done.')];
  const requestId = `fraud-${itemId}`;
  return [
    {
      choice: 'refund',
      does: 'A refund of what is left of the top-up is requested; finance approves it.',
      role: 'operator',
      carryOut: async ({ refunds, decisions }, who) => {
        const request = { topupId: about.topupId, amount: undefined, requestedBy: who.by, reason: who.reason };
        await refunds.request.execute(new RequestRefund(accountId, requestId, request));
        await decisions.execute({ type: 'NoteChoice', itemId, kind, choice: 'refund', ...who });
      },
    },
    {
      choice: 'suspend',
      does: 'The account is suspended: no new calls until it is reinstated. The warning still waits.',
      role: 'operator',
      carryOut: ({ accounts }, who) =>
        accounts.execute(accountId, { type: 'SuspendAccount', commandId: newId(), at: clock.now(), ...who }),
    },
    dismissal(item, 'Nothing is done.'),
  ];
};

export const webhookChoices = (item: ItemOf<'failed_webhook'>): Choice[] => [
  {
    choice: 'replay',
    does: 'What the event is about is asked of Stripe again, and what is new is recorded.',
    role: 'operator',
    carryOut: ({ webhooks }, who) => webhooks.replay(item.id, who),
  },
  dismissal(item, 'It is not followed up by hand.'),
];

export const requestedRefundChoices = ({ id, about: { accountId, credit } }: ItemOf<'requested_refund'>): Choice[] => [
  {
    choice: 'approve',
    does: `Stripe is asked to pay $${credit} back. Beyond a limit, who asked for it may not be the one who approves it.`,
    role: 'finance',
    carryOut: ({ refunds }, { by, reason }) => refunds.approve.execute(new ApproveRefund(accountId, id, by, reason)),
  },
  {
    choice: 'decline',
    does: `$${credit} is available to the customer again, who is told the reason.`,
    role: 'finance',
    carryOut: ({ refunds }, { by: declinedBy, reason }) =>
      refunds.decline.execute(new DeclineRefund(accountId, id, { declinedBy, reason })),
  },
];

const ENDS = [
  ['complete', 'completed', false, 'It is completed by hand, as Stripe paid it'],
  ['complete_outside', 'completed', true, 'It is completed by hand, as it was paid from our bank'],
  ['fail', 'failed', false, 'It has failed: its credit is available to the customer again'],
] as const;

export function unsentRefundChoices({ id, about }: ItemOf<'unsent_refund'>, clock: Clock): Choice[] {
  const { accountId, topupId, byHand } = about;
  const proposals = ENDS.map(([choice, outcome, outside, does]): Choice => ({
    choice,
    does: `${does}, once somebody else approves.`,
    role: 'finance',
    carryOut: ({ refunds }, { by: requestedBy, reason }) =>
      refunds.proposeEnd.execute(new ProposeRefundEnd(accountId, id, { outcome, outside, reason, requestedBy })),
    thenApproved: ({ refunds }, approval) => refunds.approveEnd.execute(new ApproveRefundEnd(accountId, id, approval)),
  }));
  const sync = askStripe(
    topupId,
    clock,
    'Stripe is asked how it stands; a refund that it completed or failed is recorded.',
  );
  return [sync, ...(byHand === undefined ? proposals : proposedEnd(about, byHand))];
}

function proposedEnd(
  { accountId, refundId }: RefundRow,
  { outcome, outside, proposedAt }: NonNullable<RefundRow['byHand']>,
): Choice[] {
  const proposed = ENDS.find(([, ends, from]) => ends === outcome && from === outside);
  return [
    {
      choice: 'approve',
      does: `${proposed?.[3] ?? `It is ${outcome} by hand`}, as somebody else proposed.`,
      role: 'finance',
      carryOut: ({ refunds }, { by: approvedBy, reason }) =>
        refunds.approveEnd.execute(new ApproveRefundEnd(accountId, refundId, { approvedBy, reason, proposedAt })),
    },
    {
      choice: 'decline',
      does: 'The proposal is off; the refund is under way as before.',
      role: 'finance',
      carryOut: ({ refunds }, { by: declinedBy, reason }) =>
        refunds.declineEnd.execute(new DeclineRefundEnd(accountId, refundId, { declinedBy, reason })),
    },
  ];
}
