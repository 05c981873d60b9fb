// How a month stands to Stripe, from what comparisons recorded: what of Stripe's last balance of it the ledger does not have, and of which days
// nobody knows.
import { type ReadModelStore, rowsOf } from '../../event-store/index.js';
import { DAY_MS, dayOf, dollars, formatMoney, fromInstant, toInstant, usd } from '../../kernel/index.js';
import { CHART } from '../../ledger/index.js';
import { fromMinor } from '../../payments/index.js';
import {
  type ComparisonRow,
  DailySums,
  reconciliationDays,
  stripeEntries,
  type StripeEntriesRow,
} from '../../reconciliation/index.js';
import type { BooksEventData } from './books.events.js';
import { endOf } from './close.decider.js';

type Standing = Required<Pick<BooksEventData<'CloseProposed'>, 'stripeBalances' | 'uncomparedDays'>>;
export type BalanceAtStripe = Standing['stripeBalances'][number];

/** By what is booked so far for what Stripe has of the month and of those before it. */
export async function stripeStanding(readModels: ReadModelStore, period: string): Promise<Standing> {
  const days = await comparedDays(readModels, period);
  const sums = await bookedAtStripe(readModels);
  const newest = new Map<string, { readonly day: string; readonly minor: number }>();
  for (const { day, comparison } of days) {
    for (const { currency, closingMinor: minor } of comparison.totals)
      if (minor !== undefined) newest.set(currency, { day, minor });
  }
  const stripeBalances = [...newest].map(([code, { day, minor }]) => {
    const { currency, amount } = fromMinor(minor, code);
    const ledger = fromMinor(sums.between(code, 0, fromInstant(endOf(period))), code);
    return standsAt({ currency, day, stripe: formatMoney({ currency, amount }) }, formatMoney(ledger));
  });
  const whole = new Set(days.filter(isWhole).map(({ day }) => day));
  const uncomparedDays = daysOf(period).filter((day) => !whole.has(day));
  return { stripeBalances, uncomparedDays };
}

/** The balances, held against the trial balance of the month. */
export const standingOf = (
  balances: readonly BalanceAtStripe[],
  trialBalance: BooksEventData<'PeriodClosed'>['trialBalance'],
): BalanceAtStripe[] =>
  balances.map(({ currency, day, stripe }) => {
    const line = trialBalance.find((each) => each.account === CHART.stripeBalance && each.currency === currency);
    return standsAt({ currency, day, stripe }, line?.balance ?? formatMoney({ ...dollars(usd('0')), currency }));
  });

function standsAt(at: Pick<BalanceAtStripe, 'currency' | 'day' | 'stripe'>, ledger: string): BalanceAtStripe {
  const { currency, stripe } = at;
  return { ...at, ledger, rest: formatMoney({ currency, amount: usd(stripe) - usd(ledger) }) };
}

/** What was compared of the days of a month, the oldest first. */
async function comparedDays(readModels: ReadModelStore, period: string): Promise<ComparisonRow[]> {
  const days: ComparisonRow[] = [];
  const query = { below: { day: dayOf(endOf(period)) }, orderBy: 'day', descending: true };
  for await (const { doc } of rowsOf<ComparisonRow>(readModels, reconciliationDays.view, query)) {
    if (doc.day < `${period}-01`) break;
    days.unshift(doc);
  }
  return days;
}

/** Whether a day was compared when it was over. */
const isWhole = ({ day, comparedAt }: ComparisonRow): boolean => dayOf(comparedAt) > day;

function daysOf(period: string): string[] {
  const first = fromInstant(`${period}-01T00:00:00.000Z`);
  const count = (fromInstant(endOf(period)) - first) / DAY_MS;
  return Array.from({ length: count }, (_, index) => dayOf(toInstant(first + index * DAY_MS)));
}

/** What the ledger booked on `assets:stripe:balance`, by the day on which Stripe has it. */
async function bookedAtStripe(readModels: ReadModelStore): Promise<DailySums> {
  const sums = new DailySums();
  for await (const { doc } of rowsOf<StripeEntriesRow>(readModels, stripeEntries.view, {})) {
    for (const { currency, amountMinor, feeMinor, date } of doc.entries)
      sums.add(currency, fromInstant(date), amountMinor - feeMinor);
  }
  return sums;
}
