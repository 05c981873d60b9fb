// Compares what Stripe says of an item with what the ledger has booked of it. Pure.
import { DAY_MS } from '../../kernel/index.js';
import type { StripeTransaction } from './stripe-balance.js';

/** What the ledger has booked on `assets:stripe:balance`. */
export interface Entry {
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
}

export const OPEN_STATUSES = ['pending', 'ours_only', 'theirs_only', 'differs'] as const;
export type OpenStatus = (typeof OPEN_STATUSES)[number];

/** By how much Stripe’s amount and fee exceed ours, in minor units. */
interface Correction {
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
}

interface Difference {
  readonly field: 'currency' | 'amount' | 'fee';
  readonly currency: string;
  /** Minor units, or the currency. */
  readonly ours: string;
  readonly theirs: string;
}

export interface Finding {
  readonly status: 'matched' | OpenStatus;
  readonly differences: readonly Difference[];
  /** What would have to be booked so that the ledger agrees with Stripe. */
  readonly corrections: readonly Correction[];
}

/** A charge may have its balance transaction up to an hour late (docs.stripe.com/payments/payment-intents/asynchronous-capture). */
const BOOKED_WITHIN_MS = 2 * 3_600_000;
/** Stripe says that a payout was paid on its arrival at the bank (docs.stripe.com/payouts#payout-schedule). */
const PAYOUT_ARRIVES_WITHIN_MS = 10 * DAY_MS;

export interface Sides {
  readonly theirs: readonly StripeTransaction[];
  readonly ours: readonly (Entry & { readonly what?: string })[];
  /** When it happened, in epoch milliseconds. */
  readonly date: number;
  /** As of a `Statement`. */
  readonly payoutsUntil?: number | undefined;
}

export function compare(sides: Sides, now: number): Finding {
  const { theirs, ours } = sides;
  const [at, here] = [totals(theirs), totals(ours)];
  const corrections = [...new Set([...at.keys(), ...here.keys()])].toSorted().flatMap((currency) => {
    const [a, b] = [at.get(currency), here.get(currency)];
    const amountMinor = (a?.amountMinor ?? 0) - (b?.amountMinor ?? 0);
    const feeMinor = (a?.feeMinor ?? 0) - (b?.feeMinor ?? 0);
    return amountMinor === 0 && feeMinor === 0 ? [] : [{ currency, amountMinor, feeMinor }];
  });
  if (corrections.length === 0) return { status: 'matched', differences: [], corrections };
  const status = statusOf(sides, now);
  return { status, corrections, differences: status === 'differs' ? differences(at, here) : [] };
}

function statusOf({ theirs, ours, date, payoutsUntil }: Sides, now: number): OpenStatus {
  if (theirs.length > 0 && ours.length > 0) return 'differs';
  if (payoutsUntil !== undefined && ours.some(({ what }) => what === 'payout'))
    return payoutsUntil - date < PAYOUT_ARRIVES_WITHIN_MS ? 'pending' : 'ours_only';
  const isPayout = theirs.some(({ category }) => category === 'payout');
  const age = now - date;
  if (age < (isPayout ? PAYOUT_ARRIVES_WITHIN_MS : BOOKED_WITHIN_MS)) return 'pending';
  return theirs.length > 0 ? 'theirs_only' : 'ours_only';
}

type Totals = ReadonlyMap<string, Entry>;

function totals(entries: readonly Entry[]): Totals {
  const sums = new Map<string, Entry>();
  for (const { currency, amountMinor, feeMinor } of entries) {
    const sum = sums.get(currency);
    const [amount, fee] = [(sum?.amountMinor ?? 0) + amountMinor, (sum?.feeMinor ?? 0) + feeMinor];
    sums.set(currency, { currency, amountMinor: amount, feeMinor: fee });
  }
  return sums;
}

function differences(theirs: Totals, ours: Totals): Difference[] {
  const codes = (side: Totals) => [...side.keys()].toSorted().join(' ');
  const [currency, other] = [codes(ours), codes(theirs)];
  if (currency !== other) return [{ field: 'currency', currency: other, ours: currency, theirs: other }];
  return [...theirs.values()].flatMap((their) => {
    const our = ours.get(their.currency);
    return (['amount', 'fee'] as const).flatMap((field): Difference[] => {
      const [a, b] = [their[`${field}Minor`], our?.[`${field}Minor`] ?? 0];
      return a === b ? [] : [{ field, currency: their.currency, ours: String(b), theirs: String(a) }];
    });
  });
}

/** By how much items change the balance, in minor units by currency. */
export function netOf(entries: Iterable<Entry>): Map<string, number> {
  const nets = new Map<string, number>();
  for (const { currency, amountMinor, feeMinor } of entries) {
    nets.set(currency, (nets.get(currency) ?? 0) + amountMinor - feeMinor);
  }
  return nets;
}
