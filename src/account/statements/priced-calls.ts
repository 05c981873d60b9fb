// What the calls of statements cost by now: as they were charged, and as their prices were corrected since.
import { add, type Amount, formatUsd, fromInstant, subtract, sum, usd } from '../../kernel/index.js';
import type { AccountEventData, Slice } from '../../ledger/index.js';
import { type PriceList, rate, type Usage } from '../../pricing/index.js';

/** The part of `ChargeRerated` that the customer's side of it goes by (docs/events.md). */
export interface Correction {
  readonly chargeId: string;
  readonly model: string;
  readonly priceVersion: number;
  readonly previousPriceVersion: number;
  readonly cost: string;
  readonly previousCost: string;
  readonly absorbed?: string | undefined;
  readonly slices: readonly Slice[];
  readonly successors?: readonly { readonly amount: string }[] | undefined;
  readonly uncovered?: string | undefined;
  readonly coveredDebt?: string | undefined;
  readonly pricedAt: string;
}

interface PricedCall {
  readonly usage: Usage;
  readonly model: string;
  readonly pricedAt: string;
  readonly priceVersion: number;
  readonly cost: string;
}

/** By charge. Of several statements that follow on each other, the later may correct what the earlier charged. */
export class PricedCalls {
  readonly #calls = new Map<string, PricedCall>();
  #hasAll = false;

  /** The first event of the account comes next: no call is in an earlier statement. */
  begin(): void {
    this.#hasAll = true;
  }

  /** False when the call was charged before. */
  charged({ chargeId, usage, model, pricedAt, priceVersion, cost }: AccountEventData<'TokensCharged'>): boolean {
    if (this.#calls.has(chargeId)) return false;
    this.#calls.set(chargeId, { usage, model, pricedAt, priceVersion, cost });
    return true;
  }

  /** What is wrong with a correction, as clauses. Of a call in no statement so far only the sums can be checked. */
  *corrected(correction: Correction, prices: ReadonlyMap<number, PriceList>): Generator<string, void> {
    const { chargeId, model, pricedAt, priceVersion, cost } = correction;
    const more = subtract(usd(cost), usd(correction.previousCost));
    const moved = movedBy(correction, more);
    if (moved !== more) yield `comes to $${formatUsd(more)}, and $${formatUsd(moved)} was moved for it`;
    const list = prices.get(priceVersion);
    if (list?.bands.has(model) !== true)
      return yield `is of price list ${priceVersion} and model ${model}, for which the statement carries no price`;
    const call = this.#calls.get(chargeId);
    if (call === undefined) {
      if (this.#hasAll) yield `is of ${chargeId}, and no charge before it is`;
      return;
    }
    const due = dueFor(list, call, pricedAt);
    if (due !== add(usd(cost), usd(correction.absorbed ?? '0')))
      yield `sets the call to $${cost}; its usage at price list ${priceVersion} comes to ${due === undefined ? 'nothing that is priced' : `$${formatUsd(due)}`}`;
    const before = [call.model, call.pricedAt, call.priceVersion, call.cost];
    const told = [model, pricedAt, correction.previousPriceVersion, correction.previousCost];
    if (before.join(' ') !== told.join(' ')) yield 'is of another charge than the one it names';
    this.#calls.set(chargeId, { usage: call.usage, model, pricedAt, priceVersion, cost });
  }
}

function movedBy({ slices, successors = [], uncovered = '0', coveredDebt = '0' }: Correction, more: Amount): Amount {
  const all = (parts: readonly { readonly amount: string }[]): Amount => sum(parts.map(({ amount }) => usd(amount)));
  if (more >= 0n) return add(all(slices), usd(uncovered));
  return subtract(usd('0'), add(add(all(slices), all(successors)), usd(coveredDebt)));
}

/** Undefined when the bands of the list leave a gap where this usage is. */
function dueFor(list: PriceList, { usage, model }: PricedCall, pricedAt: string): Amount | undefined {
  try {
    return rate(list, model, usage, fromInstant(pricedAt)).price;
  } catch {
    return undefined;
  }
}
