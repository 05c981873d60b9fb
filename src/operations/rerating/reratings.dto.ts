// What /api takes and answers about re-rating runs.
import { RERATING_POLICIES, type ReratingPolicy } from '../../ledger/index.js';
import {
  EnumField,
  ListQuery,
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
import { formatUsd } from '../../kernel/index.js';
import { type Proposal, type ReratingRun as Run, RUN_STATUSES, type RunStatus } from '../../rerating/index.js';
import { DryRunRerating } from './rerating-request.dto.js';
import type { Sum, Totals } from './rerating-sums.js';

type Formatted = Proposal['totals'];

/** Accounts that are shown with their totals. */
export const MOST_ACCOUNTS = 100;

export class RunsQuery extends ListQuery {
  @EnumField('those with this status only', RUN_STATUSES, { optional: true })
  readonly status?: RunStatus;

  @TextField('those that undo this run only', { min: 1, max: 200, optional: true })
  readonly reverses?: string;
}

export class ProposeRerating extends DryRunRerating {
  @ReasonField()
  readonly reason!: string;
}

export class DecideRerating {
  @ReasonField()
  readonly reason!: string;
}

export class Planned {
  @ShownInteger('accounts with such charges')
  readonly accounts!: number;

  @ShownInteger()
  readonly charges!: number;

  @ShownUsd('what was charged for them')
  readonly charged!: string;

  @ShownUsd('what they are by the new prices')
  readonly due!: string;

  @ShownUsd('by how much the accounts are charged more; negative when they get credit back')
  readonly difference!: string;

  @ShownOrNull(
    'by how much the calls cost us more at their providers; negative when they cost less; null for a run of before it was told',
  )
  readonly provider_difference!: string | null;

  @ShownInteger(
    'charges that can’t be priced by the new version, or that a later run priced again; they stay as they are',
  )
  readonly refused!: number;

  @Shown('the later runs that have to be undone first, of a run that undoes another one', {
    type: String,
    isArray: true,
  })
  readonly later_runs!: readonly string[];

  @ShownInteger('accounts that it brings below zero')
  readonly below_zero!: number;
}

class Applied {
  @ShownInteger('accounts that are done, and have changed')
  readonly accounts!: number;

  @ShownInteger('their charges that have changed')
  readonly charges!: number;

  @ShownUsd('by how much they were charged more')
  readonly difference!: string;
}

export class ReratingRun {
  @Shown()
  readonly id!: string;

  @ShownAlways('rerating')
  readonly object!: 'rerating';

  @ShownEnum(RUN_STATUSES)
  readonly status!: RunStatus;

  @ShownInstant('the first instant of its period')
  readonly from!: string;

  @ShownInstant('the first instant after its period')
  readonly to!: string;

  @ShownOrNull('the version to price by; null for a run that undoes another one', { type: 'integer' })
  readonly price_version!: number | null;

  @ShownOrNull('the run that it undoes')
  readonly reverses!: string | null;

  @ShownOrNull('its only account')
  readonly account_id!: string | null;

  @ShownOrNull('its only model')
  readonly model!: string | null;

  @ShownOrNull('its only key')
  readonly key_id!: string | null;

  @ShownEnum(RERATING_POLICIES)
  readonly policy!: ReratingPolicy;

  @Shown('a user id')
  readonly proposed_by!: string;

  @ShownInstant('when it was proposed')
  readonly proposed_at!: string;

  @Shown()
  readonly reason!: string;

  @ShownOrNull('a user id')
  readonly approved_by!: string | null;

  @ShownOrNull('why they approved it; null where they did not say')
  readonly approval_reason!: string | null;

  @ShownOrNull('a user id')
  readonly cancelled_by!: string | null;

  @ShownOrNull('why it was cancelled')
  readonly cancelled_for!: string | null;

  @ShownOrNull('when it was completed or cancelled', { format: 'date-time' })
  readonly ended_at!: string | null;

  @ShownObject(Planned, 'what the dry run found')
  readonly planned!: Planned;

  @ShownObject(Applied, 'what is booked so far')
  readonly applied!: Applied;
}

class ReratingSum {
  @ShownInteger()
  readonly charges!: number;

  @ShownInteger(
    'of those, charges that can’t be priced by the new version, or that a later run priced again; they are in no sum',
  )
  readonly refused!: number;

  @ShownUsd('what was charged for them')
  readonly charged!: string;

  @ShownUsd('what they are by the new prices')
  readonly due!: string;

  @ShownUsd('by how much the accounts are charged more, by the policy; negative when they get credit back')
  readonly difference!: string;

  @ShownUsd('by how much the calls cost us more at their providers; negative when they cost less')
  readonly provider_difference!: string;
}

class ReratedModel extends ReratingSum {
  @Shown()
  readonly model!: string;
}

class ReratedDay extends ReratingSum {
  @Shown('UTC, of the instant of the price')
  readonly day!: string;
}

class ReratedAccount extends ReratingSum {
  @Shown()
  readonly account_id!: string;

  @ShownUsd('its balance now')
  readonly balance!: string;

  @Shown('whether what is still to be booked brings it below zero')
  readonly below_zero!: boolean;
}

export class ReratingTotals {
  @ShownAlways('rerating_totals')
  readonly object!: 'rerating_totals';

  @ShownObject(ReratedModel, 'the largest difference first', { isArray: true })
  readonly models!: readonly ReratedModel[];

  @ShownObject(ReratedDay, 'in their order', { isArray: true })
  readonly days!: readonly ReratedDay[];

  @ShownObject(ReratedAccount, `the largest difference first, ${MOST_ACCOUNTS} at most; the report has all`, {
    isArray: true,
  })
  readonly accounts!: readonly ReratedAccount[];

  @ShownInteger('accounts with such charges')
  readonly account_count!: number;
}

const showSum = ({ charges, refused, charged, due, difference, providerDifference }: Sum): ReratingSum => ({
  charges,
  refused,
  charged: formatUsd(charged),
  due: formatUsd(due),
  difference: formatUsd(difference),
  provider_difference: formatUsd(providerDifference),
});

export const showTotals = ({ models, days, accounts, accountCount }: Totals): ReratingTotals => ({
  object: 'rerating_totals',
  models: models.map((sum) => ({ model: sum.of, ...showSum(sum) })),
  days: days.map((sum) => ({ day: sum.of, ...showSum(sum) })),
  accounts: accounts.map((sum) => ({
    account_id: sum.of,
    ...showSum(sum),
    balance: formatUsd(sum.balance),
    below_zero: sum.belowZero,
  })),
  account_count: accountCount,
});

export function showPlanned(totals: Formatted): Planned {
  const { belowZero, providerDifference = null, laterRuns = [], ...planned } = totals;
  return { ...planned, provider_difference: providerDifference, later_runs: laterRuns, below_zero: belowZero };
}

export function showRun({ runId, status, proposal, proposedAt, ...run }: Run): ReratingRun {
  return {
    id: runId,
    object: 'rerating',
    status,
    from: proposal.from,
    to: proposal.to,
    price_version: proposal.priceVersion ?? null,
    reverses: proposal.reverses ?? null,
    account_id: proposal.accountId ?? null,
    model: proposal.model ?? null,
    key_id: proposal.keyId ?? null,
    policy: proposal.policy,
    proposed_by: proposal.by,
    proposed_at: proposedAt,
    reason: proposal.reason,
    approved_by: run.approvedBy ?? null,
    approval_reason: run.approvalReason ?? null,
    cancelled_by: run.cancelled?.by ?? null,
    cancelled_for: run.cancelled?.reason ?? null,
    ended_at: run.endedAt ?? null,
    planned: showPlanned(proposal.totals),
    applied: run.done,
  };
}
