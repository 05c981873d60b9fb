// The figures of an account's first page. Pure.
import { add, type Amount, DAY_MS, dayOf, formatUsd, picoUsd, toInstant, usd, ZERO } from '../../kernel/index.js';
import type { UsageRow } from '../../ledger/index.js';

/** Days that are shown, today included. */
const SHOWN_DAYS = 30;
const BURN_DAYS = 7;

export interface Spend {
  readonly today: string;
  readonly last_7_days: string;
  readonly last_30_days: string;
  /** Every day, oldest first, those without calls too. */
  readonly by_day: readonly { readonly day: string; readonly requests: number; readonly cost: string }[];
  /** The dearest first. */
  readonly by_model: readonly { readonly model: string; readonly requests: number; readonly cost: string }[];
  readonly burnPerDay: Amount;
}

interface Group {
  requests: number;
  cost: Amount;
}

/** The first day that is shown, when today is the day of `now`. */
export const firstDayOf = (now: number): string => dayOf(toInstant(now - (SHOWN_DAYS - 1) * DAY_MS));

/** Sums rows of the days that are shown. */
export async function spendOf(rows: AsyncIterable<UsageRow> | Iterable<UsageRow>, now: number): Promise<Spend> {
  const days = new Map<string, Group>();
  for (let ago = SHOWN_DAYS - 1; ago >= 0; ago--)
    days.set(dayOf(toInstant(now - ago * DAY_MS)), { requests: 0, cost: ZERO });
  const models = new Map<string, Group>();
  for await (const row of rows) {
    const day = days.get(row.day);
    if (day === undefined) continue;
    const model = models.get(row.model) ?? { requests: 0, cost: ZERO };
    models.set(row.model, model);
    for (const group of [day, model]) {
      group.requests += row.requests;
      group.cost = add(group.cost, usd(row.cost));
    }
  }
  const all = [...days.values()];
  const byCost = [...models].toSorted(([a, { cost: x }], [b, { cost: y }]) =>
    x === y ? (a < b ? -1 : 1) : x > y ? -1 : 1,
  );
  return {
    today: formatUsd(total(all.slice(-1))),
    last_7_days: formatUsd(total(all.slice(-7))),
    last_30_days: formatUsd(total(all)),
    by_day: [...days].map(([day, { requests, cost }]) => ({ day, requests, cost: formatUsd(cost) })),
    by_model: byCost.map(([model, { requests, cost }]) => ({ model, requests, cost: formatUsd(cost) })),
    burnPerDay: burnPerDay(all.slice(-BURN_DAYS)),
  };
}

const total = (groups: readonly Group[]): Amount => groups.reduce((sum, { cost }) => add(sum, cost), ZERO);

/** What a day with calls costs on average. Rounded up to a pico-dollar, so that the credit never seems to last longer than it does. */
function burnPerDay(days: readonly Group[]): Amount {
  const used = days.filter(({ requests }) => requests > 0);
  if (used.length === 0) return ZERO;
  const count = BigInt(used.length);
  return picoUsd((total(used) + count - 1n) / count);
}

/** How many days credit lasts at a rate, in tenths, rounded down; null when nothing is spent. */
export function daysLeft(credit: Amount, perDay: Amount): string | null {
  if (perDay <= ZERO) return null;
  const tenths = credit <= ZERO ? 0n : (credit * 10n) / perDay;
  return `${tenths / 10n}.${tenths % 10n}`;
}

const FEW_TENTHS = 30n;

/** Whether somebody should top up: there is nothing left, or it lasts less than three days. */
export function isLow(credit: Amount, perDay: Amount): boolean {
  if (credit <= ZERO) return true;
  return perDay > ZERO && credit * 10n < perDay * FEW_TENTHS;
}
