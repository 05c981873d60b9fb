// One row for each thing that an event says needs a person, and for each that a person dismissed. What waits because time passes, or because
// it has not ended, is found in the read models that have it anyway (sources.ts).
import type { Projection, RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { type AccountEventData, accountOfStream, readAccountEvent } from '../../ledger/index.js';
import {
  readTopupEvent,
  readWebhookEvent,
  type TopupEvent,
  topupOfStream,
  webhookOfStream,
} from '../../payments/index.js';
import { PROPOSED_ADJUSTMENT } from './queue.decider.js';
import { itemOfStream, type QueueEvent, type QueueEventData, readQueueEvent } from './queue.events.js';

export interface QueueRow extends JsonObject {
  readonly itemId: string;
  readonly kind: string;
  readonly accountId?: string;
  readonly since: string;
  /** Whether it waits, by what its events say. */
  readonly open: boolean;
  /** How it stands: what a dismissal is about. */
  readonly state: string;
  readonly dismissed?: Dismissal & JsonObject;
  /** Credit that was proposed for it. */
  readonly credit?: CreditProposal & JsonObject;
  /** Of a proposed adjustment: who declined it, and why. */
  readonly declined?: Omit<Dismissal, 'state'> & JsonObject;
  /** Of a webhook: Stripe’s event, and why it failed. */
  readonly webhook?: { readonly eventType: string; readonly topupId?: string; readonly failure: string } & JsonObject;
}

export type Dismissal = Pick<QueueEventData<'QueueItemDismissed'>, 'state' | 'by' | 'reason' | 'at'>;
export type CreditProposal = Pick<QueueEventData<'QueueCreditProposed'>, 'amount' | 'by' | 'reason' | 'servedAt'> & {
  readonly approvedBy?: string;
};

export const queueItems: Projection<QueueRow> = {
  view: {
    name: 'queue-items-1',
    indexes: [
      ['kind', 'open', 'since'],
      ['accountId', 'kind', 'open', 'since'],
    ],
  },
  rowId({ type, stream, data }) {
    if (accountOfStream(stream) !== undefined) return ofAccount(type, data);
    if (topupOfStream(stream) !== undefined) {
      if (type === 'FraudWarned') return String(data['warningId']);
      return type === 'PaymentMismatched' ? String(data['paymentIntentId']) : undefined;
    }
    return webhookOfStream(stream) ?? itemOfStream(stream);
  },
  step(row, recorded) {
    const accountId = accountOfStream(recorded.stream);
    if (accountId !== undefined) return accountStep(row, recorded, accountId);
    if (topupOfStream(recorded.stream) !== undefined) return alert(readTopupEvent(recorded) as Alert);
    if (webhookOfStream(recorded.stream) !== undefined) return webhookStep(row, recorded);
    return decided(row, readQueueEvent(recorded));
  },
};

/** Few events of an account are about an item: it is called for every event of the ledger. */
function ofAccount(type: string, data: JsonObject): string | undefined {
  switch (type) {
    case 'TokensCharged':
      return data['overage'] !== undefined || data['late'] === true ? String(data['chargeId']) : undefined;
    case 'HoldReleased':
      return data['reason'] === 'usage_unknown' ? String(data['chargeId']) : undefined;
    case 'BalanceAdjusted':
      return itemOfStream(String(data['reference'] ?? ''));
    default:
      return undefined;
  }
}

function accountStep(row: QueueRow | undefined, recorded: RecordedEvent, accountId: string): QueueRow {
  const { type, data } = readAccountEvent(recorded);
  if (type === 'BalanceAdjusted') return closed(row, recorded);
  if (type === 'HoldReleased') {
    const { chargeId: itemId, at: since } = data;
    return { itemId, accountId, kind: 'usage_unknown', since, open: true, state: 'not charged' };
  }
  if (type === 'TokensCharged') return chargeStep(row, data, accountId);
  throw new Error(`${type} is not about an item of the queue`);
}

/** What a person charged needs nobody to look at it. */
function chargeStep(row: QueueRow | undefined, data: AccountEventData<'TokensCharged'>, accountId: string): QueueRow {
  const { chargeId: itemId, at: since, cost, overage, byHand } = data;
  const kind = overage === undefined ? 'late_charge' : 'overage';
  const state = `charged ${cost}`;
  if (byHand === undefined) return { itemId, accountId, kind, since, open: true, state };
  return { ...(row ?? { itemId, accountId, kind, since }), open: false, state };
}

type Alert = Extract<TopupEvent, { type: 'FraudWarned' | 'PaymentMismatched' }>;

function alert({ type, data }: Alert): QueueRow {
  const of = { ...(data.accountId !== undefined && { accountId: data.accountId }), since: data.at, open: true };
  if (type === 'FraudWarned') return { itemId: data.warningId, kind: 'fraud_warning', ...of, state: data.fraudType };
  const { paymentIntentId: itemId, field, received } = data;
  return { itemId, kind: 'payment_mismatch', ...of, state: `${field} ${received}` };
}

function webhookStep(row: QueueRow | undefined, recorded: RecordedEvent): QueueRow {
  const { type, data } = readWebhookEvent(recorded);
  if (type === 'WebhookFailed') {
    const { eventId: itemId, eventType, topupId, failure, at } = data;
    const since = row?.open === true ? row.since : at;
    const webhook = { eventType, ...(topupId !== undefined && { topupId }), failure };
    return { itemId, kind: 'failed_webhook', since, open: true, state: failure, webhook };
  }
  // Somebody had an event followed up that never failed here: Stripe could not deliver it.
  const { eventId: itemId, at: since } = data;
  const known = row ?? { itemId, kind: 'failed_webhook', since, open: false, state: 'undelivered' };
  return type === 'WebhookProcessed' ? { ...known, open: false, state: 'processed' } : known;
}

function decided(row: QueueRow | undefined, { type, data }: QueueEvent): QueueRow {
  if (type === 'QueueItemDismissed') {
    const { itemId, kind, state, by, reason, at } = data;
    const known = row ?? { itemId, kind, since: at, state };
    return { ...known, open: false, dismissed: { state, by, reason, at } };
  }
  if (type === 'QueueChoiceMade') {
    const { itemId, kind, at } = data;
    return { ...(row ?? { itemId, kind, since: at, state: kind }), open: false };
  }
  if (type === 'QueueCreditProposed' && data.kind === PROPOSED_ADJUSTMENT) return adjustment(data);
  if (row === undefined) throw new Error(`impossible history: ${type} of an item that never waited`);
  const { credit, ...rest } = row;
  if (type === 'QueueCreditProposed') {
    const { amount, by, reason } = data;
    return { ...rest, credit: { amount, by, reason } };
  }
  if (type === 'QueueCreditDeclined' && row.kind === PROPOSED_ADJUSTMENT) {
    const { by, reason, at } = data;
    return { ...row, open: false, state: 'declined', declined: { by, reason, at } };
  }
  if (type === 'QueueCreditDeclined' || credit === undefined) return rest;
  return { ...rest, credit: { ...credit, approvedBy: data.approvedBy } };
}

function adjustment(data: QueueEventData<'QueueCreditProposed'>): QueueRow {
  const { itemId, accountId, kind, amount, servedAt, by, reason, at: since } = data;
  const credit = { amount, by, reason, ...(servedAt !== undefined && { servedAt }) };
  return { itemId, accountId, kind, since, open: true, state: `proposed ${amount}`, credit };
}

/** Anybody may have given an adjustment such a reference. */
function closed(row: QueueRow | undefined, { stream, data }: RecordedEvent): QueueRow {
  const itemId = itemOfStream(String(data['reference'])) ?? '';
  const unknown = { itemId, kind: 'overage', since: String(data['at']), state: `adjusted in ${stream}` };
  return { ...(row ?? unknown), open: false };
}
