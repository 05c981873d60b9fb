// Stripe's reports as files: "Balance change from activity" and "Payouts", itemised, and "Balance summary" of the Balance report. Columns:
// docs.stripe.com/reports/report-types/balance. Amounts are in major units there, with a decimal point. An automatic payout is dated by its
// expected arrival at the bank (`effective_at`), when these reports take it off the balance, and not by when it was made.
import { DAY_MS, readInstant, Refused, refuse, startOfDay } from '../../kernel/index.js';
import { moneyText, readMinor } from '../../payments/index.js';
import { type CsvTable, readCsvTable } from '../csv-table.js';
import { type Balances, isPayout, itemIdOf, type Statement, type StripeTransaction } from './stripe-balance.js';
import { netOf } from './compare.js';
import { type AskedDays, type Period, periodOf } from './period.js';

type Row = CsvTable['rows'][number];

/** A file’s name, for messages, and its text. */
export interface CsvFile {
  readonly name: string;
  readonly text: string;
}

/** Stripe’s side of a reconciliation as files of its reports have it. */
export class CsvStatement implements Statement {
  readonly #transactions = new Map<string, StripeTransaction>();
  readonly #opening = new Map<string, number>();
  readonly #closing = new Map<string, number>();
  #datesPayoutsByArrival = true;

  /** @throws Refused `invalid_report` with what is wrong, and where */
  constructor(files: readonly CsvFile[]) {
    for (const { name, text } of files) this.#read(name, text);
    this.#checkSummary();
  }

  get payoutsUntil(): number | undefined {
    return this.#datesPayoutsByArrival ? this.period?.to : undefined;
  }

  /** The days of its transactions; undefined when there are none. */
  get period(): Period | undefined {
    const times = [...this.#transactions.values()].map(({ createdAt }) => createdAt).toSorted((a, b) => a - b);
    const [first, last] = [times[0], times.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    return { from: startOfDay(first), to: startOfDay(last) + DAY_MS };
  }

  /**
   * The days to compare: those that are asked for, by default those of its transactions. Reports without any don’t say of which days they are.
   * @throws Refused `invalid_period`
   */
  days(asked: AskedDays, now: number): Period {
    if (this.period !== undefined || (asked.from !== undefined && asked.to !== undefined))
      return periodOf(asked, this.period, now);
    const what = 'The reports have no transaction, so they don’t say of which days they are: name the first day';
    throw new Refused(refuse('invalid', 'invalid_period', `${what} and the day after the last one.`));
  }

  async *transactions(from: number, to: number): AsyncGenerator<StripeTransaction> {
    for (const transaction of this.#transactions.values()) {
      if (transaction.createdAt >= from && transaction.createdAt < to) yield transaction;
    }
  }

  async find(itemId: string): Promise<readonly StripeTransaction[]> {
    return [...this.#transactions.values()].filter((transaction) => itemIdOf(transaction) === itemId);
  }

  /**
   * A balance summary tells the balance at the end of its period, which must be that of the other files. Without any transaction in them, it is
   * the balance at every instant.
   */
  async anchor(): Promise<{ readonly at: number; readonly balances: Balances } | undefined> {
    return this.#closing.size === 0 ? undefined : { at: this.period?.to ?? 0, balances: this.#closing };
  }

  #read(name: string, text: string): void {
    let table: CsvTable;
    try {
      table = readCsvTable(text);
    } catch (error) {
      throw invalid(`${name} is not a CSV file: ${(error as Error).message}`);
    }
    const missing = ['currency', ...(table.header.includes('net_amount') ? [] : ['gross', 'fee', 'net'])].find(
      (column) => !table.header.includes(column),
    );
    if (missing !== undefined) throw invalid(`${name}: ${noColumn(missing)}`);
    for (const [index, row] of table.rows.entries()) {
      try {
        if ('net_amount' in row) this.#addBalance(row);
        else this.#add(row);
      } catch (error) {
        if (error instanceof Refused) throw error;
        throw invalid(`Row ${index + 2} of ${name}: ${(error as Error).message}`);
      }
    }
  }

  #addBalance(row: Row): void {
    const balances = { starting_balance: this.#opening, ending_balance: this.#closing }[row['category'] ?? ''];
    if (balances === undefined) return;
    const currency = field(row, 'currency').toLowerCase();
    const minor = readMinor(field(row, 'net_amount'), currency);
    if ((balances.get(currency) ?? minor) !== minor)
      throw new RangeError(`the ${row['category']} is there a second time, with another amount`);
    balances.set(currency, minor);
  }

  /** A file that is missing, or is of other days or of another report, would make differences that there are not. */
  #checkSummary(): void {
    const moved = netOf(this.#transactions.values());
    for (const [currency, opening] of this.#opening) {
      const [change, sum] = [(this.#closing.get(currency) ?? opening) - opening, moved.get(currency) ?? 0];
      if (change === sum) continue;
      throw invalid(
        `The balance summary changes by ${moneyText(change, currency)}, but the transactions in the files come to ${moneyText(sum, currency)}. It takes "Balance change from activity" and "Payouts", both itemised, of the same days.`,
      );
    }
  }

  /** Files may overlap, but not contradict each other. */
  #add(row: Row): void {
    const transaction = transactionOf(row);
    if (isPayout(transaction) && madeIn(row)) this.#datesPayoutsByArrival = false;
    const known = this.#transactions.get(transaction.balanceTransactionId);
    const isNew = known === undefined || sameMoney(known, transaction);
    if (!isNew) {
      throw new RangeError(`${transaction.balanceTransactionId} is there a second time with other amounts`);
    }
    this.#transactions.set(transaction.balanceTransactionId, { ...known, ...transaction });
  }
}

const sameMoney = (a: StripeTransaction, b: StripeTransaction): boolean =>
  a.currency === b.currency && a.amountMinor === b.amountMinor && a.feeMinor === b.feeMinor;

function transactionOf(row: Row): StripeTransaction {
  const currency = field(row, 'currency').toLowerCase();
  const [amountMinor, feeMinor, netMinor] = ['gross', 'fee', 'net'].map((name) =>
    readMinor(field(row, name), currency),
  ) as [number, number, number];
  if (amountMinor - feeMinor !== netMinor) throw new RangeError('its net is not its gross less its fee');
  const sourceId = row['source_id'] || row['payout_id'];
  const paymentIntentId = row['payment_intent_id'];
  const topupId = row['payment_metadata[topup_id]'];
  return {
    balanceTransactionId: field(row, 'balance_transaction_id'),
    createdAt: createdOf(row),
    currency,
    amountMinor,
    feeMinor,
    category: field(row, 'reporting_category'),
    ...(sourceId && { sourceId }),
    ...(paymentIntentId && { paymentIntentId }),
    ...(topupId && { topupId }),
  };
}

const madeIn = (row: Row): string | undefined => row['created_utc'] || row['created'];

/** UTC, as `created_utc` always is, and the others are unless the report was run for another time zone. */
function createdOf(row: Row): number {
  const text = madeIn(row) || row['effective_at_utc'] || row['effective_at'];
  if (!text) throw new RangeError('it has no column created_utc');
  return readInstant(/^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?$/.test(text) ? `${text}Z` : text);
}

const noColumn = (name: string): string =>
  `it has no column ${name}. Download the itemised report, with all default columns and UTC`;

function field(row: Row, name: string): string {
  const value = row[name];
  if (value === undefined) {
    throw new RangeError(noColumn(name));
  }
  if (value === '') throw new RangeError(`${name} is empty`);
  return value;
}

const invalid = (message: string): Refused => new Refused(refuse('invalid', 'invalid_report', message));
