import { z } from 'zod';
import { refusal } from '../errors.js';
import { cancelRefund, refund } from '../flows/refunds.js';
import { page } from '../lists.js';
import { createdFilter, listParams, metadata, minorUnits, text } from '../params.js';
import type { World } from '../world.js';
import { type Route, route } from './route.js';

const nothing = z.strictObject({});
const created = createdFilter.optional();
const creation = z.strictObject({
  amount: minorUnits.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer'], 'Invalid reason').optional(),
  metadata: metadata.optional(),
});

export const CHARGES: readonly Route[] = [
  route(
    'GET',
    '/v1/charges',
    z.strictObject({ ...listParams, created, customer: text.optional(), payment_intent: text.optional() }),
    (world, params) => {
      const all = world.store
        .all('charge')
        .filter(
          (charge) =>
            (params.customer === undefined || charge.customer === params.customer) &&
            (params.payment_intent === undefined || charge.payment_intent === params.payment_intent),
        );
      return page('/v1/charges', all, params);
    },
  ),
  route('GET', '/v1/charges/:id', nothing, (world, _, id) => world.store.get('charge', id)),
  route('POST', '/v1/refunds', creation, create),
  route(
    'GET',
    '/v1/refunds',
    z.strictObject({ ...listParams, created, charge: text.optional(), payment_intent: text.optional() }),
    (world, params) => {
      const all = world.store
        .all('refund')
        .filter(
          (made) =>
            (params.charge === undefined || made.charge === params.charge) &&
            (params.payment_intent === undefined || made.payment_intent === params.payment_intent),
        );
      return page('/v1/refunds', all, params);
    },
  ),
  route('GET', '/v1/refunds/:id', nothing, (world, _, id) => world.store.get('refund', id)),
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
