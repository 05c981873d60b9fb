// How what we owe customers came about: opening balance, what changed it by kind, closing balance, for each account and in all. It is the
// sum of three accounts: unused credit, refunds under way, less what customers owe us. Credit is in US dollars, so no exchange rate moves it.
import type { EventStore, RecordedEvent } from '../../event-store/index.js';
import { formatUsd, type JsonObject, picoUsd, sum, usd, usdOf } from '../../kernel/index.js';
import { accountOfStream, CHART } from '../../ledger/index.js';
import { type BookedEntry, bookedEntries, dateOf } from '../booked-entries.js';
import { isBefore, isWithin, type ReportPeriod } from './report-period.js';

export const ROLL_FORWARD_COLUMNS = [
  'opening',
  'topups',
  'bonus',
  'usage',
  'rerated',
  'refunds',
  'expiry',
  'disputes',
  'adjustments',
  'other',
  'closing',
] as const;
type Column = (typeof ROLL_FORWARD_COLUMNS)[number];

/** The kind of change that an event makes; anything not named here is "other". */
const COLUMN_OF: Readonly<Partial<Record<string, Column>>> = {
  CreditPurchased: 'topups',
  CreditGranted: 'bonus',
  TokensCharged: 'usage',
  ChargeRerated: 'rerated',
  RefundCompleted: 'refunds',
  RefundFailed: 'refunds',
  CreditExpired: 'expiry',
  DisputeFundsWithdrawn: 'disputes',
  DisputeFundsReinstated: 'disputes',
  BalanceAdjusted: 'adjustments',
};

/** What the rows of all accounts together have for an account. */
export const ALL_ACCOUNTS = 'all';

export const CREDIT_KINDS = ['paid', 'bonus', 'all'] as const;

/** Amounts are USD, exact decimals. A type, so that it prints as any row does. */
export type RollForwardRow = { readonly account_id: string; readonly kind: (typeof CREDIT_KINDS)[number] } & {
  readonly [Name in Column]: string;
};

/** By the place of a column. */
type Sums = bigint[];
const none = (): Sums => ROLL_FORWARD_COLUMNS.map(() => 0n);
const place = (column: Column): number => ROLL_FORWARD_COLUMNS.indexOf(column);
const CLOSING = place('closing');

/** Paid credit less what customers owe, and bonus credit. */
interface Liability {
  readonly paid: Sums;
  readonly bonus: Sums;
}

export interface RollForwardWish extends ReportPeriod {
  /** Of this account alone. */
  readonly accountId?: string | undefined;
}

/**
 * The rows of each account, of its paid and of its bonus credit, and at the end those of all accounts together; with an account, those of
 * that one alone.
 */
export async function* rollForward(store: EventStore, wish: RollForwardWish): AsyncGenerator<RollForwardRow> {
  const accounts = new Map<string, Liability>();
  const bonusLots = new BonusLots();
  for await (const entry of bookedEntries(store, wish)) {
    const accountId = accountOfStream(entry.event.stream);
    if (accountId === undefined || accountId !== (wish.accountId ?? accountId)) continue;
    const change = changeOf(entry);
    const bonus = bonusLots.changeBy(accountId, entry.event, change);
    const date = dateOf(entry, wish.by ?? 'posting');
    const column = isBefore(date, wish)
      ? 'opening'
      : isWithin(date, wish)
        ? (COLUMN_OF[entry.event.type] ?? 'other')
        : undefined;
    if (column === undefined || (change === 0n && bonus === 0n)) continue;
    const liability = accounts.get(accountId) ?? { paid: none(), bonus: none() };
    accounts.set(accountId, liability);
    book(liability.paid, column, change - bonus);
    book(liability.bonus, column, bonus);
  }
  const total = { paid: none(), bonus: none() };
  for (const [accountId, { paid, bonus }] of accounts) {
    add(total.paid, paid);
    add(total.bonus, bonus);
    if (wish.accountId !== undefined) continue;
    if (paid.some(Boolean)) yield rowOf(accountId, 'paid', paid);
    if (bonus.some(Boolean)) yield rowOf(accountId, 'bonus', bonus);
  }
  const whose = wish.accountId ?? ALL_ACCOUNTS;
  yield rowOf(whose, 'paid', total.paid);
  yield rowOf(whose, 'bonus', total.bonus);
  add(total.paid, total.bonus);
  yield rowOf(whose, 'all', total.paid);
}

/** By how much what we owe a customer grew. */
const changeOf = ({ postings }: BookedEntry): bigint => -sum(postings.filter(ofCustomers).map(usdOf));

const CUSTOMERS: ReadonlySet<string> = new Set([CHART.customerCredit, CHART.customerReceivable, CHART.customerRefunds]);
const ofCustomers = ({ account }: { readonly account: string }): boolean => CUSTOMERS.has(account);

function book(sums: Sums, column: Column, change: bigint): void {
  sums[place(column)] = (sums[place(column)] ?? 0n) + change;
  sums[CLOSING] = (sums[CLOSING] ?? 0n) + change;
}

const add = (sums: Sums, more: Sums): void =>
  more.forEach((amount, index) => (sums[index] = (sums[index] ?? 0n) + amount));

const rowOf = (accountId: string, kind: RollForwardRow['kind'], sums: Sums): RollForwardRow => ({
  account_id: accountId,
  kind,
  ...(Object.fromEntries(
    ROLL_FORWARD_COLUMNS.map((column, index) => [column, formatUsd(picoUsd(sums[index] ?? 0n))]),
  ) as Record<Column, string>),
});

interface Slice {
  readonly lotId: string;
  readonly amount: string;
}

/** Which lots are bonus credit, as charges name only lots. */
class BonusLots {
  readonly #ids = new Set<string>();

  /** By how much the bonus credit of an account grew with an event that made what we owe it grow by `change`. */
  changeBy(accountId: string, { type, data }: RecordedEvent, change: bigint): bigint {
    const isBonus = (lotId: unknown): boolean => this.#ids.has(`${accountId}/${String(lotId)}`);
    if (type === 'CreditGranted') return this.#made(accountId, data['lotId'], data);
    if (type === 'BalanceAdjusted' && change > 0n) return this.#made(accountId, data['adjustmentId'], data);
    // What paid off a debt left the lot, too, and what we owe stayed the same.
    if (type === 'CreditExpired')
      return data['kind'] === 'bonus' ? change - usd(String(data['coveredDebt'] ?? '0')) : 0n;
    const slices = ((data['slices'] ?? []) as unknown as readonly Slice[]).filter(({ lotId }) => isBonus(lotId));
    const moved = sum(slices.map(({ amount }) => usd(amount)));
    return (change < 0n ? -moved : moved) + this.#successors(accountId, data);
  }

  #made(accountId: string, lotId: unknown, { amount, coveredDebt }: JsonObject): bigint {
    this.#ids.add(`${accountId}/${String(lotId)}`);
    return usd(String(amount)) - usd(String(coveredDebt ?? '0'));
  }

  /** The bonus lots that a charge rated again made for credit that could not go back where it came from. */
  #successors(accountId: string, { successors = [] }: JsonObject): bigint {
    const made = successors as unknown as readonly (Slice & { readonly kind: string })[];
    const bonus = made.filter(({ kind }) => kind === 'bonus');
    for (const { lotId } of bonus) this.#ids.add(`${accountId}/${lotId}`);
    return sum(bonus.map(({ amount }) => usd(amount)));
  }
}
