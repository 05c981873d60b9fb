// The calls of statements: what was held for them, and what they cost by now, as they were charged, and as their prices were corrected since.
import { add, type Amount, formatUsd, fromInstant, subtract, sum, usd } from '../../kernel/index.js';
import { type AccountEventData, isOfHold, type Slice } from '../../ledger/index.js';
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
  readonly #holds = new Map<string, AccountEventData<'HoldPlaced'>>();
  readonly #released = new Set<string>();
  #hasAll = false;

  /** The first event of the account comes next: no call is in an earlier statement. */
  begin(): void {
    this.#hasAll = true;
  }

  held(hold: AccountEventData<'HoldPlaced'>): void {
    this.#holds.set(hold.chargeId, hold);
  }

  released({ chargeId }: AccountEventData<'HoldReleased'>): void {
    this.#released.add(chargeId);
  }

  /** What is wrong with a charge, as clauses. One whose hold is in no statement so far can't be compared with it. */
  charged(charge: AccountEventData<'TokensCharged'>): string[] {
    const { chargeId, usage, model, pricedAt, priceVersion, cost } = charge;
    const hold = this.#holds.get(chargeId);
    const faults: string[] = [];
    if (this.#calls.has(chargeId)) faults.push(`is of ${chargeId}, which was charged before`);
    else this.#calls.set(chargeId, { usage, model, pricedAt, priceVersion, cost });
    if (hold === undefined && this.#hasAll) faults.push(`is of ${chargeId}, and no hold before it is`);
    if (hold !== undefined && !isOfHold(charge, hold)) faults.push('is of another call, price or amount than its hold');
    const isLate = this.#released.has(chargeId);
    if (hold !== undefined && isLate !== (charge.late ?? false))
      faults.push(isLate ? 'is not late, and its hold had been released' : 'is late, and its hold was open');
    return faults;
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
