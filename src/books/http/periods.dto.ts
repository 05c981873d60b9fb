// What /api takes and answers about the closing of months.
import {
  ReasonField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownObject,
  ShownOrNull,
} from '../../platform/http/index.js';
import { showSum, Sum } from '../../reconciliation/http/index.js';
import type { ClosedPeriod, CloseProposal } from '../close/periods.js';

export class PeriodDecision {
  @ReasonField()
  readonly reason!: string;
}

class OpenItem {
  @Shown('Stripe’s balance transaction, or its payout')
  readonly id!: string;

  @Shown('how it stood in the reconciliation')
  readonly status!: string;

  @ShownInstant('when it happened')
  readonly date!: string;

  @ShownObject(Sum, 'by how much Stripe exceeds the ledger', { isArray: true })
  readonly difference!: readonly Sum[];
}

class BalanceAtStripe {
  @Shown('ISO 4217')
  readonly currency!: string;

  @Shown('the last day of the month of which a comparison knew Stripe’s balance')
  readonly day!: string;

  @Shown('Stripe’s balance at the end of that day, a decimal of the currency')
  readonly stripe!: string;

  @Shown('`assets:stripe:balance` at the end of the month')
  readonly ledger!: string;

  @Shown('what Stripe has and the ledger has not')
  readonly rest!: string;
}

class ClosedBalance {
  @Shown('the account')
  readonly account!: string;

  @Shown('ISO 4217')
  readonly currency!: string;

  @Shown('a decimal of the currency; credit balances negative')
  readonly balance!: string;
}

const PERIOD_STATUSES = ['open', 'proposed', 'closed'] as const;
const integerOrNull = { type: 'integer', nullable: true };

/** A month of the books. What was not decided yet is null. */
export class AccountingPeriod {
  @Shown('the UTC month, such as 2026-03')
  readonly id!: string;

  @ShownAlways('accounting_period')
  readonly object!: 'accounting_period';

  @ShownEnum(PERIOD_STATUSES, '`proposed`: nothing is booked into it any more, and it waits for a second person')
  readonly status!: (typeof PERIOD_STATUSES)[number];

  @ShownOrNull('a user id')
  readonly proposed_by!: string | null;

  @ShownOrNull('a user id')
  readonly approved_by!: string | null;

  @ShownOrNull('why they approved it; null where they did not say')
  readonly approval_reason!: string | null;

  @ShownOrNull('why it may be closed')
  readonly reason!: string | null;

  @ShownOrNull('when it was proposed, or closed (ISO 8601)')
  readonly decided_at!: string | null;

  @Shown('how many items of the reconciliation were open at the proposal', integerOrNull)
  readonly open_items!: number | null;

  @ShownObject(OpenItem, 'the oldest of them', { isArray: true })
  readonly oldest_open_items!: readonly OpenItem[];

  @ShownObject(BalanceAtStripe, 'how it stands to Stripe; empty where no comparison knew a balance of it', {
    isArray: true,
  })
  readonly stripe_balances!: readonly BalanceAtStripe[];

  @Shown('its days that were never compared with Stripe after they ended; null where that was not recorded', {
    type: 'array',
    items: { type: 'string', format: 'date' },
    nullable: true,
  })
  readonly uncompared_days!: readonly string[] | null;

  @Shown('entries booked up to its end', integerOrNull)
  readonly entries!: number | null;

  @ShownOrNull('SHA-256 of the canonical JSON (RFC 8785) of the trial balance, as the event has it, in hex')
  readonly digest!: string | null;

  @Shown('the position of the log up to which the books were read', integerOrNull)
  readonly position!: number | null;

  @Shown('how many events the checkpoint seals', integerOrNull)
  readonly tree_size!: number | null;

  @ShownOrNull('a signed checkpoint of the log up to that position or further')
  readonly checkpoint!: string | null;
}

export class AccountingPeriodBooks extends AccountingPeriod {
  @ShownObject(ClosedBalance, 'the balance of every account at its end; empty while it is not closed', {
    isArray: true,
  })
  readonly trial_balance!: readonly ClosedBalance[];
}

type Decided = CloseProposal & Partial<ClosedPeriod>;

const openPeriod = (id: string): AccountingPeriod => ({
  id,
  object: 'accounting_period',
  status: 'open',
  proposed_by: null,
  approved_by: null,
  approval_reason: null,
  reason: null,
  decided_at: null,
  open_items: null,
  oldest_open_items: [],
  stripe_balances: [],
  uncompared_days: null,
  entries: null,
  digest: null,
  position: null,
  tree_size: null,
  checkpoint: null,
});

/** A month as what was decided about it says. */
export const showPeriod = (id: string, decided: Decided | undefined): AccountingPeriod =>
  decided === undefined
    ? openPeriod(id)
    : {
        ...openPeriod(id),
        status: decided.approvedBy === undefined ? 'proposed' : 'closed',
        proposed_by: decided.proposedBy,
        approved_by: decided.approvedBy ?? null,
        approval_reason: decided.approvalReason ?? null,
        reason: decided.reason,
        decided_at: decided.at,
        open_items: decided.openItems,
        oldest_open_items: (decided.oldestOpenItems ?? []).map(showItem),
        stripe_balances: decided.stripeBalances ?? [],
        uncompared_days: decided.uncomparedDays ?? null,
        entries: decided.entries ?? null,
        digest: decided.digest ?? null,
        position: decided.position ?? null,
        tree_size: decided.treeSize ?? null,
        checkpoint: decided.checkpoint ?? null,
      };

export const showBooks = (id: string, decided: Decided | undefined): AccountingPeriodBooks => ({
  ...showPeriod(id, decided),
  trial_balance: decided?.trialBalance ?? [],
});

const showItem = ({ itemId, difference, ...item }: NonNullable<Decided['oldestOpenItems']>[number]): OpenItem => ({
  id: itemId,
  ...item,
  difference: difference.map(showSum),
});
