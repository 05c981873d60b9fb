// One re-rating of a charge: the run and who decided on it, the price rule and multiplications by the other version, the difference, and the
// credit that it moved.
import type { EventStore, RecordedEvent } from '../../event-store/index.js';
import { add, formatUsd, subtract, usd, ZERO } from '../../kernel/index.js';
import type { AccountEventData, AccountState } from '../../ledger/index.js';
import type { PriceVersion } from '../../pricing/index.js';
import { readReratingEvent, reratingStream } from '../../rerating/index.js';
import { pricingOf } from './explained-price.js';
import type { ExplainedSlice } from './explained-price.dto.js';
import type { ExplainedRerating } from './explained-rerating.dto.js';

type Rerated = AccountEventData<'ChargeRerated'>;

/** A re-rating as it was booked, and the credit it moved: that needs the account as it was then. */
export interface ReratedCharge {
  readonly event: RecordedEvent;
  readonly data: Rerated;
  readonly slices: readonly ExplainedSlice[];
}

/** @param state the account after the event */
export function slicesOfRerating({ lots }: AccountState, { cost, previousCost, slices }: Rerated): ExplainedSlice[] {
  const isTaken = usd(cost) >= usd(previousCost);
  return slices.map(({ lotId, amount }) => {
    const lot = lots.byId.get(lotId);
    if (lot === undefined) throw new Error(`impossible history: there is no lot ${lotId}`);
    const before = isTaken ? add(lot.remaining, usd(amount)) : subtract(lot.remaining, usd(amount));
    return { lot_id: lotId, kind: lot.kind, amount, before: formatUsd(before), after: formatUsd(lot.remaining) };
  });
}

export async function explainedRerating(
  { store, versions }: { readonly store: EventStore; readonly versions: readonly PriceVersion[] },
  { event, data, slices }: ReratedCharge,
): Promise<ExplainedRerating> {
  const { runId, cost, previousCost, providerCost, previousProviderCost, absorbed = '0.00', successors = [] } = data;
  const { reverses, ...decided } = await decisionOn(store, runId);
  const difference = subtract(usd(cost), usd(previousCost));
  const because =
    reverses === null ? 'is the one that the run prices by' : `was that of the charge before run ${reverses}`;
  return {
    run_id: runId,
    revision: event.revision,
    at: data.at,
    reverses,
    ...decided,
    previous_price_version: data.previousPriceVersion,
    ...pricingOf(versions, data, because),
    due: formatUsd(add(usd(cost), usd(absorbed))),
    absorbed,
    policy: data.policy ?? null,
    cost,
    previous_cost: previousCost,
    difference: formatUsd(difference),
    provider_cost: providerCost,
    previous_provider_cost: previousProviderCost,
    taken: difference < ZERO ? [] : slices,
    given_back: difference < ZERO ? slices : [],
    new_lots: successors.map(({ lotId, of, kind, amount, expiresAt }) => ({
      lot_id: lotId,
      instead_of: of ?? null,
      kind,
      amount,
      expires_at: expiresAt,
    })),
    debt: formatUsd(subtract(usd(data.uncovered ?? '0'), usd(data.coveredDebt ?? '0'))),
  };
}

/** A run is proposed, then approved: its first two events. Null for what the ledger does not have, as a forgery would. */
async function decisionOn(store: EventStore, runId: string) {
  const [first, second] = (await store.readStream(reratingStream(runId), 0, 2)).map(readReratingEvent);
  const {
    reverses = null,
    by: proposed_by = null,
    reason = null,
  } = first?.type === 'ReratingProposed' ? first.data : {};
  return {
    reverses,
    proposed_by,
    approved_by: second?.type === 'ReratingApproved' ? second.data.approvedBy : null,
    reason,
  };
}
