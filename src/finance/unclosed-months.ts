// Which months are over and not closed. Pure.
import type { UnclosedMonth } from './overview.dto.js';

export interface Closing {
  /** The last month that was closed. */
  readonly closed: string | undefined;
  /** What waits for a second person. */
  readonly proposal: { readonly period: string; readonly proposedBy: string } | undefined;
  /** The month of the first event; undefined for an empty ledger. */
  readonly since: string | undefined;
  /** ISO 8601 */
  readonly now: string;
}

/** Months that a page lists: older ones are closed with the next. */
const MOST_LISTED = 36;

/** The oldest first. Without a closed month, any of them may be the first to be closed; the one before this month always may. */
export function unclosedMonths({ closed, proposal, since, now }: Closing): UnclosedMonth[] {
  const last = before(now.slice(0, 7));
  const first = closed === undefined ? earlier(since ?? last, last) : after(closed);
  const months: string[] = [];
  for (let month = first; month <= last; month = after(month)) months.push(month);
  return months.slice(-MOST_LISTED).map((id, index) => ({
    id,
    status: proposal?.period === id ? 'proposed' : 'open',
    proposed_by: proposal?.period === id ? proposal.proposedBy : null,
    can_be_proposed: proposal === undefined && (closed === undefined || (index === 0 && id === first)),
  }));
}

const earlier = (a: string, b: string): string => (a < b ? a : b);

const moved = (month: string, by: number): string => {
  const date = new Date(`${month}-01T00:00:00.000Z`);
  date.setUTCMonth(date.getUTCMonth() + by);
  return date.toISOString().slice(0, 7);
};
const after = (month: string): string => moved(month, 1);
const before = (month: string): string => moved(month, -1);
