import { monthOf, toInstant } from '../../kernel/index.js';
import type { StatementPeriod } from './statement.js';

/**
 * The period of a statement: without `from` since the beginning of the month of its end (UTC), and never beyond now, for what is still to come
 * would be missing. Undefined when it is empty.
 */
export function statementPeriod(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): StatementPeriod | undefined {
  const latest = toInstant(now);
  const end = to === undefined || to > latest ? latest : to;
  const start = from ?? `${monthOf(lastInstantBefore(end))}-01T00:00:00.000Z`;
  return start < end ? { from: start, to: end } : undefined;
}

/** A period that ends with a month is of that month, though its end is the first instant of the next. */
const lastInstantBefore = (instant: string): string => toInstant(Date.parse(instant) - 1);

export interface CalendarMonth {
  readonly month: string;
  readonly from: string;
  /** The first instant after it. */
  readonly to: string;
  readonly complete: boolean;
}

/** The months (UTC) since an account was opened, newest first. Instants are in epoch milliseconds. */
export function statementMonths(openedAt: number, now: number): readonly CalendarMonth[] {
  const months: CalendarMonth[] = [];
  const first = monthOf(toInstant(openedAt));
  for (let at = now; monthOf(toInstant(at)) >= first; at = Date.parse(months.at(-1)?.from ?? '') - 1) {
    const month = monthOf(toInstant(at));
    const date = new Date(at);
    const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    months.push({ month, from: `${month}-01T00:00:00.000Z`, to: toInstant(end), complete: end <= now });
  }
  return months;
}
