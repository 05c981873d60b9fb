import type Stripe from 'stripe';
import type { World } from '../world.js';
import { BANK, CARD } from './payment-method.js';

export interface ChargeFields {
  readonly intent: Stripe.PaymentIntent;
  readonly method: Stripe.PaymentMethod;
  readonly status: 'succeeded' | 'pending' | 'failed';
}

/** A charge without its event: the caller knows which one it is. */
export function makeCharge(world: World, { intent, method, status }: ChargeFields): Stripe.Charge {
  // Stripe calls anything but a card charge a payment, in the id too.
  const id = world.newId(method.type === 'card' ? 'ch' : 'py');
  const charge: Stripe.Charge = {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: status === 'succeeded' ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { ...method.billing_details },
    calculated_statement_descriptor: method.type === 'card' ? 'SANDBOX' : null,
    captured: status === 'succeeded',
    created: world.now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: status === 'failed' ? 'card_declined' : null,
    failure_message: status === 'failed' ? DECLINED : null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: outcomeOf(status),
    paid: status === 'succeeded',
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method, intent.amount),
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: status === 'succeeded' ? `${world.url}/sandbox/receipts/${id}` : null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status,
    transfer_data: null,
    transfer_group: null,
  };
  return world.store.add('charge', charge);
}

export const DECLINED = 'Your card was declined.';

export function outcomeOf(status: ChargeFields['status']): Stripe.Charge.Outcome {
  const declined = status === 'failed';
  return {
    advice_code: declined ? 'try_again_later' : null,
    network_advice_code: null,
    network_decline_code: declined ? '05' : null,
    network_status: declined ? 'declined_by_network' : 'approved_by_network',
    reason: declined ? 'generic_decline' : null,
    risk_level: 'normal',
    seller_message: declined ? 'The bank did not return any further details with this decline.' : 'Payment complete.',
    type: declined ? 'issuer_declined' : 'authorized',
  };
}

function detailsOf(method: Stripe.PaymentMethod, amount: number): Stripe.Charge.PaymentMethodDetails {
  if (method.type === 'card') return { type: 'card', card: cardOf(amount) };
  if (method.type === 'us_bank_account') return { type: 'us_bank_account', us_bank_account: bankOf() };
  const wallet = { fingerprint: null, transaction_id: method.id.slice(3) };
  return method.type === 'alipay' ? { type: 'alipay', alipay: wallet } : { type: 'wechat_pay', wechat_pay: wallet };
}

const cardOf = (amount: number): Stripe.Charge.PaymentMethodDetails.Card => ({
  ...CARD,
  amount_authorized: amount,
  authorization_code: '123456',
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
  electronic_commerce_indicator: null,
  fingerprint: 'sandboxcard4242x',
  installments: null,
  mandate: null,
  network: CARD.brand,
  network_transaction_id: '123456789012345',
  regulated_status: 'unregulated',
  three_d_secure: null,
  transaction_link_id: null,
  wallet: null,
});

const bankOf = (): Stripe.Charge.PaymentMethodDetails.UsBankAccount => ({
  ...BANK,
  account_holder_type: 'individual',
  account_type: 'checking',
  fingerprint: 'sandboxbank6789x',
  payment_reference: null,
});
