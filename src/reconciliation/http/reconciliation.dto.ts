// What /api takes and answers about the reconciliation with Stripe.
import {
  EnumField,
  InstantField,
  ListQuery,
  ReasonField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  TextField,
  TextListField,
} from '../../platform/http/index.js';
import { formatMinor } from '../../payments/index.js';
import { MOST_BYTES } from '../job-files.js';
import { type ComparisonRow, ITEM_STATUSES, type ItemRow, type ItemStatus } from '../stripe/items.projection.js';
import { RESOLUTIONS, type ResolutionAction } from '../stripe/reconciliation.events.js';
import { ageDays } from '../stripe/report.js';
import type { StripeEntriesRow } from '../stripe/stripe-entries.projection.js';

export class ItemsQuery extends ListQuery {
  @EnumField('those with this status only', ITEM_STATUSES, { optional: true })
  readonly status?: ItemStatus;

  @EnumField('`open`: those that wait for somebody or something; `all`: those that were closed, too', ['open', 'all'], {
    default: 'all',
  })
  readonly show: 'open' | 'all' = 'all';
}

export class TransactionsQuery extends ListQuery {
  @InstantField('from then on', { optional: true })
  readonly from?: string;

  @InstantField('before then', { optional: true })
  readonly to?: string;
}

export class StripeRun {
  @InstantField('the first UTC day; by default that of the reports, or yesterday', { optional: true })
  readonly from?: string;

  @InstantField('the UTC day after the last one; by default that of the reports, or today', { optional: true })
  readonly to?: string;

  @TextListField('itemised reports of Stripe’s as CSV, instead of its API: the text of each file', {
    max: 20,
    each: MOST_BYTES,
  })
  readonly reports: string[] = [];
}

export class ReportQuery {
  @InstantField('first day')
  readonly from!: string;

  @InstantField('the day after the last one')
  readonly to!: string;
}

export class Proposal {
  @EnumField(
    'how to close it: a debt to the payer, a fee of Stripe’s, what a top-up left in clearing, a transfer to or from our bank, a loss; `explain` books nothing',
    RESOLUTIONS,
  )
  readonly action!: ResolutionAction;

  @TextField('the top-up, with `settle_topup` only', { min: 1, max: 255, optional: true })
  readonly topup_id?: string;

  @ReasonField()
  readonly reason!: string;

  @TextField('where it is shown: a ticket, a page at Stripe; it stands in the ledger for ever, so name no person', {
    max: 2_000,
    optional: true,
  })
  readonly evidence?: string;
}

export class DeclineProposal {
  @ReasonField()
  readonly reason!: string;
}

/** An amount of Stripe’s, and its fee. */
export class Sum {
  @Shown('ISO 4217, in small letters')
  readonly currency!: string;

  @Shown('a decimal of the currency; negative when it went out')
  readonly amount!: string;

  @Shown('what Stripe kept, a decimal of the currency')
  readonly fee!: string;
}

class Transaction extends Sum {
  @Shown('Stripe’s balance transaction')
  readonly id!: string;

  @ShownInstant('when Stripe made it')
  readonly created_at!: string;

  @Shown('Stripe’s reporting_category')
  readonly category!: string;

  @ShownOrNull('what is behind it at Stripe')
  readonly source!: string | null;

  @ShownOrNull('Stripe’s payment intent')
  readonly payment_intent!: string | null;

  @ShownOrNull('the top-up that the payment names')
  readonly topup_id!: string | null;
}

class Resolution {
  @ShownEnum(RESOLUTIONS)
  readonly action!: ResolutionAction;

  @ShownOrNull()
  readonly topup_id!: string | null;

  @Shown()
  readonly reason!: string;

  @ShownOrNull()
  readonly evidence!: string | null;

  @Shown('a user id')
  readonly requested_by!: string;

  @ShownInstant('when they proposed it: an approval can be tied to it')
  readonly proposed_at!: string;

  @ShownOrNull('a user id; null while it waits for approval')
  readonly approved_by!: string | null;

  @ShownOrNull('why they approved it')
  readonly approval_reason!: string | null;
}

export class ReconciliationItem {
  @Shown('Stripe’s balance transaction, or its payout')
  readonly id!: string;

  @ShownAlways('reconciliation_item')
  readonly object!: 'reconciliation_item';

  @ShownEnum(ITEM_STATUSES)
  readonly status!: ItemStatus;

  @ShownInstant('when it happened')
  readonly date!: string;

  @ShownInteger('its age; of a closed one, when it was closed')
  readonly age_days!: number;

  @ShownObject(Transaction, 'what Stripe has', { isArray: true })
  readonly stripe!: readonly Transaction[];

  @ShownObject(Sum, 'what the ledger has', { isArray: true })
  readonly ledger!: readonly Sum[];

  @ShownObject(Sum, 'by how much Stripe exceeds the ledger', { isArray: true })
  readonly difference!: readonly Sum[];

  @ShownObject(Resolution, 'what was proposed or decided', { isArray: true })
  readonly resolution!: readonly Resolution[];
}

const TRANSACTION_STATUSES = [...ITEM_STATUSES, 'not_compared'] as const;

