// One row per refund: its credit, from the account’s events, and its money, from the top-up’s events.
import type { Projection, RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { type AccountEvent, type AccountEventData, accountOfStream, readAccountEvent } from '../../ledger/index.js';
import { readTopupEvent, type TopupEvent, topupOfStream } from '../topups/topup.events.js';

export const REFUND_STATUSES = ['found', 'requested', 'approved', 'completed', 'failed'] as const;

export interface RefundRow extends JsonObject {
  readonly refundId: string;
  readonly topupId: string;
  /** Empty for a refund found at Stripe, until it is recorded on the account. */
  readonly accountId: string;
  readonly status: (typeof REFUND_STATUSES)[number];
  readonly credit: string;
  /** The amount refunded, in minor units of the payment’s currency; missing until the refund is sent. */
  readonly amountMinor?: number;
  readonly requestedBy?: string;
  readonly approvedBy?: string;
  readonly declinedBy?: string;
  readonly withdrawnBy?: string;
  /** Why the refund was requested. */
  readonly reason?: string;
  /** Why the refund was not paid: `declined`, `withdrawn`, `canceled` or `failed`; and the reason given by finance or by Stripe. */
  readonly failure?: string;
  readonly failureReason?: string;
  readonly stripeRefundId?: string;
  /** How somebody proposes to end a refund that is stuck, or two people ended it. */
  readonly byHand?: {
    readonly outcome: 'completed' | 'failed';
    readonly requestedBy: string;
    readonly approvedBy?: string;
    readonly reason: string;
  };
  readonly requestedAt: string;
  readonly changedAt: string;
}

type OfAccount = Extract<
  AccountEvent,
  { type: 'RefundRequested' | 'RefundApproved' | 'RefundEndProposed' | 'RefundCompleted' | 'RefundFailed' }
>;
type OfTopup = Extract<TopupEvent, { type: 'RefundOrdered' | 'RefundFound' | 'RefundReported' }>;

const ACCOUNT_TYPES = new Set<string>([
  'RefundRequested',
  'RefundApproved',
  'RefundEndProposed',
  'RefundCompleted',
  'RefundFailed',
] satisfies OfAccount['type'][]);
const TOPUP_TYPES = new Set<string>(['RefundOrdered', 'RefundFound', 'RefundReported'] satisfies OfTopup['type'][]);

export const refundRows: Projection<RefundRow> = {
  view: {
    name: 'refunds-4',
    indexes: [
      ['accountId', 'requestedAt'],
      ['status', 'requestedAt'],
      ['requestedAt'],
      ['topupId', 'requestedAt'],
      ['failure', 'changedAt'],
      ['credit', 'requestedAt'],
      ['amountMinor', 'requestedAt'],
      ['stripeRefundId'],
    ],
  },
  rowId: ({ type, stream, data }) => {
    const concerns =
      (ACCOUNT_TYPES.has(type) && accountOfStream(stream) !== undefined) ||
      (TOPUP_TYPES.has(type) && topupOfStream(stream) !== undefined);
    return concerns ? String(data['refundId']) : undefined;
  },
  step(row, event) {
    const before = row ?? begun(event);
    const after = ACCOUNT_TYPES.has(event.type)
      ? ofAccount(accountOfStream(event.stream) ?? '', readAccountEvent(event) as OfAccount)
      : ofTopup(readTopupEvent(event) as OfTopup);
    return { ...before, ...after, changedAt: String(event.data['at']) };
  },
};

function begun({ stream, data }: RecordedEvent): RefundRow {
  const [refundId, at] = [String(data['refundId']), String(data['at'])];
  const topupId = topupOfStream(stream) ?? String(data['lotId']);
  return { refundId, topupId, accountId: '', status: 'found', credit: '0.00', requestedAt: at, changedAt: at };
}

function ofAccount(accountId: string, { type, data }: OfAccount): JsonObject {
  switch (type) {
    case 'RefundRequested': {
      const { amount, requestedBy, reason, at } = data;
      return { accountId, status: 'requested', credit: amount, requestedBy, reason, requestedAt: at };
    }
    case 'RefundApproved':
      return { status: 'approved', approvedBy: data.approvedBy };
    case 'RefundCompleted':
      return { status: 'completed', ...handOf('completed', data.byHand) };
    case 'RefundEndProposed': {
      const { outcome, requestedBy, reason } = data;
      return { byHand: { outcome, requestedBy, reason } };
    }
    case 'RefundFailed':
      return failed(data);
  }
}

const handOf = (outcome: 'completed' | 'failed', byHand: AccountEventData<'RefundCompleted'>['byHand']): JsonObject => {
  if (byHand === undefined) return {};
  const { actor: requestedBy, approvedBy, reason } = byHand;
  return { byHand: { outcome, requestedBy, approvedBy, reason } };
};

function failed({ reason, declinedBy, withdrawnBy, detail, byHand }: AccountEventData<'RefundFailed'>): JsonObject {
  const who = { ...(declinedBy && { declinedBy }), ...(withdrawnBy && { withdrawnBy }) };
  const said = { ...who, ...(detail && { failureReason: detail }) };
  return { status: 'failed', failure: reason, ...said, ...handOf('failed', byHand) };
}

function ofTopup({ type, data }: OfTopup): JsonObject {
  if (type !== 'RefundReported') return { credit: data.credit, amountMinor: data.amountMinor };
  const { stripeRefundId, reason } = data;
  return { ...(stripeRefundId && { stripeRefundId }), ...(reason && { failureReason: reason }) };
}
