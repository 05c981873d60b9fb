// Choices about calls: their holds, and what was or was not charged for them.
import { type Clock, derivedId, fromInstant, isJsonObject, newId, refuse, Refused, usd } from '../../kernel/index.js';
import { twelveMonthsAfter } from '../../ledger/index.js';
import { readAnyUsage, UsageFault } from '../../pricing/index.js';
import type { HandCharges } from '../charges/hand-charges.js';
import { type Choice, type Chooser, dismissal } from './choice.js';
import type { Hands } from './hands.js';
import type { ItemOf } from './queue-item.js';
import type { CreditProposal } from './queue-items.projection.js';
import { queueStream } from './queue.events.js';

export const expiredHoldChoices = ({ about, id }: ItemOf<'expired_hold'>, clock: Clock): Choice[] => [
  {
    choice: 'release',
    does: `$${about.hold} is available again. Usage that comes within a day is still charged, late.`,
    role: 'operator',
    carryOut: ({ accounts }, { by: actor, reason }) => {
      const command = { commandId: `${id}/by-hand`, at: clock.now(), chargeId: id, byHand: { actor, reason } };
      return accounts.execute(about.accountId, { type: 'ReleaseHold', reason: 'expired', ...command });
    },
  },
];

export function usageUnknownChoices(item: ItemOf<'usage_unknown'>, charges: HandCharges): Choice[] {
  const { usageRaw } = item.about;
  const isReadable = isJsonObject(usageRaw) && !(readAnyUsage(usageRaw) instanceof UsageFault);
  const byBlock: Choice = {
    choice: 'charge_block',
    does: 'It is charged by its usage block, at the prices of its hold.',
    role: 'operator',
    carryOut: ({ accounts }, who) => charge(charges, accounts, item.id, who),
  };
  return [
    ...(isReadable ? [byBlock] : []),
    {
      choice: 'charge_counts',
      does: 'It is charged by the counts that are given, at the prices of its hold.',
      role: 'operator',
      needs: ['counts'],
      carryOut: ({ accounts }, who, { counts }) => charge(charges, accounts, item.id, who, counts),
    },
    dismissal(item, 'Nothing is charged.'),
  ];
}

async function charge(
  charges: HandCharges,
  accounts: Hands['accounts'],
  chargeId: string,
  { by: actor, reason }: Chooser,
  counts?: Parameters<HandCharges['plan']>[1],
): Promise<void> {
  await charges.charge(await charges.plan(chargeId, counts), { actor, reason }, accounts);
}

/** The customer may get back what was unexpected: one person proposes it, another approves. */
export function chargedChoices(item: ItemOf<'overage' | 'late_charge'>, clock: Clock): Choice[] {
  const { id: itemId, kind, about, credit } = item;
  const { accountId, cost = '0.00' } = about;
  if (credit !== undefined) return proposedCreditChoices({ itemId, accountId }, credit, clock);
  const usual = kind === 'overage' ? (about.overage ?? cost) : cost;
  return [
    {
      choice: 'credit',
      does: `$${usual}, or the amount that is given, goes back to the account as a correction, once somebody else approves.`,
      role: 'operator',
      takes: ['amount'],
      carryOut: async ({ decisions }, who, { amount = usd(usual) }) => {
        if (amount > usd(cost))
          throw new Refused(refuse('invalid', 'invalid_amount', `The call cost $${cost}: no more can be given back.`));
        await decisions.execute({ type: 'ProposeCredit', itemId, kind, accountId, amount, ...who });
      },
      thenApproved: (hands, { approvedBy: by, reason }) =>
        giveCredit(hands, clock, { itemId, accountId }, { by, reason }),
    },
    dismissal(item, 'It stays charged as it is.'),
  ];
}

const proposedCreditChoices = (
  { itemId, accountId }: Credited,
  { amount, by }: CreditProposal,
  clock: Clock,
): Choice[] => [
  {
    choice: 'approve',
    does: `The $${amount} that ${by} proposed go back to the account.`,
    role: 'operator',
    carryOut: (hands, who) => giveCredit(hands, clock, { itemId, accountId }, who),
  },
  {
    choice: 'decline',
    does: 'The proposal is off.',
    role: 'operator',
    carryOut: ({ decisions }, who) => decisions.execute({ type: 'DeclineCredit', itemId, ...who }),
  },
];

export interface Credited {
  readonly itemId: string;
  readonly accountId: string;
}

/** Safe to repeat after a crash between the approval and the credit. */
export async function giveCredit(
  { accounts, decisions }: Hands,
  clock: Clock,
  { itemId, accountId }: Credited,
  who: Chooser,
): Promise<void> {
  await decisions.execute({ type: 'ApproveCredit', itemId, ...who });
  const { proposal, approvedBy } = await decisions.credit(itemId);
  if (proposal === undefined || approvedBy === undefined) throw new Error(`${itemId} has no approved credit`);
  const at = clock.now();
  const { servedAt } = proposal;
  await accounts.execute(accountId, {
    type: 'AdjustBalance',
    commandId: newId(),
    at,
    adjustmentId: derivedId(queueStream(itemId)),
    amount: usd(proposal.amount),
    expiresAt: twelveMonthsAfter(at),
    reason: proposal.reason,
    requestedBy: proposal.by,
    approvedBy,
    servedAt: servedAt === undefined ? undefined : fromInstant(servedAt),
    reference: queueStream(itemId),
  });
}
