// The report of a period: a row for each transaction and payout, matched or not.
import { type ReadModelStore, type Row, rowsOf, type ViewDefinition } from '../../event-store/index.js';
import { DAY_MS, fromInstant, type JsonObject, toInstant } from '../../kernel/index.js';
import { fromMinor } from '../../payments/index.js';
import { type Entry } from './compare.js';
import { type ItemRow, type ItemStatus, reconciliationItems } from './items.projection.js';
import type { Period } from './period.js';
import { stripeEntries, type StripeEntriesRow } from './stripe-entries.projection.js';

export const REPORT_COLUMNS = [
  'item',
  'date',
  'status',
  'age_days',
  'currency',
  'ours_amount',
  'ours_fee',
  'stripe_amount',
  'stripe_fee',
  'difference',
  'category',
  'source',
  'payment_intent',
  'topup',
  'action',
  'reason',
  'evidence',
  'requested_by',
  'approved_by',
] as const;

type MoneyColumn = 'ours_amount' | 'ours_fee' | 'stripe_amount' | 'stripe_fee' | 'difference';

/** Amounts are numbers of 10^-12 of their currency, as `csvFile` takes them. */
export type ReportRow = Readonly<Record<Exclude<(typeof REPORT_COLUMNS)[number], MoneyColumn>, string>> &
  Readonly<Record<MoneyColumn, bigint>>;

/** Newest first; what never disagreed comes after the rest. The difference is net. */
export async function* reportRows(readModels: ReadModelStore, period: Period, now: number): AsyncGenerator<ReportRow> {
  for await (const row of inPeriod<ItemRow>(readModels, reconciliationItems.view, period)) yield* ofItem(row.doc, now);
  for await (const page of pagesOf(inPeriod<StripeEntriesRow>(readModels, stripeEntries.view, period))) {
    const items = await readModels.load(
      reconciliationItems.view,
      page.map(({ id }) => id),
    );
    for (const { id, doc } of page) if (!items.has(id)) yield* matched(doc);
  }
}

async function* inPeriod<Doc extends JsonObject & { readonly date: string }>(
  readModels: ReadModelStore,
  view: ViewDefinition,
  { from, to }: Period,
): AsyncGenerator<Row<Doc>> {
  const query = { below: { date: toInstant(to) }, orderBy: 'date', descending: true };
  for await (const row of rowsOf<Doc>(readModels, view, query)) {
    if (row.doc.date < toInstant(from)) return;
    yield row;
  }
}

const PAGE = 500;

async function* pagesOf<T>(rows: AsyncIterable<T>): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const row of rows) {
    page.push(row);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

const EMPTY = Object.fromEntries(REPORT_COLUMNS.map((column) => [column, ''])) as Readonly<
  Record<(typeof REPORT_COLUMNS)[number], string>
>;

/** How long an item has been open, in whole days. */
export const ageDays = (date: string, until: number): number => {
  const age = until - fromInstant(date);
  return (age - (age % DAY_MS)) / DAY_MS;
};

function ofItem({ itemId, date, status, sides, resolution, closedAt }: ItemRow, now: number): ReportRow[] {
  const [first] = sides.theirs;
  const until = closedAt === undefined ? now : fromInstant(closedAt);
  const about = {
    ...EMPTY,
    item: itemId,
    date,
    status,
    age_days: String(ageDays(date, until)),
    category: first?.category ?? '',
    source: first?.sourceId ?? '',
    payment_intent: first?.paymentIntentId ?? '',
    topup: first?.topupId ?? resolution?.topupId ?? '',
    action: resolution?.action ?? '',
    reason: resolution?.reason ?? '',
    evidence: resolution?.evidence ?? '',
    requested_by: resolution?.requestedBy ?? '',
    approved_by: resolution?.approvedBy ?? '',
  };
  const currencies = new Set([...sides.theirs, ...sides.ours].map(({ currency }) => currency));
  return [...currencies].map((currency) => ({ ...about, ...money(currency, sides.ours, sides.theirs, status) }));
}

function matched({ itemId, date, topupId = '', entries }: StripeEntriesRow): ReportRow[] {
  const about = { ...EMPTY, item: itemId, date, status: 'matched', topup: topupId, category: entries[0]?.what ?? '' };
  const currencies = new Set(entries.map(({ currency }) => currency));
  return [...currencies].map((currency) => ({ ...about, ...money(currency, entries, entries, 'matched') }));
}

/** The sides of an item that agrees are the same, also where it is not known what Stripe had. */
function money(currency: string, ours: readonly Entry[], stripe: readonly Entry[], status: ItemStatus) {
  const theirs = status === 'matched' && stripe.length === 0 ? ours : stripe;
  const total = (side: readonly Entry[], field: 'amountMinor' | 'feeMinor'): number =>
    side.filter((entry) => entry.currency === currency).reduce((sum, entry) => sum + entry[field], 0);
  const [ourAmount, ourFee] = [total(ours, 'amountMinor'), total(ours, 'feeMinor')];
  const [amount, fee] = [total(theirs, 'amountMinor'), total(theirs, 'feeMinor')];
  const cell = (minor: number): bigint => fromMinor(minor, currency).amount;
  return {
    currency,
    ours_amount: cell(ourAmount),
    ours_fee: cell(ourFee),
    stripe_amount: cell(amount),
    stripe_fee: cell(fee),
    difference: cell(amount - fee - ourAmount + ourFee),
  };
}
