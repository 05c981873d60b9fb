// Evidence for the bank about the use of disputed credit: every charge paid from it, according to the slices that the events record, as it
// stands after it was priced again. It contains no prompts or answers, because none are stored.
import { eventsOf, type EventStore } from '../../event-store/index.js';
import { add, type Amount, formatUsd, type JsonObject, negate, sum, usd, ZERO } from '../../kernel/index.js';
import { type AccountEventData, accountStream, readAccountEvent } from '../../ledger/index.js';
import type { DisputeRow } from './disputes.projection.js';

/** A type rather than an interface, because a row of CSV needs an index signature. */
export type EvidenceCharge = {
  readonly charge_id: string;
  readonly request_id: string;
  readonly at: string;
  readonly key_id: string;
  readonly model: string;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly cost: string;
  /** The part of the cost paid from the disputed purchase. */
  readonly paid_from_purchase: string;
};

export const EVIDENCE_COLUMNS = [
  'charge_id',
  'request_id',
  'at',
  'key_id',
  'model',
  'prompt_tokens',
  'completion_tokens',
  'cost',
  'paid_from_purchase',
] as const satisfies readonly (keyof EvidenceCharge)[];

export interface Evidence extends JsonObject {
  readonly dispute_id: string;
  readonly topup_id: string;
  readonly account_id: string;
  readonly currency: 'usd';
  readonly purchased: string;
  readonly purchased_at: string;
  readonly disputed: string;
  /** The part of the purchase that these charges used. */
  readonly used: string;
  readonly charges: readonly EvidenceCharge[];
}

/** Gathers the evidence from the account’s history. @throws Error when the history does not contain the purchase */
export async function gatherEvidence(store: EventStore, dispute: DisputeRow): Promise<Evidence> {
  const { disputeId, topupId, accountId, amount } = dispute;
  const byId = new Map<string, EvidenceCharge>();
  let purchase: AccountEventData<'CreditPurchased'> | undefined;
  for await (const recorded of eventsOf(store, accountStream(accountId))) {
    const { type, data } = readAccountEvent(recorded);
    if (type === 'CreditPurchased' && data.lotId === topupId) purchase = data;
    if (type === 'TokensCharged' || type === 'ChargeRerated') note(byId, data, topupId);
  }
  if (purchase === undefined)
    throw new Error(`the account of dispute ${disputeId} does not contain the disputed purchase`);
  const charges = [...byId.values()];
  const used = charges.reduce<Amount>((total, charge) => add(total, usd(charge.paid_from_purchase)), ZERO);
  return {
    dispute_id: disputeId,
    topup_id: topupId,
    account_id: accountId,
    currency: 'usd',
    purchased: purchase.amount,
    purchased_at: purchase.at,
    disputed: amount,
    used: formatUsd(used),
    charges,
  };
}

type Priced = AccountEventData<'TokensCharged'> | AccountEventData<'ChargeRerated'>;

function note(charges: Map<string, EvidenceCharge>, data: Priced, lotId: string): void {
  const { chargeId, usage } = data;
  const before = charges.get(chargeId);
  const paid = add(usd(before?.paid_from_purchase ?? '0'), takenFrom(lotId, data));
  if (paid === ZERO) return void charges.delete(chargeId);
  charges.set(chargeId, {
    charge_id: chargeId,
    request_id: data.requestId,
    at: before?.at ?? ('previousCost' in data ? data.pricedAt : data.at),
    key_id: data.keyId,
    model: data.model,
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    cost: data.cost,
    paid_from_purchase: formatUsd(paid),
  });
}

/** What an event took from a purchase; negative when it gave back, be it to a successor of the purchase. */
function takenFrom(lotId: string, data: Priced): Amount {
  const isOf = (each: { readonly lotId: string; readonly of?: string | undefined }) =>
    (each.of ?? each.lotId) === lotId;
  const successors = 'successors' in data ? (data.successors ?? []) : [];
  const moved = sum([...data.slices, ...successors].filter(isOf).map(({ amount }) => usd(amount)));
  return 'previousCost' in data && usd(data.cost) < usd(data.previousCost) ? negate(moved) : moved;
}
