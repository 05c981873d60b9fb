// Why a payment failed, in a few kinds that a payer can act on. Stripe has a code for each reason of a bank's, and more to come
// (docs.stripe.com/declines/codes, docs.stripe.com/error-codes). Of a card that was reported lost or stolen, or looks like fraud, its payer is
// told no more than that it was declined: so Stripe asks.
const CODES = {
  card_declined: [
    'call_issuer',
    'card_declined',
    'do_not_honor',
    'do_not_try_again',
    'fraudulent',
    'generic_decline',
    'invalid_account',
    'lost_card',
    'merchant_blacklist',
    'no_action_taken',
    'not_permitted',
    'pickup_card',
    'restricted_card',
    'revocation_of_all_authorizations',
    'revocation_of_authorization',
    'security_violation',
    'service_not_allowed',
    'stolen_card',
    'stop_payment_order',
    'testmode_decline',
    'transaction_not_allowed',
  ],
  insufficient_funds: ['card_velocity_exceeded', 'insufficient_funds', 'withdrawal_count_limit_exceeded'],
  expired_card: ['expired_card', 'invalid_expiry_month', 'invalid_expiry_year'],
  incorrect_details: [
    'incorrect_address',
    'incorrect_cvc',
    'incorrect_number',
    'incorrect_pin',
    'incorrect_zip',
    'invalid_cvc',
    'invalid_number',
    'invalid_pin',
    'pin_try_exceeded',
  ],
  authentication_required: [
    'authentication_not_handled',
    'authentication_required',
    'mobile_device_authentication_required',
    'offline_pin_required',
    'online_or_offline_pin_required',
    'payment_intent_authentication_failure',
  ],
  card_not_supported: ['card_not_supported', 'currency_not_supported'],
  try_again: [
    'approve_with_id',
    'duplicate_transaction',
    'issuer_not_available',
    'processing_error',
    'reenter_transaction',
    'try_again_later',
  ],
  payment_failed: [],
} as const satisfies Record<string, readonly string[]>;

export type PaymentFailure = keyof typeof CODES;
export const PAYMENT_FAILURES = Object.keys(CODES) as readonly PaymentFailure[];

/** What kind a reason of the payment provider’s is: `payment_failed` for one that is not known here. */
export const paymentFailure = (reason: string): PaymentFailure =>
  PAYMENT_FAILURES.find((kind) => (CODES[kind] as readonly string[]).includes(reason)) ?? 'payment_failed';
