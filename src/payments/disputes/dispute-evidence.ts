// Evidence for the bank about the use of disputed credit: every charge paid from it, according to the slices that the events record. It
// contains no prompts or answers, because none are stored.
import { eventsOf, type EventStore } from '../../event-store/index.js';
import { add, type Amount, formatUsd, type JsonObject, usd, ZERO } from '../../kernel/index.js';
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
  const charges: EvidenceCharge[] = [];
  let purchase: AccountEventData<'CreditPurchased'> | undefined;
  for await (const recorded of eventsOf(store, accountStream(accountId))) {
    const { type, data } = readAccountEvent(recorded);
    if (type === 'CreditPurchased' && data.lotId === topupId) purchase = data;
    if (type === 'TokensCharged') charges.push(...chargeOf(data, topupId));
  }
  if (purchase === undefined)
    throw new Error(`the account of dispute ${disputeId} does not contain the disputed purchase`);
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

function chargeOf(data: AccountEventData<'TokensCharged'>, lotId: string): EvidenceCharge[] {
  const slice = data.slices.find((each) => each.lotId === lotId);
  if (slice === undefined) return [];
  return [
    {
      charge_id: data.chargeId,
      request_id: data.requestId,
      at: data.at,
      key_id: data.keyId,
      model: data.model,
      prompt_tokens: data.usage.promptTokens,
      completion_tokens: data.usage.completionTokens,
      cost: data.cost,
      paid_from_purchase: slice.amount,
    },
  ];
}
