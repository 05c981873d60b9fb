// What stands in the address of a page, as it may be typed by hand.
import type { Schema } from '../../api/client.ts';

type Topup = Schema<'FinanceTopup'>;
type Refund = Schema<'FinanceRefund'>;
type Dispute = Schema<'Dispute'>;
type Payout = Schema<'Payout'>;

// What may be chosen, in the order in which it is shown.
export const TOPUP_STATUSES = [
  'ordered',
  'pending',
  'paid',
  'failed',
  'expired',
  'canceled',
] as const satisfies readonly Topup['status'][];
export const TOPUP_METHODS = ['checkout', 'saved_card'] as const satisfies readonly Topup['method'][];
export const TOPUP_CURRENCIES = ['usd', 'cny'] as const satisfies readonly Topup['currency'][];
export const REFUND_STATUSES = [
  'requested',
  'approved',
  'completed',
  'failed',
  'found',
] as const satisfies readonly Refund['status'][];
export const DISPUTE_STATUSES = [
  'open',
  'won',
  'lost',
  'inquiry_closed',
] as const satisfies readonly Dispute['status'][];
export const PAYOUT_STATUSES = ['paid', 'failed'] as const satisfies readonly Payout['status'][];

export interface TopupFilters {
  readonly status?: Topup['status'] | undefined;
  readonly method?: Topup['method'] | undefined;
  readonly currency?: Topup['currency'] | undefined;
  readonly amount?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly account_id?: string | undefined;
  readonly topup_id?: string | undefined;
  readonly stripe_id?: string | undefined;
}

export interface RefundFilters {
  readonly status?: Refund['status'] | undefined;
  readonly account_id?: string | undefined;
  readonly topup_id?: string | undefined;
  /** The refund that is being looked at. */
  readonly refund?: string | undefined;
}

export interface DisputeFilters {
  readonly status?: Dispute['status'] | undefined;
  /** The dispute that is being looked at. */
  readonly dispute?: string | undefined;
}

export interface PayoutFilters {
  readonly status?: Payout['status'] | undefined;
}

export const RECONCILIATION_TABS = ['items', 'transactions', 'days', 'providers'] as const;

export interface ReconciliationFilters {
  readonly tab?: (typeof RECONCILIATION_TABS)[number] | undefined;
  readonly show?: 'open' | 'all' | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The difference that is being looked at. */
  readonly item?: string | undefined;
}

export const BOOKS_TABS = [
  'trial-balance',
  'roll-forward',
  'revenue',
  'breakage',
  'chart',
  'invoices',
  'alerts',
] as const;

export interface BooksFilters {
  readonly tab?: (typeof BOOKS_TABS)[number] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly by?: 'posting' | 'service' | undefined;
  readonly account_id?: string | undefined;
}
