// Choices about what does not agree with Stripe, or with a provider's bill: one person proposes, another approves.
import type { ResolutionAction } from '../../reconciliation/index.js';
import type { Choice } from './choice.js';
import type { ItemOf } from './queue-item.js';

const RESOLVES: Readonly<Record<ResolutionAction, string>> = {
  foreign_payment: 'The difference is owed to a payer whose payment is not ours',
  stripe_fee: 'The difference is a fee of Stripe’s',
  settle_topup: 'The difference settles the top-up that is given',
  bank_transfer: 'The difference came from or went to our bank',
  write_off: 'The difference is written off',
  explain: 'The difference is explained, and nothing is booked',
};

export function stripeItemChoices({ id, about }: ItemOf<'stripe_item'>): Choice[] {
  if (about.resolution !== undefined) return proposedResolution(id, about.resolution);
  return (Object.keys(RESOLVES) as ResolutionAction[]).map((action) => ({
    choice: action,
    does: `${RESOLVES[action]}, once somebody else approves.`,
    role: 'finance',
    needs: action === 'settle_topup' ? ['topup_id'] : [],
    takes: ['evidence'],
    carryOut: ({ reconciliations }, { by: requestedBy, reason }, { topupId, evidence }) =>
      reconciliations.propose(id, { action, topupId, reason, evidence, requestedBy }),
    thenApproved: ({ reconciliations }, approval) => reconciliations.approve(id, approval),
  }));
}

const proposedResolution = (
  id: string,
  { action, proposedAt }: NonNullable<ItemOf<'stripe_item'>['about']['resolution']>,
): Choice[] => [
  {
    choice: 'approve',
    does: `${RESOLVES[action]}, as somebody else proposed. The item is closed.`,
    role: 'finance',
    carryOut: ({ reconciliations }, { by: approvedBy, reason }) =>
      reconciliations.approve(id, { approvedBy, reason, proposedAt }),
  },
  {
    choice: 'decline',
    does: 'The proposal is off; the item stays open.',
    role: 'finance',
    carryOut: ({ reconciliations }, { by: declinedBy, reason }) => reconciliations.decline(id, { declinedBy, reason }),
  },
];

export function providerDifferenceChoices({ about }: ItemOf<'provider_difference'>): Choice[] {
  const { channel, day, model, difference, state, resolution: proposed, proposedAt } = about;
  const line = { channel, day, model };
  const does = { book: `The provider’s cost changes by $${difference ?? '0.00'}`, keep: 'What was booked stays' };
  if (state === 'proposed' && proposed !== undefined)
    return [
      {
        choice: 'approve',
        does: `${does[proposed]}, as somebody else proposed. The difference is closed.`,
        role: 'finance',
        carryOut: ({ bills }, { by: approvedBy, reason }) => bills.approve(line, { approvedBy, reason, proposedAt }),
      },
      {
        choice: 'decline',
        does: 'The proposal is off; the difference stays open.',
        role: 'finance',
        carryOut: ({ bills }, { by: declinedBy, reason }) => bills.decline(line, { declinedBy, reason }),
      },
    ];
  const choiceOf = (resolution: 'book' | 'keep'): Choice => ({
    choice: resolution,
    does: `${does[resolution]}, once somebody else approves.`,
    role: 'finance',
    carryOut: ({ bills }, { by: requestedBy, reason }) => bills.propose(line, { resolution, reason, requestedBy }),
    thenApproved: ({ bills }, approval) => bills.approve(line, approval),
  });
  const hasCosts = difference !== undefined && difference !== '0.00';
  return [...(hasCosts ? [choiceOf('book')] : []), choiceOf('keep')];
}
