// What /api takes and answers about charges.
import { z } from 'zod';
import { ListQuery, usdField } from '../../platform/http/index.js';
import { CHARGE_STATUSES } from '../../ledger/index.js';

export const ChargesQuery = z.strictObject({
  ...ListQuery.shape,
  status: z.enum(CHARGE_STATUSES).optional().describe('charges of this status only'),
});

export const ChargeAnswer = z.object({
  id: z.string(),
  object: z.literal('charge'),
  created: z.int().describe('when its call was let through, in seconds since 1970'),
  request_id: z.string().describe('the `x-request-id` of the call'),
  key_id: z.string(),
  model: z.string(),
  status: z.enum(CHARGE_STATUSES),
  currency: z.literal('usd'),
  cost: usdField('what it cost').nullable(),
  held: usdField('what was set aside for it'),
  overage: usdField('by how much it cost more').optional(),
  late: z.literal(true).optional().describe('it was charged after its release'),
  estimated: z
    .object({ reason: z.string(), prompt_tokens: z.int(), completion_tokens: z.int() })
    .optional()
    .describe('what was charged in place of what the provider did not tell, and why'),
  price_version: z.int(),
  usage: z
    .unknown()
    .describe(
      'the usage block as the provider sent it, charged or not: an object, or the start of its text; null without one',
    ),
  usage_reading: z.array(z.string()).optional().describe('how it was read, where its counts contradict each other'),
  provider: z.string().nullable(),
  attempts: z.array(z.object({ channel: z.string(), status: z.int().nullable() })),
  release_reason: z.string().nullable().describe('why nothing was charged'),
  charged_by_hand: z.literal(true).optional().describe('a person charged it after its release'),
});
