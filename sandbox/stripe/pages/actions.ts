// The actions of the operator's page, by the names of its buttons.
import { refusal } from '../errors.js';
import { expire, settleAsync } from '../flows/checkout.js';
import { closeDispute, dispute, escalate } from '../flows/disputes.js';
import { adjustment, foreignPayment, stripeFee } from '../flows/foreign-money.js';
import { bookLate } from '../flows/payments.js';
import { payout, warnOfFraud } from '../flows/payouts.js';
import { failRefund, refund, settleRefund } from '../flows/refunds.js';
import type { World } from '../world.js';

const ACTIONS: Readonly<Record<string, (world: World, id: string) => unknown>> = {
  dispute: (world, id) => dispute(world, id),
  inquiry: (world, id) => dispute(world, id, { inquiry: true }),
  escalate,
  'dispute-won': (world, id) => closeDispute(world, id, 'won'),
  'dispute-lost': (world, id) => closeDispute(world, id, 'lost'),
  'fraud-warning': warnOfFraud,
  refund: (world, id) => refund(world, { charge: world.store.get('charge', id) }),
  'refund-arrives': settleRefund,
  'refund-fails': failRefund,
  'bank-pays': (world, id) => settleAsync(world, id, true),
  'bank-refuses': (world, id) => settleAsync(world, id, false),
  expire,
  'payout-paid': (world) => payout(world),
  'payout-failed': (world) => payout(world, 'failed'),
  'payout-canceled': (world) => payout(world, 'canceled'),
  'book-late': bookLate,
  'foreign-payment': (world) => foreignPayment(world, 5_000),
  'stripe-fee': (world) => stripeFee(world, 150),
  adjustment: (world) => adjustment(world, -100),
};

/** @throws StripeFailure as the action does; 400 when the action is unknown. */
export function act(world: World, name: string, id: string): void {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined)
    throw refusal(undefined, `There is no action "${name}"; there are ${Object.keys(ACTIONS).join(', ')}.`);
  action(world, id);
}
