import type Stripe from 'stripe';
import { z } from 'zod';
import { page, within } from '../lists.js';
import { createdFilter, integer, listParams, text } from '../params.js';
import type { World } from '../world.js';
import { nothing, retrieve, type Route, route } from './route.js';

const created = createdFilter.optional();

/** The types that the sandbox books: https://docs.stripe.com/reports/balance-transaction-types has all of them. */
const TYPES = [
  'adjustment',
  'charge',
  'payment',
  'payment_failure_refund',
  'payment_refund',
  'payout',
  'payout_cancel',
  'payout_failure',
  'refund',
  'refund_failure',
  'stripe_fee',
] as const;

export const BALANCE: readonly Route[] = [
  route('GET', '/v1/balance', nothing, (world) => balanceOf(world)),
  route(
    'GET',
    '/v1/balance_transactions',
    z.strictObject({
      ...listParams,
      created,
      currency: text.optional(),
      payout: text.optional(),
      source: text.optional(),
      type: z.enum(TYPES, `Invalid type: must be one of ${TYPES.join(', ')}`).optional(),
    }),
    (world, params) => {
      const { currency, payout, source, type } = params;
      if (payout !== undefined) world.store.get('payout', payout, 'payout');
      const all = world.store.all('balance_transaction').filter(
        (transaction) =>
          (currency === undefined || transaction.currency === currency) &&
          (payout === undefined || world.paidOutBy.get(transaction.id) === payout) &&
          // The real list knows no transactions of a dispute, though they name it.
          (source === undefined || (transaction.source === source && !source.startsWith('du_'))) &&
          (type === undefined || transaction.type === type),
      );
      return page('/v1/balance_transactions', all, params);
    },
  ),
  retrieve('balance_transaction', '/v1/balance_transactions'),
  route(
    'GET',
    '/v1/payouts',
    z.strictObject({
      ...listParams,
      created,
      arrival_date: z.union([integer, createdFilter]).optional(),
      status: text.optional(),
    }),
    (world, params) => {
      const all = world.store
        .all('payout')
        .filter(
          ({ status, arrival_date }) =>
            (params.status === undefined || status === params.status) && within(arrival_date, params.arrival_date),
        );
      return page('/v1/payouts', all, params);
    },
  ),
  retrieve('payout', '/v1/payouts'),
];

function balanceOf(world: World): Stripe.Balance {
  const sums = { available: 0, pending: 0 };
  for (const { net, status } of world.store.all('balance_transaction')) {
    sums[status === 'available' ? 'available' : 'pending'] += net;
  }
  const of = (amount: number) => [{ amount, currency: 'usd', source_types: { card: amount } }];
  return {
    object: 'balance',
    available: of(sums.available),
    livemode: false,
    pending: of(sums.pending),
    refund_and_dispute_prefunding: {
      available: [{ amount: 0, currency: 'usd' }],
      pending: [{ amount: 0, currency: 'usd' }],
    },
  };
}
