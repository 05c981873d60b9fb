// Payouts to the merchant's bank account, and fraud warnings from card networks.
import type Stripe from 'stripe';
import { refusal } from '../errors.js';
import { book } from '../money.js';
import type { World } from '../world.js';

const ARRIVES_AFTER_S = 2 * 86_400;

/** Pays out the whole balance. @throws StripeFailure 400 when there is none. */
export function payout(world: World, outcome: 'paid' | 'failed' | 'canceled' = 'paid'): Stripe.Payout {
  const open = world.store.all('balance_transaction').filter(({ id }) => !world.paidOutBy.has(id));
  const amount = open.reduce((sum, { net }) => sum + net, 0);
  if (amount < 1)
    throw refusal('balance_insufficient', `There is nothing to pay out: the balance is ${amount} US cents.`);
  const made = makePayout(world, amount);
  const own = bookPayout(world, made, { type: 'payout', amount: -amount });
  made.balance_transaction = own.id;
  for (const transaction of [...open, own]) {
    world.paidOutBy.set(transaction.id, made.id);
    transaction.status = 'available';
  }
  world.emit('payout.created', made);
  end(world, made, outcome);
  return made;
}

function makePayout(world: World, amount: number): Stripe.Payout {
  const made: Stripe.Payout = {
    id: world.newId('po'),
    object: 'payout',
    amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: world.now() + ARRIVES_AFTER_S,
    automatic: true,
    balance_transaction: null,
    created: world.now(),
    currency: 'usd',
    description: 'STRIPE PAYOUT',
    destination: 'ba_sandbox',
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: {},
    method: 'standard',
    original_payout: null,
    payout_method: null,
    reconciliation_status: 'in_progress',
    reversed_by: null,
    source_type: 'card',
    statement_descriptor: null,
    status: 'in_transit',
    trace_id: { status: 'pending', value: null },
    type: 'bank_account',
  };
  return world.store.add('payout', made);
}

function end(world: World, made: Stripe.Payout, outcome: 'paid' | 'failed' | 'canceled'): void {
  world.change('payout.reconciliation_completed', made, { reconciliation_status: 'completed' });
  if (outcome === 'paid') {
    world.change('payout.updated', made, { trace_id: { status: 'supported', value: `SANDBOX${made.id.slice(-8)}` } });
    made.status = 'paid';
    world.emit('payout.paid', made);
    return;
  }
  const type = outcome === 'failed' ? 'payout_failure' : 'payout_cancel';
  made.failure_balance_transaction = bookPayout(world, made, { type, amount: made.amount }).id;
  made.status = outcome;
  if (outcome === 'failed') {
    made.failure_code = 'account_closed';
    made.failure_message = 'The bank account has been closed.';
  }
  world.emit(outcome === 'failed' ? 'payout.failed' : 'payout.canceled', made);
}

const bookPayout = (
  world: World,
  { id }: Stripe.Payout,
  what: { type: 'payout' | 'payout_failure' | 'payout_cancel'; amount: number },
): Stripe.BalanceTransaction =>
  book(world, {
    ...what,
    category: what.type === 'payout' ? 'payout' : 'payout_reversal',
    source: id,
    currency: 'usd',
  });

/** A card network warns that a dispute is likely. @throws StripeFailure 404 when the charge does not exist. */
export function warnOfFraud(world: World, chargeId: string): Stripe.Radar.EarlyFraudWarning {
  const charge = world.store.get('charge', chargeId);
  const made: Stripe.Radar.EarlyFraudWarning = {
    id: world.newId('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.disputed && !charge.refunded,
    charge: charge.id,
    created: world.now(),
    fraud_type: 'made_with_stolen_card',
    livemode: false,
    ...(typeof charge.payment_intent === 'string' ? { payment_intent: charge.payment_intent } : {}),
  };
  world.store.add('radar.early_fraud_warning', made);
  world.emit('radar.early_fraud_warning.created', made);
  return made;
}
