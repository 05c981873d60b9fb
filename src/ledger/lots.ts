// Lots of credit, consumed in this order: bonus before paid, earlier expiry first, older first. Pure. Spending touches only the lots that it
// takes from, however many there are.
import { add, type Amount, formatUsd, min, refuse, type Rejection, subtract, usd, ZERO } from '../kernel/index.js';
import type { Slice } from './account.events.js';

export type LotKind = 'paid' | 'bonus';

/** A lot to add. */
export interface NewLot {
  readonly id: string;
  readonly kind: LotKind;
  readonly amount: Amount;
  readonly remaining: Amount;
  readonly expiresAt: number;
  readonly createdAt: number;
  /** When credit last came back to it. */
  returnedAt?: number;
  /** Whether a re-rating made it, for credit whose lot had ended: it was bought with no payment of its own, so it can't be refunded. */
  readonly successor?: true;
}

export interface Lot extends Omit<NewLot, 'remaining'> {
  remaining: Amount;
  /** The number of lots that the account had before. */
  readonly nth: number;
}

/** The lots of an account. Changed in place. */
export interface Lots {
  /** Every lot ever added, in order, as refunds and disputes refer to spent ones. */
  readonly byId: Map<string, Lot>;
  /** The lots with remaining credit, by kind, in the order of consumption. */
  readonly bonus: Lot[];
  readonly paid: Lot[];
  /** The remaining credit of all lots. */
  total: Amount;
}

export const noLots = (): Lots => ({ byId: new Map(), bonus: [], paid: [], total: ZERO });

/** Lots, from a list in the order in which they were added. */
export function lotsOf(all: Iterable<NewLot>): Lots {
  const lots = noLots();
  for (const lot of all) addLot(lots, lot);
  return lots;
}

export const copyOfLots = ({ byId, bonus, paid, total }: Lots): Lots => {
  const copies = new Map([...byId].map(([id, lot]) => [id, { ...lot }]));
  const copied = (list: readonly Lot[]) => list.flatMap(({ id }) => copies.get(id) ?? []);
  return { byId: copies, bonus: copied(bonus), paid: copied(paid), total };
};

/** @throws Error on impossible history */
export function addLot(lots: Lots, lot: NewLot): void {
  if (lots.byId.has(lot.id)) throw new Error(`impossible history: lot ${lot.id} was already added`);
  const added = { ...lot, remaining: ZERO, nth: lots.byId.size };
  lots.byId.set(lot.id, added);
  change(lots, added, lot.remaining);
}

/** The lots with remaining credit, in the order of consumption. */
export function* openLots({ bonus, paid }: Lots): Generator<Lot, void> {
  yield* bonus;
  yield* paid;
}

/** The open lots that have expired at `at`, in the same order. */
export function* expiredLots({ bonus, paid }: Lots, at: number): Generator<Lot, void> {
  for (const list of [bonus, paid]) {
    for (const lot of list) {
      if (lot.expiresAt > at) break;
      yield lot;
    }
  }
}

/** The open lots that have not expired at `at`, in the same order. */
export function* aliveLots({ bonus, paid }: Lots, at: number): Generator<Lot, void> {
  for (const list of [bonus, paid]) {
    for (let index = placeIn(list, (lot) => lot.expiresAt > at); index < list.length; index++) yield list[index] as Lot;
  }
}

/** A field of an event with an amount; no field when the amount is zero. */
export const unlessZero = <Field extends string>(field: Field, amount: Amount): Partial<Record<Field, string>> =>
  amount === ZERO ? {} : ({ [field]: formatUsd(amount) } as Record<Field, string>);

export const lotNotFound = (lotId: string): Rejection =>
  refuse('not_found', 'lot_not_found', `This account has no credit ${lotId}.`);

export const lotOf = ({ byId }: Lots, id: string): Lot | undefined => byId.get(id);

/** The remaining credit that has not expired at `at`. */
export const aliveCredit = ({ bonus, paid, total }: Lots, at: number): Amount =>
  subtract(subtract(total, expiredCredit(bonus, at)), expiredCredit(paid, at));

function expiredCredit(list: readonly Lot[], at: number): Amount {
  let expired = ZERO;
  for (const lot of list) {
    if (lot.expiresAt > at) break;
    expired = add(expired, lot.remaining);
  }
  return expired;
}

