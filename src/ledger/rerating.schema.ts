// The schema of the event of re-ratings, which account.events.ts lists with the others of an account.
import { z } from 'zod';
import { instant, usd } from '../event-store/fields/index.js';
import { charged, coveredDebt, id, slices, uncovered, when } from './event-fields.js';
import { usageSchema } from './usage.schema.js';

/** What happens to the part of a price increase that a customer would have to pay for the past. */
export const RERATING_POLICIES = ['bill', 'absorb', 'bill_to_zero'] as const;

export const reratingEventSchemas = {
  ChargeRerated: z
    .strictObject({
      ...charged,
      runId: id('the re-rating run'),
      previousPriceVersion: z.int().positive().describe('the version it was priced by before'),
      usage: usageSchema.describe('the usage as it was charged'),
      provider: id('the channel that answered').optional(),
      upstreamModel: id('the model name sent to it').optional(),
      cost: usd('what the customer pays for the call from now on'),
      previousCost: usd('what they had paid'),
      absorbed: usd('what the customer does not pay of the price: cost and this are usage × the new prices').optional(),
      policy: z.enum(RERATING_POLICIES).describe('why a part is absorbed').optional(),
      slices: slices.describe('of an increase what was taken, of a decrease what went back, to or from which lots'),
      successors: z
        .array(
          z.strictObject({
            lotId: id('the lot that was made'),
            of: id(
              'the lot that was charged, and has expired or was refunded; none for a debt that was paid off',
            ).optional(),
            kind: z.enum(['paid', 'bonus']).describe('of which kind it is'),
            amount: usd('what it holds'),
            expiresAt: instant('when what is left of it expires'),
          }),
        )
        .describe('lots for what could not go back to where it came from')
        .optional(),
      uncovered,
      coveredDebt,
      providerCost: usd('what the call costs us at the provider by the new list'),
      previousProviderCost: usd('what it had cost us'),
      pricedAt: instant('the instant the price is taken at: the service date of the difference'),
      ...when,
    })
    .describe('A charge was priced by another version of the price list, and the difference booked.'),
};
