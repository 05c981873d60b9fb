// The filters of the pages, as addresses hold them.
import type { Schema } from '../../api/client.ts';
import { dayOf, defined, oneOf, type Search, textOf } from '../../ui/address.ts';
import { type EventType, TYPE_GROUPS } from './event-words.ts';

export interface LedgerSearch {
  readonly type?: EventType;
  /** Days, in UTC as the ledger counts them. */
  readonly from?: string;
  readonly to?: string;
  /** The event that is open. */
  readonly revision?: number;
  /** The charge, or the request, that is explained. */
  readonly charge?: string;
}

export type QueueKind = Schema<'QueueItem'>['kind'];
const QUEUE_KINDS = [
  'stopped_view',
  'open_dispute',
  'fraud_warning',
  'failed_webhook',
  'payment_mismatch',
  'expired_hold',
  'usage_unknown',
  'overage',
  'late_charge',
  'unsettled_topup',
  'proposed_adjustment',
  'requested_refund',
  'unsent_refund',
  'stripe_item',
  'provider_difference',
] as const satisfies readonly QueueKind[];

export interface QueueSearch {
  readonly kind?: QueueKind;
  readonly account?: string;
  readonly status?: 'dismissed';
}

export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export interface JobsSearch {
  readonly status?: (typeof JOB_STATUSES)[number];
}

export function readLedgerSearch({ type, from, to, revision, charge }: Search): LedgerSearch {
  const types: readonly EventType[] = Object.values(TYPE_GROUPS).flat();
  const opened = typeof revision === 'number' && /^\d{1,15}$/.test(String(revision)) ? revision : undefined;
  const filters = { type: oneOf(types, type), from: dayOf(from), to: dayOf(to) };
  return defined({ ...filters, revision: opened, charge: textOf(charge) });
}

export const readQueueSearch = ({ kind, account, status }: Search): QueueSearch =>
  defined({
    kind: oneOf(QUEUE_KINDS, kind),
    account: textOf(account),
    status: oneOf(['dismissed'], status),
  });

export const readJobsSearch = ({ status }: Search): JobsSearch => defined({ status: oneOf(JOB_STATUSES, status) });

export interface ProjectionsSearch {
  /** The job that reads rows of the past. */
  readonly past?: string;
}
export const readProjectionsSearch = ({ past }: Search): ProjectionsSearch => defined({ past: textOf(past) });
