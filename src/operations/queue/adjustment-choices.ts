// Choices about a correction of a balance that somebody has proposed by hand.
import { type Clock, formatUsd, magnitude, usd, ZERO } from '../../kernel/index.js';
import { giveCredit } from './charge-choices.js';
import type { Choice } from './choice.js';
import type { ItemOf } from './queue-item.js';

export function adjustmentChoices(
  { id: itemId, accountId = '', credit }: ItemOf<'proposed_adjustment'>,
  clock: Clock,
): Choice[] {
  const amount = usd(credit?.amount ?? '0');
  const size = `$${formatUsd(magnitude(amount))}`;
  return [
    {
      choice: 'approve',
      does:
        amount > ZERO
          ? `${size} of credit are added to the account; what of it is not used within twelve months expires.`
          : `${size} are taken from the account’s credit. What it does not have becomes debt.`,
      role: 'operator',
      carryOut: (hands, who) => giveCredit(hands, clock, { itemId, accountId }, who),
    },
    {
      choice: 'decline',
      does: 'The proposal is off; the balance stays as it is.',
      role: 'operator',
      carryOut: ({ decisions }, who) => decisions.execute({ type: 'DeclineCredit', itemId, ...who }),
    },
  ];
}
