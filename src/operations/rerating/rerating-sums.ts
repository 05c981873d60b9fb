// The report of a re-rating run added up by model, by day, and for the accounts that it changes most. Memory: a row for each model, day and
// account that is shown, whatever the number of accounts.
import { add, type Amount, magnitude, ZERO } from '../../kernel/index.js';
import type { CsvRow } from '../../platform/http/index.js';
import { type AccountReport, reportRows, type ReratingRow } from '../../rerating/index.js';

/** What was charged, is due, and differs, for what it is a sum of. */
export interface Sum {
  readonly of: string;
  readonly charges: number;
  readonly refused: number;
  readonly charged: Amount;
  readonly due: Amount;
  readonly difference: Amount;
  readonly providerDifference: Amount;
}

export interface AccountSum extends Sum {
  readonly balance: Amount;
  readonly belowZero: boolean;
}

export interface Totals {
  readonly models: readonly Sum[];
  readonly days: readonly Sum[];
  readonly accounts: readonly AccountSum[];
  readonly accountCount: number;
}

export class ReratingSums {
  readonly #models = new Map<string, Sum>();
  readonly #days = new Map<string, Sum>();
  #accounts: AccountSum[] = [];
  #count = 0;

  constructor(private readonly mostAccounts: number) {}

  add({ accountId, rows, balance, belowZero }: AccountReport): void {
    let whole = nothing(accountId);
    for (const row of rows) {
      this.#models.set(row.model, plus(this.#models.get(row.model) ?? nothing(row.model), row));
      this.#days.set(row.day, plus(this.#days.get(row.day) ?? nothing(row.day), row));
      whole = plus(whole, row);
    }
    this.#count++;
    this.#accounts.push({ ...whole, balance, belowZero });
    if (this.#accounts.length >= 2 * this.mostAccounts) this.#accounts = this.#largest();
  }

  totals(): Totals {
    return {
      models: [...this.#models.values()].toSorted(byDifference),
      days: [...this.#days.values()].toSorted((a, b) => (a.of < b.of ? -1 : 1)),
      accounts: this.#largest(),
      accountCount: this.#count,
    };
  }

  #largest(): AccountSum[] {
    return this.#accounts.toSorted(byDifference).slice(0, this.mostAccounts);
  }
}

export async function totalsOf(reports: AsyncIterable<AccountReport>, mostAccounts: number): Promise<Totals> {
  const sums = new ReratingSums(mostAccounts);
  for await (const report of reports) sums.add(report);
  return sums.totals();
}

/** The rows of a report as its file has them. */
export async function* csvRowsOf(reports: AsyncIterable<AccountReport>): AsyncGenerator<CsvRow> {
  for await (const report of reports) yield* reportRows(report);
}

const nothing = (of: string): Sum => ({
  of,
  charges: 0,
  refused: 0,
  charged: ZERO,
  due: ZERO,
  difference: ZERO,
  providerDifference: ZERO,
});

const plus = (sum: Sum, row: ReratingRow): Sum => ({
  of: sum.of,
  charges: sum.charges + row.charges,
  refused: sum.refused + row.refused,
  charged: add(sum.charged, row.charged),
  due: add(sum.due, row.due),
  difference: add(sum.difference, row.difference),
  providerDifference: add(sum.providerDifference, row.providerDifference),
});

function byDifference(a: Sum, b: Sum): number {
  const [x, y] = [magnitude(a.difference), magnitude(b.difference)];
  if (x !== y) return x > y ? -1 : 1;
  return a.of < b.of ? -1 : 1;
}
