// What stands in the address of a page, as it may be typed by hand.
import type { Schema } from '../../api/client.ts';

/** A text; a number that was typed is one, too. */
export const textOf = (value: unknown): string | undefined =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;

export const oneOf = <Value extends string>(value: unknown, values: readonly Value[]): Value | undefined =>
  values.find((each) => each === value);

export interface TopupFilters {
  readonly status?: Schema<'FinanceTopup'>['status'] | undefined;
  readonly method?: Schema<'FinanceTopup'>['method'] | undefined;
  readonly currency?: Schema<'FinanceTopup'>['currency'] | undefined;
  readonly amount?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly account_id?: string | undefined;
  readonly topup_id?: string | undefined;
  readonly stripe_id?: string | undefined;
}

export interface RefundFilters {
  readonly status?: Schema<'FinanceRefund'>['status'] | undefined;
  readonly account_id?: string | undefined;
  readonly topup_id?: string | undefined;
  /** The refund that is being looked at. */
  readonly refund?: string | undefined;
}

export interface DisputeFilters {
  readonly status?: Schema<'Dispute'>['status'] | undefined;
  /** The dispute that is being looked at. */
  readonly dispute?: string | undefined;
}

export interface PayoutFilters {
  readonly status?: Schema<'Payout'>['status'] | undefined;
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
