// What /api answers finance about refunds: who asked and why, what leaves, and whether this person may approve it.
import { DAY_MS, fromInstant } from '../../kernel/index.js';
import {
  EnumField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownObject,
  ShownOrNull,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { REFUND_STATUSES, type RefundRow } from '../refunds/refunds.projection.js';
import type { TopupRow } from '../topups/topups.projection.js';
import { Refund, showRefund } from './refunds.dto.js';

/** An approved refund that has not ended for so long is stuck: people may end it by hand. */
const STUCK_AFTER_MS = DAY_MS;

export class FinanceRefundsQuery extends ListQuery {
  @EnumField('those with this status only', REFUND_STATUSES, { optional: true })
  readonly status?: RefundRow['status'];

  @TextField('of this account only', { min: 1, max: 100, optional: true })
  readonly account_id?: string;

  @TextField('of this top-up only', { min: 1, max: 100, optional: true })
  readonly topup_id?: string;
}

export class FinanceRefund extends Refund {
  @ShownOrNull('Stripe’s refund')
  readonly stripe_refund!: string | null;

  @Shown('whether it was approved more than a day ago and has not ended: two people may end it by hand')
  readonly stuck!: boolean;
}

export class FinanceRefunds {
  @ShownAlways('list')
  readonly object!: 'list';

  @ShownObject(FinanceRefund, undefined, { isArray: true })
  readonly data!: readonly FinanceRefund[];
}

const APPROVALS = ['possible', 'second_person_needed', 'not_waiting'] as const;

export class FinanceRefundCase extends FinanceRefund {
  @ShownEnum(
    APPROVALS,
    'whether this person may approve it; `second_person_needed`: they asked for it, and with what else they asked for and approved on this account within a day it is more than one person may decide',
  )
  readonly approval!: (typeof APPROVALS)[number];

  @ShownUsd('what the account has now; the credit of a refund that waits has left it already')
  readonly balance!: string;

  @ShownUsd('what it can spend now')
  readonly available!: string;

  @ShownUsd('what the account has after a decline')
  readonly balance_after_decline!: string;

  @ShownUsd('what is left of the top-up’s credit')
  readonly credit_left!: string;

  @ShownUsd('the credit that the top-up bought')
  readonly credit_bought!: string;
}

export function showFinanceRefund(row: RefundRow, topup: TopupRow | undefined, now: number): FinanceRefund {
  const { status, stripeRefundId, changedAt } = row;
  return {
    ...showRefund({ ...row, currency: topup?.currency }),
    stripe_refund: stripeRefundId ?? null,
    stuck: status === 'approved' && fromInstant(changedAt) + STUCK_AFTER_MS < now,
  };
}
