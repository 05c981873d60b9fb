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
  if (about.resolution !== undefined) return proposedResolution(id, about.resolution.action);
  return (Object.keys(RESOLVES) as ResolutionAction[]).map((action) => ({
    choice: action,
    does: `${RESOLVES[action]}, once somebody else approves.`,
    role: 'finance',
    needs: action === 'settle_topup' ? ['topup_id'] : [],
    takes: ['evidence'],
    carryOut: ({ reconciliations }, { by: requestedBy, reason }, { topupId, evidence }) =>
      reconciliations.propose(id, { action, topupId, reason, evidence, requestedBy }),
    thenApproved: ({ reconciliations }, by) => reconciliations.approve(id, by),
  }));
}

const proposedResolution = (id: string, action: ResolutionAction): Choice[] => [
  {
    choice: 'approve',
    does: `${RESOLVES[action]}, as somebody else proposed. The item is closed.`,
    role: 'finance',
    carryOut: ({ reconciliations }, { by }) => reconciliations.approve(id, by),
  },
  {
    choice: 'decline',
    does: 'The proposal is off; the item stays open.',
    role: 'finance',
    carryOut: ({ reconciliations }, { by: declinedBy, reason }) => reconciliations.decline(id, { declinedBy, reason }),
  },
];

export function providerDifferenceChoices({ about }: ItemOf<'provider_difference'>): Choice[] {
  const { channel, day, model, difference, state } = about;
  const line = { channel, day, model };
  const choiceOf = (resolution: 'book' | 'keep', does: string): Choice => ({
    choice: resolution,
    does: `${does}, once somebody else approves.`,
    role: 'finance',
    carryOut: ({ bills }, { by: requestedBy, reason }) => bills.propose(line, { resolution, reason, requestedBy }),
    thenApproved: ({ bills }, by) => bills.approve(line, by),
  });
  const approve: Choice = {
    choice: 'approve',
    does: `What somebody else proposed (${about.resolution ?? ''}) is done.`,
    role: 'finance',
    carryOut: ({ bills }, { by }) => bills.approve(line, by),
  };
  const hasCosts = difference !== undefined && difference !== '0.00';
  return [
    ...(state === 'proposed' ? [approve] : []),
    ...(hasCosts ? [choiceOf('book', `The provider’s cost changes by $${difference}`)] : []),
    choiceOf('keep', 'What was booked stays'),
  ];
}
