import type Stripe from 'stripe';
import type { World } from '../world.js';

/** The supported methods; a bank account stands for every method whose money takes days. */
export type MethodType = 'card' | 'alipay' | 'wechat_pay' | 'us_bank_account';

/** Stripe's test card: https://docs.stripe.com/testing */
export const CARD = { brand: 'visa', country: 'US', exp_month: 12, exp_year: 2034, funding: 'credit', last4: '4242' };
export const BANK = { bank_name: 'STRIPE TEST BANK', last4: '6789', routing_number: '110000000' };

/** What everyone enters who is asked for an address. */
export const sandboxAddress = (): Stripe.Address => ({
  ...noAddress(),
  city: 'London',
  country: 'GB',
  line1: '1 Example Street',
  postal_code: 'EC1A 1AA',
});

export const noAddress = (): Stripe.Address => ({
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
});

export function makePaymentMethod(world: World, type: MethodType, email: string | null): Stripe.PaymentMethod {
  const method: Stripe.PaymentMethod = {
    id: world.newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: { address: noAddress(), email, name: null, phone: null, tax_id: null },
    created: world.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type,
    ...detailsOf(type),
  };
  return world.store.add('payment_method', method);
}

/** Attaches it to the customer, for later charges. */
export function attach(world: World, method: Stripe.PaymentMethod, customer: string): void {
  method.customer = customer;
  world.emit('payment_method.attached', method);
}

function detailsOf(type: MethodType): Partial<Stripe.PaymentMethod> {
  if (type === 'card') return { card: cardOf() };
  if (type === 'us_bank_account') return { us_bank_account: bankOf() };
  return type === 'alipay' ? { alipay: {} } : { wechat_pay: {} };
}

const cardOf = (): Stripe.PaymentMethod.Card => ({
  ...CARD,
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
  display_brand: CARD.brand,
  fingerprint: 'sandboxcard4242x',
  generated_from: null,
  networks: { available: [CARD.brand], preferred: null },
  regulated_status: 'unregulated',
  three_d_secure_usage: { supported: true },
  wallet: null,
});

const bankOf = (): Stripe.PaymentMethod.UsBankAccount => ({
  ...BANK,
  account_holder_type: 'individual',
  account_type: 'checking',
  financial_connections_account: null,
  fingerprint: 'sandboxbank6789x',
  networks: { preferred: 'ach', supported: ['ach'] },
  status_details: null,
});
