// What a run would change, and has changed: per account, model and day.
import type { EventStore } from '../event-store/index.js';
import { add, type Amount, dayOf, formatUsd, max, min, subtract, usd, ZERO } from '../kernel/index.js';
import { accountPlan, type OnRead, type PlannedCharge, type ReratingScope } from './account-plan.js';

/** The charges of an account for a model on a day (UTC, of the instant of the price). */
export interface ReratingRow {
  readonly accountId: string;
  readonly model: string;
  readonly day: string;
  readonly charges: number;
  /** Charges that the new version can't price, or that a later run than the one to undo priced again. They stay as they are, and are in no sum. */
  readonly refused: number;
  /** The later runs, which have to be undone first. */
  readonly laterRuns: readonly string[];
  readonly charged: Amount;
  readonly due: Amount;
  /** What the account is charged more, by the policy for increases; negative when it gets credit back. */
  readonly difference: Amount;
  /** What the calls cost us more at their providers; negative when they cost less. */
  readonly providerDifference: Amount;
}

export interface AccountReport {
  readonly accountId: string;
  readonly rows: readonly ReratingRow[];
  readonly difference: Amount;
  readonly balance: Amount;
  /** Whether the difference that is still to be booked brings its balance below zero. */
  readonly belowZero: boolean;
}

/** An account as it is before: its balance, what of it new charges can use, and the last revision of its stream. */
export interface AccountNow {
  readonly accountId: string;
  readonly revision: number;
  readonly balance: Amount;
  readonly available: Amount;
}

type Cell = { -readonly [Name in keyof ReratingRow]: ReratingRow[Name] };

/** Reports on an account. Memory: a row for each model and day. */
export async function accountReport(
  store: EventStore,
  account: AccountNow,
  scope: ReratingScope,
  onRead?: OnRead,
): Promise<AccountReport> {
  const { accountId, revision, balance } = account;
  const cells = new Map<string, Cell>();
  let [difference, toBook, available] = [ZERO, ZERO, account.available];
  for await (const planned of accountPlan(store, { accountId, revision, onRead }, scope)) {
    const cell = cellOf(cells, accountId, planned);
    const changed = changeOf(planned, scope, available);
    cell.charges++;
    if (changed === undefined) {
      cell.refused++;
      if ('laterRun' in planned && planned.laterRun !== undefined)
        cell.laterRuns = union(cell.laterRuns, [planned.laterRun]);
      continue;
    }
    cell.charged = add(cell.charged, changed.charged);
    cell.due = add(cell.due, changed.due);
    cell.difference = add(cell.difference, changed.difference);
    cell.providerDifference = add(cell.providerDifference, changed.providerDifference);
    difference = add(difference, changed.difference);
    if ('done' in planned) continue;
    toBook = add(toBook, changed.difference);
    available = subtract(available, changed.difference);
  }
  const after = subtract(balance, toBook);
  return { accountId, rows: [...cells.values()], difference, balance, belowZero: after < ZERO && after < balance };
}

function cellOf(cells: Map<string, Cell>, accountId: string, { data: { model, pricedAt } }: PlannedCharge): Cell {
  const day = dayOf(pricedAt);
  const key = `${day} ${model}`;
  const known = cells.get(key);
  if (known !== undefined) return known;
  const sums = { charged: ZERO, due: ZERO, difference: ZERO, providerDifference: ZERO };
  const cell: Cell = { accountId, model, day, charges: 0, refused: 0, laterRuns: [], ...sums };
  cells.set(key, cell);
  return cell;
}

const union = (some: readonly string[], others: readonly string[]): readonly string[] => [
  ...new Set([...some, ...others]),
];

type Changed = Pick<ReratingRow, 'charged' | 'due' | 'difference' | 'providerDifference'>;

function changeOf(planned: PlannedCharge, { policy }: ReratingScope, available: Amount): Changed | undefined {
  if ('done' in planned) {
    const { previousCost, cost, absorbed = '0.00', previousProviderCost, providerCost } = planned.done;
    const [charged, now] = [usd(previousCost), usd(cost)];
    const providerDifference = subtract(usd(providerCost), usd(previousProviderCost));
    return { charged, due: add(now, usd(absorbed)), difference: subtract(now, charged), providerDifference };
  }
  if (planned.next === undefined) return undefined;
  const providerDifference = subtract(planned.next.providerCost, planned.present.providerCost);
  const charged = planned.present.cost;
  const { rated: due } = planned.next;
  const all = subtract(planned.next.due, charged);
  if (all <= ZERO || policy === 'bill') return { charged, due, difference: all, providerDifference };
  const difference = policy === 'absorb' ? ZERO : max(ZERO, min(all, available));
  return { charged, due, difference, providerDifference };
}

export interface ReratingTotals {
  readonly accounts: number;
  readonly charges: number;
  readonly charged: Amount;
  readonly due: Amount;
  readonly difference: Amount;
  readonly providerDifference: Amount;
  readonly refused: number;
  readonly laterRuns: readonly string[];
  readonly belowZero: number;
}

export const noTotals: ReratingTotals = {
  accounts: 0,
  charges: 0,
  charged: ZERO,
  due: ZERO,
  difference: ZERO,
  providerDifference: ZERO,
  refused: 0,
  laterRuns: [],
  belowZero: 0,
};

export const plusReport = (totals: ReratingTotals, { rows, belowZero }: AccountReport): ReratingTotals =>
  rows.reduce(
    (sums, row) => ({
      ...sums,
      charges: sums.charges + row.charges,
      charged: add(sums.charged, row.charged),
      due: add(sums.due, row.due),
      difference: add(sums.difference, row.difference),
      providerDifference: add(sums.providerDifference, row.providerDifference),
      refused: sums.refused + row.refused,
      laterRuns: union(sums.laterRuns, row.laterRuns),
    }),
    {
      ...totals,
      accounts: totals.accounts + (rows.length > 0 ? 1 : 0),
      belowZero: totals.belowZero + (belowZero ? 1 : 0),
    },
  );

/** The totals as the ledger and people see them. */
export const formatTotals = ({
  charged,
  due,
  difference,
  providerDifference,
  laterRuns,
  ...counts
}: ReratingTotals) => ({
  ...counts,
  ...(laterRuns.length > 0 && { laterRuns: [...laterRuns] }),
  charged: formatUsd(charged),
  due: formatUsd(due),
  difference: formatUsd(difference),
  providerDifference: formatUsd(providerDifference),
});

export const REPORT_COLUMNS = [
  'account',
  'model',
  'day',
  'charges',
  'refused',
  'charged',
  'due',
  'difference',
  'providerDifference',
  'laterRuns',
  'belowZero',
] as const;

/** The rows of the report as a file has them: `belowZero` is `yes` in each of an account that it brings there. */
export const reportRows = ({ rows, belowZero }: AccountReport) =>
  rows.map(({ accountId, laterRuns, ...row }) => ({
    account: accountId,
    ...row,
    laterRuns: laterRuns.join(' '),
    belowZero: belowZero ? 'yes' : '',
  }));
