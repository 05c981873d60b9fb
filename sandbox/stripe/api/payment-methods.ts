import type Stripe from 'stripe';
import { z } from 'zod';
import { refusal } from '../errors.js';
import { page } from '../lists.js';
import { listParams, text } from '../params.js';
import type { World } from '../world.js';
import { nothing, retrieve, type Route, route } from './route.js';

const ofCustomer = z.strictObject({ ...listParams, type: text.optional() });

export const PAYMENT_METHODS: readonly Route[] = [
  route('GET', '/v1/payment_methods', ofCustomer.extend({ customer: text }), (world, params) =>
    page('/v1/payment_methods', methodsOf(world, params.customer, params.type), params),
  ),
  route('GET', '/v1/customers/:id/payment_methods', ofCustomer, (world, params, id) =>
    page(`/v1/customers/${id}/payment_methods`, methodsOf(world, id, params.type), params),
  ),
  retrieve('payment_method', '/v1/payment_methods'),
  route('POST', '/v1/payment_methods/:id/detach', nothing, (world, _, id) => {
    const method = world.store.get('payment_method', id);
    if (method.customer === null) {
      throw refusal(
        'payment_method_not_attached',
        'The payment method you provided is not attached to a customer so detachment is impossible.',
      );
    }
    world.change('payment_method.detached', method, { customer: null });
    return method;
  }),
];

function methodsOf(world: World, customer: string, type: string | undefined): Stripe.PaymentMethod[] {
  world.store.get('customer', customer, 'customer');
  return world.store
    .all('payment_method')
    .filter((method) => method.customer === customer && (type === undefined || method.type === type));
}