export class BookedTransaction {
  @Shown('Stripe’s balance transaction, or its payout')
  readonly id!: string;

  @ShownAlways('booked_transaction')
  readonly object!: 'booked_transaction';

  @ShownInstant('when Stripe made it')
  readonly date!: string;

  @Shown('what moved the money: `payment`, `refund`, `dispute`, `payout` …')
  readonly what!: string;

  @ShownEnum(TRANSACTION_STATUSES, '`not_compared`: its day has not been compared with Stripe yet')
  readonly status!: (typeof TRANSACTION_STATUSES)[number];

  @ShownOrNull('the top-up that it is of')
  readonly topup_id!: string | null;

  @ShownObject(Sum, 'what was booked for it', { isArray: true })
  readonly ledger!: readonly Sum[];
}

class BalanceOfDay {
  @Shown('ISO 4217, in small letters')
  readonly currency!: string;

  @ShownOrNull('Stripe’s balance at the start of the day; null where a report does not tell it')
  readonly opening!: string | null;

  @Shown('what the day changed at Stripe')
  readonly activity!: string;

  @ShownOrNull('Stripe’s balance at its end')
  readonly closing!: string | null;

  @Shown('the ledger’s balance at its end')
  readonly ledger!: string;

  @Shown('by how much open items let Stripe’s exceed it')
  readonly explained!: string;
}

class ReconciledCounts {
  @ShownInteger()
  readonly matched!: number;

  @ShownInteger()
  readonly pending!: number;

  @ShownInteger()
  readonly ours_only!: number;

  @ShownInteger()
  readonly theirs_only!: number;

  @ShownInteger()
  readonly differs!: number;

  @ShownInteger()
  readonly resolved!: number;
}

export class ReconciledDay {
  @Shown('the UTC day')
  readonly id!: string;

  @ShownAlways('reconciliation_day')
  readonly object!: 'reconciliation_day';

  @ShownEnum(['api', 'csv'], 'where Stripe’s side is from')
  readonly source!: 'api' | 'csv';

  @ShownInstant('when it was last compared with news')
  readonly compared_at!: string;

  @ShownOrNull('who asked for that; null for the daily comparison')
  readonly compared_by!: string | null;

  @ShownObject(ReconciledCounts, 'how many items stand how')
  readonly counts!: ReconciledCounts;

  @ShownObject(BalanceOfDay, 'the balance in each currency', { isArray: true })
  readonly balances!: readonly BalanceOfDay[];
}

interface Minor {
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
}

export const showSum = ({ currency, amountMinor, feeMinor }: Minor): Sum => ({
  currency,
  amount: formatMinor(amountMinor, currency),
  fee: formatMinor(feeMinor, currency),
});

export function showItem(
  { itemId, status, date, sides, resolution, closedAt }: ItemRow,
  now: number,
): ReconciliationItem {
  return {
    id: itemId,
    object: 'reconciliation_item',
    status,
    date,
    age_days: ageDays(date, closedAt === undefined ? now : Date.parse(closedAt)),
    stripe: sides.theirs.map((theirs) => ({
      id: theirs.balanceTransactionId,
      ...showSum(theirs),
      created_at: theirs.createdAt,
      category: theirs.category,
      source: theirs.sourceId ?? null,
      payment_intent: theirs.paymentIntentId ?? null,
      topup_id: theirs.topupId ?? null,
    })),
    ledger: sides.ours.map(showSum),
    difference: sides.corrections.map(showSum),
    resolution: resolution === undefined ? [] : [showResolution(resolution)],
  };
}

const showResolution = (resolution: NonNullable<ItemRow['resolution']>): Resolution => ({
  action: resolution.action,
  topup_id: resolution.topupId ?? null,
  reason: resolution.reason,
  evidence: resolution.evidence ?? null,
  requested_by: resolution.requestedBy,
  proposed_at: resolution.proposedAt,
  approved_by: resolution.approvedBy ?? null,
  approval_reason: resolution.approvalReason ?? null,
});

export const showTransaction = (row: StripeEntriesRow, status: BookedTransaction['status']): BookedTransaction => ({
  id: row.itemId,
  object: 'booked_transaction',
  date: row.date,
  what: row.entries[0]?.what ?? '',
  status,
  topup_id: row.topupId ?? null,
  ledger: row.entries.map(showSum),
});

export const showDay = ({ day, comparedAt, comparison }: ComparisonRow): ReconciledDay => ({
  id: day,
  object: 'reconciliation_day',
  source: comparison.source,
  compared_at: comparedAt,
  compared_by: comparison.by ?? null,
  counts: comparison.counts,
  balances: comparison.totals.map(({ currency, openingMinor, closingMinor, ...minor }) => ({
    currency,
    opening: openingMinor === undefined ? null : formatMinor(openingMinor, currency),
    activity: formatMinor(minor.activityMinor, currency),
    closing: closingMinor === undefined ? null : formatMinor(closingMinor, currency),
    ledger: formatMinor(minor.ledgerMinor, currency),
    explained: formatMinor(minor.explainedMinor, currency),
  })),
});
