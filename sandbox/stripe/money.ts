// Converts payments into the settlement currency, US dollars, and books them. Everything is in whole cents and fen.
import type Stripe from 'stripe';
import type { World } from './world.js';

const MILLION = 1_000_000n;

export interface Booking {
  readonly type: Stripe.BalanceTransaction['type'];
  readonly category: string;
  /** The object behind it; Stripe's own fees and corrections have none. */
  readonly source: string | null;
  /** In minor units of `currency`; negative for money that leaves the account. */
  readonly amount: number;
  readonly currency: string;
  readonly fees?: (settled: number, converted: boolean) => Stripe.BalanceTransaction.FeeDetail[];
  readonly description?: string | null;
}

const SETTLES_AFTER_S = 2 * 86_400;

/** Books an amount at today's rate. */
export function book(world: World, booking: Booking): Stripe.BalanceTransaction {
  const converted = booking.currency !== 'usd';
  const rate = world.knobs.fxPpm;
  const amount = converted ? share(booking.amount, rate) : booking.amount;
  const feeDetails = booking.fees?.(amount, converted) ?? [];
  const fee = feeDetails.reduce((sum, detail) => sum + detail.amount, 0);
  const created = world.now();
  const transaction: Stripe.BalanceTransaction = {
    id: world.newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: created + SETTLES_AFTER_S,
    balance_type: 'payments',
    created,
    currency: 'usd',
    description: booking.description ?? null,
    // Stripe reports it as a float, for display only.
    exchange_rate: converted ? rate / 1_000_000 : null,
    fee,
    fee_details: feeDetails,
    net: amount - fee,
    reporting_category: booking.category,
    source: booking.source,
    status: 'pending',
    type: booking.type,
  };
  return world.store.add('balance_transaction', transaction);
}

/** 2.9 % and 30 cents, plus 1 % for currency conversion: https://stripe.com/pricing */
export function processingFees(settled: number, converted: boolean): Stripe.BalanceTransaction.FeeDetail[] {
  const processing = fee(share(settled, 29_000) + 30, 'Stripe processing fees');
  return converted ? [processing, fee(share(settled, 10_000), 'Stripe currency conversion fee')] : [processing];
}

/** 15 dollars for each dispute, won or lost: https://stripe.com/pricing */
export const disputeFee = (): Stripe.BalanceTransaction.FeeDetail[] => [fee(1_500, 'Dispute fee')];

const fee = (amount: number, description: string): Stripe.BalanceTransaction.FeeDetail => ({
  amount,
  application: null,
  currency: 'usd',
  description,
  type: 'stripe_fee',
});

/** An amount times this many millionths, halves rounded away from zero. */
function share(amount: number, millionths: number): number {
  const product = BigInt(Math.abs(amount)) * BigInt(millionths);
  const rounded = Number((product + MILLION / 2n) / MILLION);
  return amount < 0 ? -rounded : rounded;
}
