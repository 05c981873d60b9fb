// The balances at Stripe, as the ledger and Stripe have them at the ends of days, and what open items explain of their difference.
import { type ReadModelStore, rowsOf } from '../../event-store/index.js';
import { fromInstant, startOfDay } from '../../kernel/index.js';
import { netOf } from './compare.js';
import { type ItemRow } from './items.projection.js';
import type { ItemSides } from './reconciliation.events.js';
import type { Statement } from './stripe-balance.js';
import { stripeEntries, type StripeEntriesRow } from './stripe-entries.projection.js';

/** Sums of minor units, by currency and by the UTC day on which they moved. */
export class DailySums {
  readonly #sums = new Map<string, Map<number, number>>();

  add(currency: string, epochMs: number, minor: number): void {
    const days = this.#sums.get(currency) ?? new Map<number, number>();
    const day = startOfDay(epochMs);
    this.#sums.set(currency, days.set(day, (days.get(day) ?? 0) + minor));
  }

  get currencies(): string[] {
    return [...this.#sums.keys()];
  }

  /** The sum of whole days from `from` until before `to` (epoch milliseconds). */
  between(currency: string, from: number, to: number): number {
    let sum = 0;
    for (const [day, minor] of this.#sums.get(currency) ?? []) if (day >= from && day < to) sum += minor;
    return sum;
  }
}

/** Everything that the ledger has booked on `assets:stripe:balance`. */
export async function ledgerSums(readModels: ReadModelStore): Promise<DailySums> {
  const sums = new DailySums();
  for await (const { doc } of rowsOf<StripeEntriesRow>(readModels, stripeEntries.view, {})) {
    for (const { currency, amountMinor, feeMinor, date } of doc.entries) {
      sums.add(currency, fromInstant(date), amountMinor - feeMinor);
    }
  }
  return sums;
}

/** The difference that items explain before an instant. */
export function explained(items: Iterable<Pick<ItemRow, 'standing' | 'sides'>>, before: number): Map<string, number> {
  const standing = [...items].filter(({ standing: stands, sides }) => stands && fromInstant(sides.date) < before);
  return netOf(standing.flatMap(({ sides }: { sides: ItemSides }) => sides.corrections));
}

const TRIES = 3;

/** Stripe’s side: what moved from an instant on, and the balance before it; without the balance where the statement does not tell it. */
export class StripeSums {
  private constructor(
    readonly moved: DailySums,
    private readonly anchor: Awaited<ReturnType<Statement['anchor']>>,
  ) {}

  /** @param to where the statement ends when it does not tell a balance */
  static async read(statement: Statement, from: number, to: number): Promise<StripeSums> {
    for (let tries = 1; ; tries++) {
      const anchor = await statement.anchor();
      const moved = new DailySums();
      for await (const { currency, createdAt, amountMinor, feeMinor } of statement.transactions(from, anchor?.at ?? to))
        moved.add(currency, createdAt, amountMinor - feeMinor);
      // A transaction in the meantime would be in one of them only.
      const again = await statement.anchor();
      if (sameBalances(anchor?.balances, again?.balances)) return new StripeSums(moved, anchor);
      if (tries === TRIES) return new StripeSums(moved, undefined);
    }
  }

  get currencies(): string[] {
    return [...new Set([...this.moved.currencies, ...(this.anchor?.balances.keys() ?? [])])];
  }

  /** The balance before everything of a day (epoch milliseconds of its start) and later; before a day to come, the present one. */
  before(currency: string, day: number): number | undefined {
    if (this.anchor === undefined) return undefined;
    const { balances, at } = this.anchor;
    return (balances.get(currency) ?? 0) - this.moved.between(currency, day, at);
  }
}

const sameBalances = (a: ReadonlyMap<string, number> = new Map(), b: ReadonlyMap<string, number> = new Map()) =>
  [...new Set([...a.keys(), ...b.keys()])].every((currency) => (a.get(currency) ?? 0) === (b.get(currency) ?? 0));
