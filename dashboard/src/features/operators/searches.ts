// What the addresses of these pages carry, so that a view can be mailed.
import { oneOf, type Search, textOf } from '../../ui/address.ts';

export const ACCOUNT_STATES = ['suspended', 'closed'] as const;
export interface AccountsSearch {
  readonly search?: string | undefined;
  readonly state?: (typeof ACCOUNT_STATES)[number] | undefined;
}
export const readAccountsSearch = (raw: Search): AccountsSearch => ({
  search: textOf(raw['search']),
  state: oneOf(ACCOUNT_STATES, raw['state']),
});

export const RUN_STATUSES = ['proposed', 'approved', 'completed', 'cancelled'] as const;
export interface RunsSearch {
  readonly status?: (typeof RUN_STATUSES)[number] | undefined;
}
export const readRunsSearch = (raw: Search): RunsSearch => ({ status: oneOf(RUN_STATUSES, raw['status']) });

export const POLICIES = ['absorb', 'bill', 'bill_to_zero'] as const;
/** What a new re-rating begins with, or the job that makes its dry run. */
export interface NewRunSearch {
  readonly price_version?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly account_id?: string | undefined;
  readonly model?: string | undefined;
  readonly policy?: (typeof POLICIES)[number] | undefined;
  readonly job?: string | undefined;
}
export const readNewRunSearch = (raw: Search): NewRunSearch => ({
  price_version: typeof raw['price_version'] === 'number' ? raw['price_version'] : undefined,
  from: textOf(raw['from']),
  to: textOf(raw['to']),
  account_id: textOf(raw['account_id']),
  model: textOf(raw['model']),
  policy: oneOf(POLICIES, raw['policy']),
  job: textOf(raw['job']),
});

export interface RunSearch {
  /** The job that books it. */
  readonly job?: string | undefined;
}
export const readRunSearch = (raw: Search): RunSearch => ({ job: textOf(raw['job']) });

export const ACCOUNT_TABS = ['credit', 'calls', 'entries', 'payments', 'keys', 'corrections'] as const;
export type AccountTab = (typeof ACCOUNT_TABS)[number];
export interface AccountSearch {
  readonly tab?: AccountTab | undefined;
  /** An instant (ISO 8601). */
  readonly as_of?: string | undefined;
}
export const readAccountSearch = (raw: Search): AccountSearch => ({
  tab: oneOf(ACCOUNT_TABS, raw['tab']),
  as_of: textOf(raw['as_of']),
});
