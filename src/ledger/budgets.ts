// What a key has spent in the current day, week and month and in total, against the budgets that its owner set. Pure.
import { add, type Amount, DAY_MS, formatUsd, subtract, toInstant, usd, wholeSeconds, ZERO } from '../kernel/index.js';
import type { KeySettings } from './account.events.js';

const PERIODS = ['daily', 'weekly', 'monthly', 'total'] as const;
export type Period = (typeof PERIODS)[number];

interface PeriodSpend {
  /** Which day, week or month it is, counted from the epoch. */
  readonly index: number;
  readonly amount: Amount;
}

export type Spend = Readonly<Record<Period, PeriodSpend>>;

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

/** When the period that `at` falls into ends and its budget is reset; undefined for the total, which never is. */
export function periodEnd(period: Period, at: number): number | undefined {
  const next = periodIndex(period, at) + 1;
  if (period === 'daily') return next * DAY_MS;
  if (period === 'weekly') return (7 * next - 3) * DAY_MS;
  return period === 'monthly' ? Date.UTC((next - (next % 12)) / 12, next % 12) : undefined;
}

const nothing: PeriodSpend = { index: 0, amount: ZERO };
export const noSpend: Spend = { daily: nothing, weekly: nothing, monthly: nothing, total: nothing };

/** What was spent in the period that `at` falls into. */
export function spentIn(spend: Spend, period: Period, at: number): Amount {
  const { index, amount } = spend[period];
  return index === periodIndex(period, at) ? amount : ZERO;
}

/** The spend after one more charge at `at`. */
export function withCharge(spend: Spend, cost: Amount, at: number): Spend {
  const charge = (period: Period): PeriodSpend => {
    const index = periodIndex(period, at);
    const { index: latest, amount } = spend[period];
    return { index, amount: index === latest ? add(amount, cost) : cost };
  };
  return { daily: charge('daily'), weekly: charge('weekly'), monthly: charge('monthly'), total: charge('total') };
}

/** Corrects a spend after a clock was ahead: what was charged to a future period counts in the period of `at`. */
export function redated(spend: Spend, at: number): Spend {
  const redate = (period: Period): PeriodSpend => {
    const { index, amount } = spend[period];
    return { index: Math.min(index, periodIndex(period, at)), amount };
  };
  return { daily: redate('daily'), weekly: redate('weekly'), monthly: redate('monthly'), total: redate('total') };
}

export interface BudgetState {
  readonly period: Period;
  readonly budget: Amount;
  readonly spent: Amount;
  /** What calls in flight may still cost. */
  readonly held: Amount;
  /** What new calls can spend. */
  readonly left: Amount;
}

/** Whether a key has any budget. */
export const isBudgeted = (settings: KeySettings): boolean =>
  PERIODS.some((period) => settings[budgetField[period]] !== undefined);

/** The budgets of a key, with what is left of each. */
export function budgets(settings: KeySettings, spend: Spend, held: Amount, at: number): BudgetState[] {
  return PERIODS.flatMap((period) => {
    const text = settings[budgetField[period]];
    if (text === undefined) return [];
    const budget = usd(text);
    const spent = spentIn(spend, period, at);
    return [{ period, budget, spent, held, left: subtract(subtract(budget, spent), held) }];
  });
}

/** Of the budgets that an amount exceeds, the one that has room for it last; undefined when it exceeds none. */
export const lastToFree = (all: readonly BudgetState[], amount: Amount, at: number): BudgetState | undefined =>
  all
    .filter(({ left }) => amount > left)
    .reduce<BudgetState | undefined>(
      (last, one) => (last && freesAt(last, amount, at) >= freesAt(one, amount, at) ? last : one),
      undefined,
    );

/** When an amount that exceeds a budget fits into it: `at` when only calls in flight prevent it, never when the budget is smaller. */
function freesAt({ period, budget, spent }: BudgetState, amount: Amount, at: number): number {
  if (amount > budget) return Infinity;
  if (amount <= subtract(budget, spent)) return at;
  return periodEnd(period, at) ?? Infinity;
}

/** A budget that an amount exceeds, as a sentence: its figures, and what to do. */
export function describeBudget(state: BudgetState, amount: Amount, at: number): string {
  const { period, budget, spent, held } = state;
  const figures = `spent $${formatUsd(spent)}${held > ZERO ? `, $${formatUsd(held)} held for calls under way` : ''}`;
  return `${period} budget of $${formatUsd(budget)} (${figures}). ${way(state, amount, at)}`;
}

function way(state: BudgetState, amount: Amount, at: number): string {
  const frees = freesAt(state, amount, at);
  if (frees === at) return 'Try again when those calls have ended: they may cost less.';
  if (frees === Infinity) return 'Ask for fewer tokens, or raise the budget.';
  return `It begins anew at ${toInstant(frees)}.`;
}

/** The seconds after which to try again; undefined when waiting does not help. */
export function retryAfterSeconds(state: BudgetState, amount: Amount, at: number): number | undefined {
  const frees = freesAt(state, amount, at);
  return frees === Infinity ? undefined : Math.max(1, wholeSeconds(frees - at));
}
