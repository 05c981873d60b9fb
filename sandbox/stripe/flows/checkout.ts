// Customer actions on the pay page, and their effects.
import type Stripe from 'stripe';
import { refusal } from '../errors.js';
import { detailsOf } from '../objects/checkout-session.js';
import { makeCustomer } from '../objects/customer.js';
import { makeIntent } from '../objects/payment-intent.js';
import { type MethodType, attach, makePaymentMethod, sandboxAddress } from '../objects/payment-method.js';
import { taxWithin } from '../objects/tax-calculation.js';
import type { Currency } from '../params.js';
import type { PaymentScenario } from '../payment-scenario.js';
import type { World } from '../world.js';
import { cancel, challenge, decline, failChallenge, process, settle, succeed } from './payments.js';

/** @throws StripeFailure 400 when the session can't be paid (any more), or not with this scenario. */
export function pay(world: World, sessionId: string, scenario: PaymentScenario): Stripe.Checkout.Session {
  const session = payable(world, sessionId);
  const type = methodOf(scenario);
  if ((type === 'alipay' || type === 'wechat_pay') && !session.payment_method_types.includes(type)) {
    throw refusal('payment_method_not_available', `${type} is not among the payment method types of this session.`);
  }
  const intent = intentOf(world, session);
  const email = emailOf(session);
  const method = makePaymentMethod(world, type, email);
  switch (scenario) {
    case 'declined':
      decline(world, intent, method);
      break;
    case 'three_d_secure':
      challenge(world, intent, method, { url: `${session.url}/authenticate`, returnUrl: session.success_url });
      break;
    case 'async':
    case 'async_succeeds':
    case 'async_fails':
      process(world, intent, method);
      complete(world, session, intent, method);
      if (scenario === 'async') break;
      world.settling.set(session.id, scenario);
      world.later(world.knobs.settleAsyncMs, () => settleIfOpen(world, session.id, scenario));
      break;
    case 'card':
    case 'alipay':
    case 'wechat_pay':
      succeed(world, intent, method);
      complete(world, session, intent, method);
      break;
  }
  return session;
}

/** The customer confirms or refuses `three_d_secure`. @throws StripeFailure 400 when none is pending. */
export function authenticate(world: World, sessionId: string, ok: boolean): Stripe.Checkout.Session {
  const session = open(world, sessionId);
  const intent = session.payment_intent === null ? undefined : intentOf(world, session);
  if (intent?.status !== 'requires_action')
    throw refusal(undefined, 'Nobody is intentData to authenticate this payment.');
  if (!ok) {
    failChallenge(world, intent);
    return session;
  }
  const method = world.store.get('payment_method', String(intent.payment_method));
  succeed(world, intent, method);
  complete(world, session, intent, method);
  return session;
}

