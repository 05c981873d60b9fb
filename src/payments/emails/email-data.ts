// What emails about money are written from.
import type { EmailRow } from './emails.projection.js';

/** The data of an event that customers get an email about. */
export type Data<T extends EmailRow['event']['type']> = Extract<EmailRow['event'], { type: T }>['data'];

/** Facts that the event does not contain; the email leaves unknown ones out. */
export interface Facts {
  /** The account and the credit, for an event that only names a top-up. */
  readonly accountId?: string | undefined;
  readonly credit?: string | undefined;
  /** The price of the credit and the amount refunded, such as `72.00 CNY`. */
  readonly paid?: string | undefined;
  readonly back?: string | undefined;
  readonly receipt?: string | undefined;
  /** Whether it was paid with a saved card. */
  readonly automatic?: boolean | undefined;
  readonly refundWindowDays: number;
  /** The disputed top-up, and the disputed part of its credit. */
  readonly disputed?: { readonly topupId: string; readonly amount: string } | undefined;
  readonly monthlyCeiling?: string | undefined;
  /** Where credit is bought. */
  readonly topupPage?: string | undefined;
}

/** What calls that were priced again come to, as a positive amount (USD). */
export interface Rerated {
  readonly runId: string;
  readonly charges: number;
  readonly amount: string;
  readonly isCheaper: boolean;
}
