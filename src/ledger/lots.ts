// Lots of credit: bonus before paid, earlier expiry first, older first. Pure.
import { type Amount, formatUsd, min, subtract, sum, usd, ZERO } from '../kernel/index.js';
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
    const lot = lots.find((candidate) => candidate.id === lotId);
    const taken = usd(amount);
    if (lot === undefined || taken <= ZERO || taken > lot.remaining) {
      throw new Error(
        `impossible history: ${amount} taken from lot ${lotId}, which holds ${lot && formatUsd(lot.remaining)}`,
      );
    }
    lot.remaining = subtract(lot.remaining, taken);
  }
}
