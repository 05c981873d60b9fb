// Re-rating: a charge under another price list. What is given back unwinds the charge's recorded slices in reverse; what is taken comes out
// of credit as a charge does, as far as the policy says. A command names how many re-ratings its sender has seen on the account, because
// what a charge costs now is in the stream and not in the state: one that has missed some is refused, so nothing is ever booked twice. Pure.
import {
  add,
  type Amount,
  derivedId,
  formatUsd,
  fromInstant,
  max,
  min,
  refuse,
  type Rejection,
  subtract,
  sum,
  toInstant,
  usd,
  ZERO,
} from '../kernel/index.js';
import type { AccountCommandOf } from './account.commands.js';
import type { AccountEvent, AccountEventData, Slice } from './account.events.js';
import { type AccountState, available } from './account.state.js';
import { payOff } from './debt.js';
import {
  addLot,
  afterReversal,
  aliveLots,
  applySlices,
  lotOf,
  returnSlices,
  reversal,
  take,
  twelveMonthsAfter,
  unlessZero,
} from './lots.js';

type Decision = readonly AccountEvent[] | Rejection;
type Rerated = AccountEventData<'ChargeRerated'>;
type Successor = NonNullable<Rerated['successors']>[number];

export function rerateCharge(command: AccountCommandOf<'RerateCharge'>, state: AccountState, now: number): Decision {
  const { seen, cost, rated, due, policy } = command;
  if (seen !== state.reratings) {
    return refuse(
      'conflict',
      'rerating_conflict',
      `This account has ${state.reratings} re-ratings by now, and this one was made after ${seen}. Read its charges again.`,
      { reratings: String(state.reratings) },
    );
  }
  if (due < ZERO || due > rated)
    return refuse('invalid', 'invalid_amount', 'A charge can’t be negative, nor more than its usage costs.');
  const change = due < cost ? giveBack(command, state, now) : takeMore(command, state, now);
  const next = add(cost, change.difference);
  const absorbed = subtract(rated, next);
  if (next === cost && absorbed === ZERO && command.providerCost === command.previousProviderCost) return [];
  const { chargeId, requestId, keyId, model, runId, priceVersion, previousPriceVersion, pricedAt } = command;
  const data: Rerated = {
    chargeId,
    requestId,
    keyId,
    model,
    runId,
    priceVersion,
    previousPriceVersion,
    usage: command.usage,
    ...(command.provider !== undefined && { provider: command.provider }),
    ...(command.upstreamModel !== undefined && { upstreamModel: command.upstreamModel }),
    cost: formatUsd(next),
    previousCost: formatUsd(cost),
    ...(absorbed > ZERO && { absorbed: formatUsd(absorbed), policy }),
    ...change.fields,
    providerCost: formatUsd(command.providerCost),
    previousProviderCost: formatUsd(command.previousProviderCost),
    pricedAt: toInstant(pricedAt),
    at: toInstant(now),
  };
  return [{ type: 'ChargeRerated', data }];
}

interface Change {
  /** By how much the charge changes for the customer. */
  readonly difference: Amount;
  readonly fields: Pick<Rerated, 'slices' | 'successors' | 'uncovered' | 'coveredDebt'>;
}

function takeMore({ cost, due, policy }: AccountCommandOf<'RerateCharge'>, state: AccountState, now: number): Change {
  const more = subtract(due, cost);
  const billed = policy === 'bill' ? more : policy === 'absorb' ? ZERO : max(ZERO, min(more, available(state, now)));
  const { slices, uncovered } = take(aliveLots(state.lots, now), billed);
  return { difference: billed, fields: { slices, ...unlessZero('uncovered', uncovered) } };
}

/**
 * Gives back in the reverse order of taking. The uncovered part comes first: it reduces the debt, and what has paid that off since
 * becomes a lot of its own, as nobody knows which credit did. Lots that have expired or were refunded get a successor.
 */