export interface Taken {
  readonly slices: Slice[];
  /** The part that no lot covers. */
  readonly uncovered: Amount;
}

/** Divides `amount` over lots in their order. */
export function take(lots: Iterable<Pick<Lot, 'id' | 'remaining'>>, amount: Amount): Taken {
  const slices: Slice[] = [];
  let left = amount;
  if (left > ZERO) {
    for (const { id, remaining } of lots) {
      const taken = min(left, remaining);
      if (taken > ZERO) slices.push({ lotId: id, amount: formatUsd(taken) });
      left = subtract(left, taken);
      if (left === ZERO) break;
    }
  }
  return { slices, uncovered: left };
}

/** Takes recorded slices out of their lots. @throws Error on impossible history */
export function applySlices(lots: Lots, slices: readonly Slice[]): void {
  for (const { lotId, amount } of slices) {
    const lot = lotOf(lots, lotId);
    const taken = usd(amount);
    if (lot === undefined || taken <= ZERO || taken > lot.remaining) {
      throw new Error(
        `impossible history: ${amount} taken from lot ${lotId}, which holds ${lot && formatUsd(lot.remaining)}`,
      );
    }
    change(lots, lot, subtract(lot.remaining, taken));
  }
}

/** Puts slices back into their lots, at an instant. @throws Error on impossible history */
export function returnSlices(lots: Lots, slices: readonly Slice[], at: number): void {
  for (const { lotId, amount } of slices) {
    const lot = lotOf(lots, lotId);
    const back = usd(amount);
    if (lot === undefined || back <= ZERO) {
      throw new Error(`impossible history: ${amount} returned to lot ${lotId}`);
    }
    giveBack(lots, lot, back, at);
  }
}

/** Adds credit that had left a lot, at an instant. */
export function giveBack(lots: Lots, lot: Lot, amount: Amount, at: number): void {
  if (amount === ZERO) return;
  lot.returnedAt = at;
  change(lots, lot, add(lot.remaining, amount));
}

/** Sets the remaining credit of a lot. */
export function change(lots: Lots, lot: Lot, remaining: Amount): void {
  const list = lots[lot.kind];
  const wasOpen = lot.remaining > ZERO;
  lots.total = add(subtract(lots.total, lot.remaining), remaining);
  lot.remaining = remaining;
  if (wasOpen === remaining > ZERO) return;
  const place = placeIn(list, (other) => inOrder(other, lot) >= 0);
  if (wasOpen) list.splice(place, 1);
  else list.splice(place, 0, lot);
}

const inOrder = (a: Lot, b: Lot): number => a.expiresAt - b.expiresAt || a.createdAt - b.createdAt || a.nth - b.nth;

/** The first index from which the condition holds. */
function placeIn(list: readonly Lot[], holds: (lot: Lot) => boolean): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(list[middle] as Lot)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Splits recorded slices: the last `amount` of them in reverse order, and what is left. */
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

/** What was taken: from lots in the order of taking, and what no lot covered. */
interface TakenInAll {
  readonly slices: readonly Slice[];
  readonly uncovered: Amount;
}

/** The part that no lot covered goes back first. */
const beyondLots = ({ uncovered }: TakenInAll, amount: Amount): Amount => min(amount, uncovered);

/**
 * How `amount` of what was taken goes back: what no lot covered reduces the debt as far as there is one, the rest of that
 * was paid off since, and then come the lots, in the reverse order of taking.
 */
export function reversal(
  taken: TakenInAll,
  amount: Amount,
  debt: Amount,
): { readonly coveredDebt: Amount; readonly paidSince: Amount; readonly back: readonly Slice[] } {
  const beyond = beyondLots(taken, amount);
  const coveredDebt = min(beyond, debt);
  const { back } = unwind(taken.slices, subtract(amount, beyond));
  return { coveredDebt, paidSince: subtract(beyond, coveredDebt), back };
}

/** What is left of what was taken after `amount` of it went back. */
export function afterReversal(taken: TakenInAll, amount: Amount): TakenInAll {
  const beyond = beyondLots(taken, amount);
  return {
    slices: unwind(taken.slices, subtract(amount, beyond)).left,
    uncovered: subtract(taken.uncovered, beyond),
  };
}

/** Credit lives twelve calendar months. */
export function twelveMonthsAfter(epochMs: number): number {
  const date = new Date(epochMs);
  return date.setUTCFullYear(date.getUTCFullYear() + 1);
}
