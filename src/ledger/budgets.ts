// What a key has spent in the running day, week, month and in all, against the budgets its owner set. Pure.
import { add, type Amount, formatUsd, subtract, usd, ZERO } from '../kernel/index.js';
import type { KeySettings } from './account.events.js';

export const PERIODS = ['daily', 'weekly', 'monthly', 'total'] as const;
export type Period = (typeof PERIODS)[number];

interface PeriodSpend {
  /** Which day, week or month it is, counted from the epoch. */
  readonly index: number;
  readonly amount: Amount;
}

export type Spend = Readonly<Record<Period, PeriodSpend>>;

const DAY_MS = 86_400_000;
const budgetField = {
  daily: 'budgetDaily',
  weekly: 'budgetWeekly',
  monthly: 'budgetMonthly',
  total: 'budgetTotal',
} as const satisfies Record<Period, keyof KeySettings>;

/** The number of the UTC period an instant falls into. Weeks start on Monday; 1970-01-01 was a Thursday. */
export function periodIndex(period: Period, at: number): number {
  const day = (at - (at % DAY_MS)) / DAY_MS;
  if (period === 'daily') return day;
  if (period === 'weekly') return (day + 3 - ((day + 3) % 7)) / 7;
  if (period === 'total') return 0;
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

const nothing: PeriodSpend = { index: 0, amount: ZERO };
export const noSpend: Spend = { daily: nothing, weekly: nothing, monthly: nothing, total: nothing };

/** What was spent in the period that `at` falls into. */
export function spentIn(spend: Spend, period: Period, at: number): Amount {
  const { index, amount } = spend[period];
  return index === periodIndex(period, at) ? amount : ZERO;
}

/** The spend with one more charge at `at`. */
export function withCharge(spend: Spend, cost: Amount, at: number): Spend {
  const charge = (period: Period): PeriodSpend => ({
    index: periodIndex(period, at),
    amount: add(spentIn(spend, period, at), cost),
  });
  return { daily: charge('daily'), weekly: charge('weekly'), monthly: charge('monthly'), total: charge('total') };
}

export interface BudgetState {
  readonly period: Period;
  readonly budget: Amount;
  readonly spent: Amount;
  /** What it can still spend beside what it holds. */
  readonly left: Amount;
}

/** Every budget of a key, with what is left of it. */
export function budgets(settings: KeySettings, spend: Spend, held: Amount, at: number): BudgetState[] {
  return PERIODS.flatMap((period) => {
    const text = settings[budgetField[period]];
    if (text === undefined) return [];
    const budget = usd(text);
    const spent = spentIn(spend, period, at);
    return [{ period, budget, spent, left: subtract(subtract(budget, spent), held) }];
  });
}

export const describeBudget = ({ period, budget, spent }: BudgetState): string =>
  `${period} budget of $${formatUsd(budget)} (spent $${formatUsd(spent)})`;