/** The bank pays or refuses an `async` payment. @throws StripeFailure 400 when it has ended. */
export function settleAsync(world: World, sessionId: string, ok: boolean): Stripe.Checkout.Session {
  const session = world.store.get('checkout.session', sessionId);
  const intent = session.payment_intent === null ? undefined : intentOf(world, session);
  if (intent?.status !== 'processing') throw refusal(undefined, 'This session has no payment that is being processed.');
  settle(world, intent, ok);
  if (ok) session.payment_status = 'paid';
  world.emit(ok ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed', session);
  return session;
}

/** @throws StripeFailure 400 when it is not open. */
export function expire(world: World, sessionId: string): Stripe.Checkout.Session {
  const session = world.store.get('checkout.session', sessionId);
  if (session.status !== 'open') {
    throw refusal(
      undefined,
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    );
  }
  Object.assign(session, { status: 'expired', url: null });
  if (session.payment_intent !== null) cancel(world, intentOf(world, session), 'automatic');
  world.emit('checkout.session.expired', session);
  return session;
}

/** Expires sessions whose time is over; timers may be late, and a test's clock may jump. */
export function expireOverdue(world: World): void {
  for (const session of world.store.all('checkout.session')) {
    if (session.status === 'open' && session.expires_at <= world.now()) expire(world, session.id);
  }
}

function open(world: World, sessionId: string): Stripe.Checkout.Session {
  expireOverdue(world);
  const session = world.store.get('checkout.session', sessionId);
  if (session.status === 'open') return session;
  throw refusal(undefined, `This Checkout Session is ${session.status}; it can no longer be paid.`);
}

function payable(world: World, sessionId: string): Stripe.Checkout.Session {
  const session = open(world, sessionId);
  const waits = session.payment_intent !== null && intentOf(world, session).status === 'requires_action';
  if (waits) throw refusal(undefined, 'This payment is waiting for the customer’s authentication.');
  return session;
}

function complete(
  world: World,
  session: Stripe.Checkout.Session,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
): void {
  const email = emailOf(session);
  if (intent.setup_future_usage !== null || usageOf(session) !== undefined) {
    if (method.type === 'card' && typeof session.customer === 'string') attach(world, method, session.customer);
  }
  const details = session.customer_details ?? detailsOf(email, null);
  if (session.billing_address_collection === 'required') details.address = sandboxAddress();
  if (world.addressUpdates.has(session.id) && typeof session.customer === 'string')
    world.change('customer.updated', world.store.get('customer', session.customer), { address: details.address });
  Object.assign(session, {
    customer_details: details,
    payment_status: intent.status === 'succeeded' ? 'paid' : 'unpaid',
    status: 'complete',
    url: null,
    ...taxOf(session),
  });
  world.emit('checkout.session.completed', session);
}

function taxOf(session: Stripe.Checkout.Session): Partial<Stripe.Checkout.Session> {
  if (!session.automatic_tax.enabled) return {};
  const amount_tax = taxWithin(session.amount_total ?? 0);
  return {
    automatic_tax: { ...session.automatic_tax, status: 'complete' },
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax },
  };
}

/** The session's payment intent; the first attempt creates it, as at Stripe since version 2022-08-01. */
function intentOf(world: World, session: Stripe.Checkout.Session): Stripe.PaymentIntent {
  if (typeof session.payment_intent === 'string') return world.store.get('payment_intent', session.payment_intent);
  const intentData = world.intentData.get(session.id);
  const saves = intentData?.setup_future_usage !== undefined || usageOf(session) !== undefined;
  if (session.customer === null && (saves || session.customer_creation === 'always')) {
    session.customer = makeCustomer(world, { email: emailOf(session) }).id;
  }
  const intent = makeIntent(world, {
    amount: session.amount_total ?? 0,
    currency: session.currency as Currency,
    customer: session.customer as string | null,
    description: intentData?.description,
    metadata: intentData?.metadata,
    allowed: session.allowed_payment_method_types,
    methods: session.payment_method_types,
    receiptEmail: intentData?.receipt_email,
    setupFutureUsage: intentData?.setup_future_usage,
  });
  session.payment_intent = intent.id;
  return intent;
}

const usageOf = (session: Stripe.Checkout.Session): string | undefined =>
  session.payment_method_options?.card?.setup_future_usage;

const emailOf = (session: Stripe.Checkout.Session): string =>
  session.customer_details?.email ?? session.customer_email ?? 'ada@example.com';

function methodOf(scenario: PaymentScenario): MethodType {
  if (scenario === 'alipay' || scenario === 'wechat_pay') return scenario;
  return scenario.startsWith('async') ? 'us_bank_account' : 'card';
}

/** Ends a payment that settles by itself; does nothing if it has already ended. */
export function settleIfOpen(world: World, sessionId: string, scenario: PaymentScenario): void {
  world.settling.delete(sessionId);
  const intent = intentOf(world, world.store.get('checkout.session', sessionId));
  if (intent.status === 'processing') settleAsync(world, sessionId, scenario === 'async_succeeds');
}
