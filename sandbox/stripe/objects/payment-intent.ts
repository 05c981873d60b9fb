import type Stripe from 'stripe';
import type { Currency } from '../params.js';
import type { World } from '../world.js';

export interface IntentFields {
  readonly amount: number;
  readonly currency: Currency;
  readonly customer?: string | null | undefined;
  readonly description?: string | undefined;
  readonly metadata?: Record<string, string> | undefined;
  readonly allowed?: string[] | null | undefined;
  readonly methods: readonly string[];
  readonly options?: Stripe.PaymentIntent.PaymentMethodOptions | undefined;
  readonly receiptEmail?: string | undefined;
  readonly hooks?: Stripe.PaymentIntent.Hooks | undefined;
  readonly setupFutureUsage?: 'off_session' | 'on_session' | undefined;
}

export function makeIntent(world: World, fields: IntentFields): Stripe.PaymentIntent {
  const id = world.newId('pi');
  const intent: Stripe.PaymentIntent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: fields.allowed ?? null,
    amount: fields.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${world.newId('s').slice(2)}`,
    confirmation_method: 'automatic',
    created: world.now(),
    currency: fields.currency,
    customer: fields.customer ?? null,
    customer_account: null,
    description: fields.description ?? null,
    excluded_payment_method_types: null,
    ...(fields.hooks !== undefined && { hooks: fields.hooks }),
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: fields.metadata ?? {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: fields.options ?? {},
    payment_method_types: [...fields.methods],
    payment_record: null,
    processing: null,
    receipt_email: fields.receiptEmail ?? null,
    review: null,
    setup_future_usage: fields.setupFutureUsage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
  world.store.add('payment_intent', intent);
  world.emit('payment_intent.created', intent);
  return intent;
}
