// Lots of credit: bonus before paid, earlier expiry first, older first. Pure.
import { add, type Amount, formatUsd, min, refuse, type Rejection, subtract, sum, usd, ZERO } from '../kernel/index.js';
import type { Slice } from './account.events.js';

export type LotKind = 'paid' | 'bonus';

export interface Lot {
  readonly id: string;
  readonly kind: LotKind;
  readonly amount: Amount;
  remaining: Amount;
  readonly expiresAt: number;
  readonly createdAt: number;
}

const byConsumption = (a: Lot, b: Lot): number =>
  (a.kind === b.kind ? 0 : a.kind === 'bonus' ? -1 : 1) || a.expiresAt - b.expiresAt || a.createdAt - b.createdAt;

/** The lots with one more, in the order they are consumed in. */
export const withLot = (lots: readonly Lot[], lot: Lot): Lot[] => [...lots, lot].toSorted(byConsumption);

/** An amount of an event, which is left out where it is zero. */
export const unlessZero = <Field extends string>(field: Field, amount: Amount): Partial<Record<Field, string>> =>
  amount === ZERO ? {} : ({ [field]: formatUsd(amount) } as Record<Field, string>);

export const lotNotFound = (lotId: string): Rejection =>
  refuse('lot_not_found', `This account has no credit ${lotId}.`);

export const lotOf = (lots: readonly Lot[], id: string): Lot | undefined => lots.find((lot) => lot.id === id);

/** What the lots that are alive at `at` still hold. */
export const aliveCredit = (lots: readonly Lot[], at: number): Amount =>
  sum(lots.filter((lot) => lot.expiresAt > at).map((lot) => lot.remaining));

export interface Taken {
  readonly slices: Slice[];
  /** What no lot could cover. */
  readonly uncovered: Amount;
}

/** How `amount` is taken from lots that were alive at `aliveAt`. */
export function take(lots: readonly Lot[], amount: Amount, aliveAt: number): Taken {
  const slices: Slice[] = [];
  let left = amount;
  for (const lot of lots) {
    if (left === ZERO) break;
    const taken = min(left, lot.remaining);
    if (taken === ZERO || lot.expiresAt <= aliveAt) continue;
    slices.push({ lotId: lot.id, amount: formatUsd(taken) });
    left = subtract(left, taken);
  }
  return { slices, uncovered: left };
}

/** Takes recorded slices out of their lots. Throws on history that can't have been. */
export function applySlices(lots: readonly Lot[], slices: readonly Slice[]): void {
  for (const { lotId, amount } of slices) {
    const lot = lotOf(lots, lotId);
    const taken = usd(amount);
    if (lot === undefined || taken <= ZERO || taken > lot.remaining) {
      throw new Error(
        `impossible history: ${amount} taken from lot ${lotId}, which holds ${lot && formatUsd(lot.remaining)}`,
      );
    }
    lot.remaining = subtract(lot.remaining, taken);
  }
}

/** Puts slices back into their lots. Throws on history that can't have been. */
export function returnSlices(lots: readonly Lot[], slices: readonly Slice[]): void {
  for (const { lotId, amount } of slices) {
    const lot = lotOf(lots, lotId);
    const back = usd(amount);
    if (lot === undefined || back <= ZERO) {
      throw new Error(`impossible history: ${amount} returned to lot ${lotId}`);
    }
    lot.remaining = add(lot.remaining, back);
  }
}

/** The last `amount` of recorded slices, in reverse, and what is left of them. */
export function unwind(slices: readonly Slice[], amount: Amount): { back: Slice[]; left: Slice[] } {
  const left = [...slices];
  const back: Slice[] = [];
  for (let rest = amount; rest > ZERO;) {
    const last = left.pop();
    if (last === undefined) throw new RangeError(`${formatUsd(rest)} more is to be given back than was taken`);
    const whole = usd(last.amount);
    const part = min(whole, rest);
    back.push({ lotId: last.lotId, amount: formatUsd(part) });
    if (part < whole) left.push({ lotId: last.lotId, amount: formatUsd(subtract(whole, part)) });
    rest = subtract(rest, part);
  }
  return { back, left };
}
