import type Stripe from 'stripe';
import type { SessionParams } from './session-params.js';
import type { World } from '../world.js';
import { type MethodType, noAddress } from './payment-method.js';

const DAY_S = 86_400;

export interface SessionParts {
  readonly params: SessionParams;
  readonly customer: Stripe.Customer | undefined;
  readonly lineItems: readonly Stripe.LineItem[];
  readonly currency: string;
  readonly methods: readonly MethodType[];
}

/** An open session. Its payment intent is created when the customer tries to pay. */
export function makeSession(
  world: World,
  { params, customer, lineItems, currency, methods }: SessionParts,
): Stripe.Checkout.Session {
  const id = world.newId('cs_test');
  const total = lineItems.reduce((sum, item) => sum + item.amount_total, 0);
  const email = customer?.email ?? params.customer_email ?? null;
  const session: Stripe.Checkout.Session = {
    id,
    object: 'checkout.session',
    ...unused(),
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    adaptive_pricing: { enabled: params.adaptive_pricing?.enabled ?? true },
    amount_subtotal: total,
    amount_total: total,
    ...(params.automatic_tax?.enabled && {
      // The tax depends on the address, which the customer gives with the payment (docs.stripe.com/tax/checkout).
      automatic_tax: {
        enabled: true,
        liability: { type: 'self' },
        provider: 'stripe',
        status: 'requires_location_inputs',
      },
    }),
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: world.now(),
    currency,
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: submitText(params),
      terms_of_service_acceptance: null,
    },
    customer: customer?.id ?? null,
    customer_creation: customer === undefined ? (params.customer_creation ?? 'if_required') : null,
    customer_details: email === null ? null : detailsOf(email, customer?.name ?? null),
    customer_email: params.customer_email ?? null,
    expires_at: params.expires_at ?? world.now() + DAY_S,
    locale: params.locale ?? null,
    metadata: params.metadata ?? {},
    mode: 'payment',
    payment_method_options: optionsOf(params),
    payment_method_types: [...methods],
    payment_status: 'unpaid',
    saved_payment_method_options:
      customer === undefined
        ? null
        : { allow_redisplay_filters: ['always'], payment_method_remove: 'disabled', payment_method_save: null },
    status: 'open',
    submit_type: params.submit_type ?? null,
    success_url: params.success_url,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${world.url}/c/pay/${id}`,
  };
  world.lineItems.set(id, [...lineItems]);
  return world.store.add('checkout.session', session);
}

/** The customer's details. */
export const detailsOf = (email: string, name: string | null): Stripe.Checkout.Session.CustomerDetails => ({
  address: noAddress(),
  business_name: null,
  email,
  individual_name: null,
  name,
  phone: null,
  tax_exempt: 'none',
  tax_ids: [],
});

const submitText = ({ custom_text: texts }: SessionParams): Stripe.Checkout.Session.CustomText.Submit | null =>
  texts?.submit === undefined ? null : { message: texts.submit.message };

function optionsOf(params: SessionParams): Stripe.Checkout.Session.PaymentMethodOptions {
  const { card, wechat_pay: wechat } = params.payment_method_options ?? {};
  const usage = card?.setup_future_usage;
  return {
    card: { request_three_d_secure: 'automatic', ...(usage === undefined ? {} : { setup_future_usage: usage }) },
    ...(wechat === undefined ? {} : { wechat_pay: { app_id: null, client: wechat.client } }),
  };
}

/** Fields that the sandbox does not use. */
const unused = () =>
  ({
    after_expiration: null,
    allow_promotion_codes: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    currency_conversion: null,
    custom_fields: [],
    customer_account: null,
    discounts: [],
    integration_identifier: null,
    invoice: null,
    livemode: false,
    managed_payments: null,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    subscription: null,
    wallet_options: null,
    invoice_creation: {
      enabled: false,
      invoice_data: {
        account_tax_ids: null,
        custom_fields: null,
        description: null,
        footer: null,
        issuer: null,
        metadata: {},
        rendering_options: null,
      },
    },
  }) satisfies Partial<Stripe.Checkout.Session>;
