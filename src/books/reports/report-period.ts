import type { WalkOptions } from '../../event-store/index.js';
import type { DateBasis } from '../booked-entries.js';

/** Of which entries a report is. */
export interface ReportPeriod extends WalkOptions {
  /** ISO 8601, inclusive. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
  /** Which date counts; the posting date without it. */
  readonly by?: DateBasis | undefined;
}

export const isBefore = (date: string, { from }: ReportPeriod): boolean => from !== undefined && date < from;
export const isWithin = (date: string, { from, to }: ReportPeriod): boolean =>
  (from === undefined || date >= from) && (to === undefined || date < to);
