// Which days are compared with Stripe. Pure.
import { DAY_MS, refuse, Refused, startOfDay } from '../../kernel/index.js';

export interface Period {
  /** Starts of UTC days, in epoch milliseconds; the end is exclusive. */
  readonly from: number;
  readonly to: number;
}

export interface AskedDays {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The days that are asked for; by default those of a report, or yesterday. @throws Refused `invalid_period` */
export function periodOf({ from, to }: AskedDays, reported: Period | undefined, now: number): Period {
  const today = startOfDay(now);
  const period = {
    from: from ?? reported?.from ?? (to === undefined ? today : to) - DAY_MS,
    to: to ?? reported?.to ?? today,
  };
  const isWhole = startOfDay(period.from) === period.from && startOfDay(period.to) === period.to;
  if (isWhole && period.from < period.to && period.to <= today + DAY_MS) return period;
  throw new Refused(
    refuse(
      'invalid',
      'invalid_period',
      'The first day and the day after the last one must be UTC days, such as 2026-03-01; the second is later, and not in the future.',
    ),
  );
}
