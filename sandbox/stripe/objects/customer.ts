import type Stripe from 'stripe';
import type { World } from '../world.js';

export interface CustomerFields {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly phone?: string | undefined;
  readonly metadata?: Record<string, string> | undefined;
}

/** Where Stripe Tax can say what is due. */
export const hasAddress = ({ address }: Pick<Stripe.Customer, 'address'>): boolean =>
  typeof address?.country === 'string';

export function makeCustomer(world: World, fields: CustomerFields): Stripe.Customer {
  const id = world.newId('cus');
  const customer: Stripe.Customer = {
    id,
    object: 'customer',
    address: null,
    balance: 0,
    created: world.now(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: fields.description ?? null,
    discount: null,
    email: fields.email ?? null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: fields.metadata ?? {},
    name: fields.name ?? null,
    next_invoice_sequence: 1,
    phone: fields.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
  world.store.add('customer', customer);
  world.emit('customer.created', customer);
  return customer;
}
