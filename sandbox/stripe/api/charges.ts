import { z } from 'zod';
import { refusal } from '../errors.js';
import { cancelRefund, refund } from '../flows/refunds.js';
import { metadata, minorUnits, text } from '../params.js';
import type { World } from '../world.js';
import { list, nothing, retrieve, type Route, route } from './route.js';

const creation = z.strictObject({
  amount: minorUnits.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer'], 'Invalid reason').optional(),
  metadata: metadata.optional(),
});

export const CHARGES: readonly Route[] = [
  list('charge', '/v1/charges', { customer: text, payment_intent: text }),
  retrieve('charge', '/v1/charges'),
  route('POST', '/v1/refunds', creation, create),
  list('refund', '/v1/refunds', { charge: text, payment_intent: text }),
  retrieve('refund', '/v1/refunds'),
  route('POST', '/v1/refunds/:id/cancel', nothing, (world, _, id) => cancelRefund(world, id)),
];

function create(world: World, params: z.output<typeof creation>): object {
  const { charge: chargeId, payment_intent: intentId, ...fields } = params;
  if ((chargeId === undefined) === (intentId === undefined)) {
    throw refusal(
      'parameter_missing',
      'One of the following params should be provided for this request: payment_intent or charge.',
    );
  }
  if (chargeId !== undefined)
    return refund(world, { ...fields, charge: world.store.get('charge', chargeId, 'charge') });
  const intent = world.store.get('payment_intent', String(intentId), 'payment_intent');
  if (intent.latest_charge === null) {
    throw refusal('missing', `This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
  }
  return refund(world, { ...fields, charge: world.store.get('charge', String(intent.latest_charge)) });
}
