// What the address of /usage says: which calls are shown. It can be mailed.
import { dayOf, defined, oneOf, type Search, textOf } from '../../ui/address.ts';

export const GROUPS = ['day', 'model', 'key'] as const;
const STATUSES = ['open', 'charged', 'released'] as const;

export interface UsageSearch {
  /** Days, such as 2026-03-01 (UTC), both included. */
  readonly from?: string;
  readonly to?: string;
  readonly model?: string;
  readonly key_id?: string;
  readonly request_id?: string;
  readonly status?: (typeof STATUSES)[number];
  readonly group?: (typeof GROUPS)[number];
}

const DAY_MS = 86_400_000;

export const usageSearch = (search: Search): UsageSearch =>
  defined({
    from: dayOf(search['from']),
    to: dayOf(search['to']),
    model: textOf(search['model']),
    key_id: textOf(search['key_id']),
    request_id: textOf(search['request_id']),
    status: oneOf(STATUSES, search['status']),
    group: oneOf(GROUPS, search['group']),
  });

/** The period as /api takes it: `to` is the day after the last. */
export const periodOf = ({ from, to }: UsageSearch) =>
  defined({ from, to: to === undefined ? undefined : dayAfter(to) });

function dayAfter(day: string): string {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS);
  // A day that there is not is for /api to refuse, in words.
  return next.getTime() === next.getTime() ? next.toISOString().slice(0, 10) : day;
}

/** A day in UTC. */
export const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** An address of /api with a query. */
export const addressOf = (path: string, query: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(query).toString()}`;

const MOST_BARS = 60;

/** What a chart has room for: the latest days, which come last, or what cost most, which comes first. */
export const drawnOf = <Line>(lines: readonly Line[], group: (typeof GROUPS)[number]): readonly Line[] =>
  group === 'day' ? lines.slice(-MOST_BARS) : lines.slice(0, MOST_BARS);
