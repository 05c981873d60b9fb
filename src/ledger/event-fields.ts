// Schemas of event fields.
import { z } from 'zod';
import { happenedAt, instant, usd } from '../event-store/fields/index.js';

export const id = (text: string) => z.string().min(1).max(200).describe(text);
export const text = (description: string) => z.string().max(2_000).describe(description);

export const when = {
  at: happenedAt,
  clock: instant(
    'when it happened by the clock of who wrote it, where the event before is of a clock that was ahead of that; keys, lots, budgets and prices are judged by it',
  ).optional(),
};

export const uncovered = usd('the part no lot covered: it makes the balance negative').optional();
export const coveredDebt = usd('the part that paid off an earlier negative balance').optional();

export const slices = z
  .array(z.strictObject({ lotId: id('the lot'), amount: usd('what was taken from it') }))
  .describe('what was taken from which lots, in the order of taking');

/** What a charge and its hold are about. */
export const charged = {
  chargeId: id('the charge, and the hold it settles'),
  requestId: id('the `x-request-id` of the call'),
  keyId: id('the key the call was made with'),
  model: id('the model the call asked for, which sets the price'),
  priceVersion: z.int().positive().describe('the version of the price list'),
};
