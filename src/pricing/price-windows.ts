// Times of the week in minutes since Sunday 00:00 UTC.
import { WEEKDAYS, type ContextLimit, type Weekday, type WindowTimes } from './price-list.js';

const DAY_MINUTES = 24 * 60;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** A span of the week, in minutes since Sunday 00:00 UTC, `start` inclusive, `end` exclusive. */
export interface WeekSpan {
  readonly start: number;
  readonly end: number;
}

/** The minute of the week an instant falls into. */
export function minuteOfWeek(epochMs: number): number {
  const date = new Date(epochMs);
  return date.getUTCDay() * DAY_MINUTES + date.getUTCHours() * 60 + date.getUTCMinutes();
}

function minuteOfDay(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return Number.parseInt(hours, 10) * 60 + Number.parseInt(minutes, 10);
}

/**
 * The stretches of the week a window covers, none of them across the end of the week. A window that closes at or before
 * the time it opens runs into the next day; one that opens and closes at the same time covers nothing.
 */
export function weekSpans({ days, from, to }: WindowTimes): WeekSpan[] {
  const opens = minuteOfDay(from);
  const closes = minuteOfDay(to);
  if (opens === closes) return [];
  const length = closes > opens ? closes - opens : closes + DAY_MINUTES - opens;
  const opening: readonly Weekday[] = days ?? WEEKDAYS;
  return opening.flatMap((day) => {
    const start = WEEKDAYS.indexOf(day) * DAY_MINUTES + opens;
    const end = start + length;
    if (end <= WEEK_MINUTES) return [{ start, end }];
    return [
      { start, end: WEEK_MINUTES },
      { start: 0, end: end - WEEK_MINUTES },
    ];
  });
}

export const overlap = (a: WeekSpan, b: WeekSpan): boolean => a.start < b.end && b.start < a.end;

/** The largest prompt within a context limit. */
export const largestPrompt = (limit: ContextLimit): number => ('<' in limit ? limit['<'] - 1 : limit['<=']);

/** A window for people, such as `mon,tue 09:00-12:00`, in UTC. */
export const windowText = ({ days = [], from, to }: WindowTimes): string => `${days.join(',')} ${from}-${to}`.trim();
