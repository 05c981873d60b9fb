// What /api takes and answers about refunds.
import {
  BooleanField,
  EnumField,
  type Presence,
  ReasonField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownOrNull,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { REFUND_STATUSES, type RefundRow } from '../refunds/refunds.projection.js';
import { formatMinor } from '../topups/price.js';
import type { TopupCurrency } from '../topups/topup.events.js';
import { CURRENCIES, type Currency, DollarsField } from './topups.dto.js';

const IdField = (description: string, presence?: Presence): PropertyDecorator =>
  TextField(description, {
    max: 22,
    pattern: /^[0-9A-Za-z]{22}$/,
    message: 'must be an id of 22 letters and digits',
    ...presence,
  });

/** Free text of customers might tell of people, and what is in the ledger can’t be deleted. */
const REASONS = ['not_needed', 'bought_by_mistake', 'not_satisfied', 'other'] as const;

class RefundOfCredit {
  @IdField('the top-up to refund; the newest first without it', { optional: true })
  readonly topup_id?: string;

  @DollarsField('US dollars of unused credit, in whole cents; all of it without', { optional: true })
  readonly amount?: string;
}

export class RequestRefund extends RefundOfCredit {
  @EnumField('why', REASONS, { default: 'other' })
  readonly reason: (typeof REASONS)[number] = 'other';
}

export class RequestRefundFor extends RefundOfCredit {
  @IdField('the account to refund')
  readonly account_id!: string;

  @ReasonField()
  readonly reason!: string;
}

export class DeclineRefund {
  @ReasonField({ told: true })
  readonly reason!: string;
}

export class EndRefund {
  @BooleanField('whether it was paid from our bank, not by Stripe', { optional: true })
  readonly outside?: boolean;

  @ReasonField()
  readonly reason!: string;
}

/** What is said of a proposal to end a refund, which the customer is not told. */
export class DeclineRefundEnd {
  @ReasonField()
  readonly reason!: string;
}

export class FailRefund {
  @ReasonField()
  readonly reason!: string;
}

class EndedByHand {
  @ShownEnum(['completed', 'failed'], 'how it ends')
  readonly outcome!: 'completed' | 'failed';

  @Shown('whether it was paid from our bank, not by Stripe')
  readonly outside!: boolean;

  @Shown('why')
  readonly reason!: string;

  @Shown('who proposed it: a user id')
  readonly requested_by!: string;

  @ShownInstant('when they proposed it: an approval can be tied to it')
  readonly proposed_at!: string;

  @ShownOrNull('who approved it: a user id; null while it waits for approval')
  readonly approved_by!: string | null;

  @ShownOrNull('why they approved it')
  readonly approval_reason!: string | null;
}

export class Refund {
  @Shown()
  readonly id!: string;

  @ShownAlways('refund')
  readonly object!: 'refund';

  @Shown()
  readonly topup_id!: string;

  @Shown()
  readonly account_id!: string;

  @ShownEnum(REFUND_STATUSES)
  readonly status!: RefundRow['status'];

  @ShownUsd('the credit that is paid back')
  readonly credit!: string;

  @ShownInteger('what the customer gets, in minor units of the payment’s currency', { nullable: true })
  readonly amount_minor!: number | null;

  @ShownOrNull('the same as a decimal of that currency; null until the refund is sent')
  readonly amount!: string | null;

  @ShownEnum(CURRENCIES, 'of the payment, and of what the customer gets', { nullable: true })
  readonly currency!: Currency | null;

  @ShownOrNull()
  readonly reason!: string | null;

  @ShownOrNull('declined, withdrawn, canceled or failed')
  readonly failure!: string | null;

  @ShownOrNull('why: what finance says that declined it, or Stripe')
  readonly failure_reason!: string | null;

  @ShownOrNull()
  readonly requested_by!: string | null;

  @ShownOrNull()
  readonly approved_by!: string | null;

  @ShownOrNull()
  readonly declined_by!: string | null;

  @ShownOrNull('who took the request back: a user id')
  readonly withdrawn_by!: string | null;

  @ShownObject(EndedByHand, 'how people propose to end it without Stripe, or did', { isArray: true })
  readonly by_hand!: readonly EndedByHand[];

  @ShownInstant('when it was requested')
  readonly requested_at!: string;

  @ShownInstant('when it last changed')
  readonly changed_at!: string;
}

export class Refunds {
  @ShownAlways('list')
  readonly object!: 'list';

  @ShownObject(Refund, undefined, { isArray: true })
  readonly data!: readonly Refund[];
}

const showHand = ({ outcome, outside, reason, ...people }: NonNullable<RefundRow['byHand']>): EndedByHand => ({
  outcome,
  outside,
  reason,
  requested_by: people.requestedBy,
  proposed_at: people.proposedAt,
  approved_by: people.approvedBy ?? null,
  approval_reason: people.approvalReason ?? null,
});

/** A refund with the currency of its payment. */
export type PricedRefund = RefundRow & { readonly currency?: TopupCurrency | undefined };

export const showRefund = (row: PricedRefund): Refund => ({
  id: row.refundId,
  object: 'refund',
  topup_id: row.topupId,
  account_id: row.accountId,
  status: row.status,
  credit: row.credit,
  amount_minor: row.amountMinor ?? null,
  amount: row.amountMinor === undefined || !row.currency ? null : formatMinor(row.amountMinor, row.currency),
  currency: row.currency ?? null,
  reason: row.reason ?? null,
  failure: row.failure ?? null,
  failure_reason: row.failureReason ?? null,
  requested_by: row.requestedBy ?? null,
  approved_by: row.approvedBy ?? null,
  declined_by: row.declinedBy ?? null,
  withdrawn_by: row.withdrawnBy ?? null,
  by_hand: row.byHand === undefined ? [] : [showHand(row.byHand)],
  requested_at: row.requestedAt,
  changed_at: row.changedAt,
});