function giveBack(command: AccountCommandOf<'RerateCharge'>, state: AccountState, now: number): Change {
  const less = subtract(command.cost, command.due);
  const { coveredDebt, paidSince, back: slices } = reversal(command, less, state.debt);
  const back = byLot(slices);
  const isOpen = ({ lotId }: Slice): boolean => {
    const lot = lotOf(state.lots, lotId);
    return lot !== undefined && lot.expiresAt > now && !isRefunded(state, lotId);
  };
  const successors = [
    ...(paidSince > ZERO ? [successor(command, state, { amount: paidSince, at: now })] : []),
    ...back
      .filter((slice) => !isOpen(slice))
      .map(({ lotId, amount }) => successor(command, state, { of: lotId, amount: usd(amount), at: now })),
  ];
  return {
    difference: subtract(ZERO, less),
    fields: {
      slices: back.filter(isOpen),
      ...(successors.length > 0 && { successors }),
      ...unlessZero('coveredDebt', coveredDebt),
    },
  };
}

/** One slice for each lot. */
const byLot = (slices: readonly Slice[]): Slice[] =>
  [...Map.groupBy(slices, ({ lotId }) => lotId)].map(([lotId, parts]) => ({
    lotId,
    amount: formatUsd(sum(parts.map(({ amount }) => usd(amount)))),
  }));

const isRefunded = ({ refunds }: AccountState, lotId: string): boolean =>
  [...refunds.values()].some((refund) => refund.lotId === lotId && refund.status !== 'failed');

function successor(
  { runId, chargeId }: AccountCommandOf<'RerateCharge'>,
  { lots }: AccountState,
  { of, amount, at }: { readonly of?: string; readonly amount: Amount; readonly at: number },
): Successor {
  const lotId = derivedId(`${runId}/${chargeId}/${of ?? 'debt'}`);
  const kind = of === undefined ? 'paid' : (lotOf(lots, of)?.kind ?? 'paid');
  const expiresAt = toInstant(twelveMonthsAfter(at));
  return { lotId, ...(of !== undefined && { of }), kind, amount: formatUsd(amount), expiresAt };
}

/** @param at the instant by the writer's own clock */
export function evolveRerated(state: AccountState, data: Rerated, at: number): void {
  state.reratings++;
  const difference = subtract(usd(data.cost), usd(data.previousCost));
  const { slices, successors = [] } = data;
  if (difference >= ZERO) {
    applySlices(state.lots, slices);
    state.debt = add(state.debt, usd(data.uncovered ?? '0'));
    return;
  }
  payOff(state, data.coveredDebt, `re-rating ${data.chargeId}`);
  returnSlices(state.lots, slices, fromInstant(data.at));
  for (const { lotId: id, kind, amount, expiresAt } of successors) {
    const value = usd(amount);
    addLot(state.lots, {
      id,
      kind,
      amount: value,
      remaining: value,
      expiresAt: fromInstant(expiresAt),
      createdAt: at,
      successor: true,
    });
  }
}

/** What a charge costs after its events so far, and what of it was taken from where. */
export interface PresentCharge {
  readonly priceVersion: number;
  readonly cost: Amount;
  readonly providerCost: Amount;
  readonly slices: readonly Slice[];
  /** The part that no lot covered. */
  readonly uncovered: Amount;
}

export const presentCharge = (data: AccountEventData<'TokensCharged'>): PresentCharge => ({
  priceVersion: data.priceVersion,
  cost: usd(data.cost),
  providerCost: usd(data.providerCost),
  slices: data.slices,
  uncovered: usd(data.uncovered ?? '0'),
});

/** The charge after one more re-rating. */
export function afterRerating(charge: PresentCharge, data: Rerated): PresentCharge {
  const { priceVersion, slices, uncovered = '0' } = data;
  const [cost, providerCost] = [usd(data.cost), usd(data.providerCost)];
  if (cost >= charge.cost) {
    return {
      priceVersion,
      cost,
      providerCost,
      slices: [...charge.slices, ...slices],
      uncovered: add(charge.uncovered, usd(uncovered)),
    };
  }
  return { priceVersion, cost, providerCost, ...afterReversal(charge, subtract(charge.cost, cost)) };
}
