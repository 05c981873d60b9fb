// What /api takes and answers about disputes, payouts and what finance is warned of.
import { fromInstant, wholeDays } from '../../kernel/index.js';
import {
  EnumField,
  JsonOrCsvField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  ShownUsd,
} from '../../platform/http/index.js';
import type { DisputeRow } from '../disputes/disputes.projection.js';
import type { PayoutRow } from '../payouts/payouts.projection.js';
import { formatMinor } from '../topups/price.js';
import type { PaymentAlertRow } from '../topups/payment-alerts.projection.js';

const DISPUTE_STATUSES = ['open', 'won', 'lost', 'inquiry_closed'] as const;
const PAYOUT_STATUSES = ['paid', 'failed'] as const;
const OF_STATUS = 'those with this status only';

export class DisputesQuery extends ListQuery {
  @EnumField(OF_STATUS, DISPUTE_STATUSES, { optional: true })
  readonly status?: (typeof DISPUTE_STATUSES)[number];
}

export class PayoutsQuery extends ListQuery {
  @EnumField(OF_STATUS, PAYOUT_STATUSES, { optional: true })
  readonly status?: (typeof PAYOUT_STATUSES)[number];
}

export class EvidenceQuery {
  @JsonOrCsvField('`csv`: its charges')
  readonly format: 'json' | 'csv' = 'json';
}

export class Dispute {
  @Shown()
  readonly id!: string;

  @ShownAlways('dispute')
  readonly object!: 'dispute';

  @Shown()
  readonly account_id!: string;

  @Shown()
  readonly topup_id!: string;

  @ShownEnum(DISPUTE_STATUSES)
  readonly status!: (typeof DISPUTE_STATUSES)[number];

  @Shown('an inquiry of the bank, which freezes nothing')
  readonly inquiry!: boolean;

  @Shown()
  readonly reason!: string;

  @ShownUsd('the credit that is disputed')
  readonly amount!: string;

  @ShownUsd('what was taken of it')
  readonly withdrawn!: string;

  @ShownUsd('what came back')
  readonly reinstated!: string;

  @ShownOrNull('until when the bank takes evidence (ISO 8601)')
  readonly evidence_due_at!: string | null;

  @ShownInteger(
    'whole days that are left for it, 0 on the last one, negative when it is over; null without a deadline',
    {
      nullable: true,
    },
  )
  readonly evidence_days_left!: number | null;

  @ShownInstant('when it was opened')
  readonly opened_at!: string;

  @ShownOrNull()
  readonly closed_at!: string | null;
}

class DisputedCharge {
  @Shown()
  readonly charge_id!: string;

  @Shown()
  readonly request_id!: string;

  @ShownInstant('when it was charged')
  readonly at!: string;

  @Shown()
  readonly key_id!: string;

  @Shown()
  readonly model!: string;

  @ShownInteger()
  readonly prompt_tokens!: number;

  @ShownInteger()
  readonly completion_tokens!: number;

  @ShownUsd('what the call cost')
  readonly cost!: string;

  @ShownUsd('the part of that which the disputed purchase paid')
  readonly paid_from_purchase!: string;
}

export class DisputeEvidence {
  @Shown()
  readonly dispute_id!: string;

  @Shown()
  readonly topup_id!: string;

  @Shown()
  readonly account_id!: string;

  @Shown('of the amounts')
  readonly currency!: string;

  @ShownUsd('the credit that was bought')
  readonly purchased!: string;

  @ShownInstant('when it was bought')
  readonly purchased_at!: string;

  @ShownUsd('the credit that is disputed')
  readonly disputed!: string;

  @ShownUsd('what of the purchase these charges used')
  readonly used!: string;

  @ShownObject(DisputedCharge, 'in their order', { isArray: true })
  readonly charges!: readonly DisputedCharge[];
}

const OPTIONAL = { required: false };

export class PaymentAlert {
  @Shown()
  readonly topup_id!: string;

  @Shown()
  readonly payment_intent!: string;

  @ShownInstant('when we learned of it')
  readonly at!: string;

  @Shown('what is not as ordered', { ...OPTIONAL, type: String })
  readonly field?: string | undefined;

  @Shown(undefined, { ...OPTIONAL, type: String })
  readonly expected?: string | undefined;

  @Shown(undefined, { ...OPTIONAL, type: String })
  readonly received?: string | undefined;

  @Shown(undefined, { ...OPTIONAL, type: String })
  readonly warning_id?: string | undefined;

  @Shown(undefined, { ...OPTIONAL, type: String })
  readonly fraud_type?: string | undefined;
}

export class Payout {
  @Shown('Stripe’s payout')
  readonly id!: string;

  @ShownAlways('payout')
  readonly object!: 'payout';

  @ShownEnum(PAYOUT_STATUSES)
  readonly status!: (typeof PAYOUT_STATUSES)[number];

  @Shown('ISO 4217, in small letters')
  readonly currency!: string;

  @ShownOrNull('what the bank received: a decimal of the currency; null where it never left Stripe')
  readonly amount!: string | null;

  @ShownOrNull('what Stripe kept for it: a decimal of the currency')
  readonly fee!: string | null;

  @ShownInteger('what the bank received, in minor units; null where it never left Stripe', { nullable: true })
  readonly amount_minor!: number | null;

  @ShownInteger('what Stripe kept for it, in minor units', { nullable: true })
  readonly fee_minor!: number | null;

  @ShownInstant('when we learned of it')
  readonly reported_at!: string;

  @ShownOrNull('when we learned that it did not reach the bank (ISO 8601)')
  readonly failed_at!: string | null;
}

export const showDispute = (row: DisputeRow, now: number): Dispute => ({
  id: row.disputeId,
  object: 'dispute',
  account_id: row.accountId,
  topup_id: row.topupId,
  status: row.status,
  inquiry: row.inquiry,
  reason: row.reason,
  amount: row.amount,
  withdrawn: row.withdrawn,
  reinstated: row.reinstated,
  evidence_due_at: row.evidenceDueAt ?? null,
  evidence_days_left: row.evidenceDueAt === undefined ? null : wholeDays(fromInstant(row.evidenceDueAt) - now),
  opened_at: row.openedAt,
  closed_at: row.closedAt ?? null,
});

export const showAlert = (row: PaymentAlertRow): PaymentAlert => ({
  topup_id: row.topupId,
  payment_intent: row.paymentIntentId,
  at: row.at,
  ...(row.field !== undefined && { field: row.field, expected: row.expected, received: row.received }),
  ...(row.warningId !== undefined && { warning_id: row.warningId, fraud_type: row.fraudType }),
});

export const showPayout = (row: PayoutRow): Payout => ({
  id: row.payoutId,
  object: 'payout',
  status: row.status,
  currency: row.currency,
  amount: row.amountMinor === null ? null : formatMinor(row.amountMinor, row.currency),
  fee: row.feeMinor === null ? null : formatMinor(row.feeMinor, row.currency),
  amount_minor: row.amountMinor,
  fee_minor: row.feeMinor,
  reported_at: row.reportedAt,
  failed_at: row.failedAt ?? null,
});
