// One row per refund: its credit, from the account’s events, and its money, from the top-up’s events.
import type { Projection, RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import {
  type AccountEvent,
  type AccountEventData,
  accountOfStream,
  AT_STRIPE,
  readAccountEvent,
} from '../../ledger/index.js';
import { readTopupEvent, type TopupEvent, topupOfStream } from '../topups/topup.events.js';

export const REFUND_STATUSES = ['found', 'requested', 'approved', 'completed', 'failed'] as const;

export interface RefundRow extends JsonObject {
  readonly refundId: string;
  readonly topupId: string;
  /** Empty for a refund found at Stripe, until it is recorded on the account. */
  readonly accountId: string;
  /** One that was made at Stripe is `found` until it ends there: nobody has to decide on it. */
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
    /** Whether it was paid from our bank, not by Stripe. */
    readonly outside: boolean;
    readonly requestedBy: string;
    readonly proposedAt: string;
    readonly reason: string;
    readonly approvedBy?: string;
    readonly approvalReason?: string;
  };
  readonly requestedAt: string;
  /** When it last changed. While people decide how to end it by hand, it waits as before. */
  readonly changedAt: string;
}

/** What an account's events say of its refunds, in the order in which it happens. */
export const REFUND_EVENTS = [
  'RefundRequested',
  'RefundApproved',
  'RefundEndProposed',
  'RefundEndDeclined',
  'RefundCompleted',
  'RefundFailed',
] as const satisfies readonly AccountEvent['type'][];

type OfAccount = Extract<AccountEvent, { type: (typeof REFUND_EVENTS)[number] }>;
type OfTopup = Extract<TopupEvent, { type: 'RefundOrdered' | 'RefundFound' | 'RefundReported' }>;

const ACCOUNT_TYPES = new Set<string>(REFUND_EVENTS);
const TOPUP_TYPES = new Set<string>(['RefundOrdered', 'RefundFound', 'RefundReported'] satisfies OfTopup['type'][]);

export const refundRows: Projection<RefundRow> = {
  view: {
    name: 'refunds-6',
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
    if (event.type === 'RefundEndDeclined') return withoutProposal(before);
    const changedAt = event.type === 'RefundEndProposed' ? before.changedAt : String(event.data['at']);
    const after = ACCOUNT_TYPES.has(event.type)
      ? ofAccount(before, accountOfStream(event.stream) ?? '', readAccountEvent(event) as OfAccountHere)
      : ofTopup(readTopupEvent(event) as OfTopup);
    return { ...before, ...after, changedAt };
  },
};

function withoutProposal({ byHand: _byHand, ...row }: RefundRow): RefundRow {
  return row;
}

function begun({ stream, data }: RecordedEvent): RefundRow {
  const [refundId, at] = [String(data['refundId']), String(data['at'])];
  const topupId = topupOfStream(stream) ?? String(data['lotId']);
  return { refundId, topupId, accountId: '', status: 'found', credit: '0.00', requestedAt: at, changedAt: at };
}

type OfAccountHere = Exclude<OfAccount, { type: 'RefundEndDeclined' }>;

function ofAccount(row: RefundRow, accountId: string, { type, data }: OfAccountHere): JsonObject {
  switch (type) {
    case 'RefundRequested': {
      const { amount, requestedBy, reason, at } = data;
      const status = requestedBy === AT_STRIPE ? 'found' : 'requested';
      return { accountId, status, credit: amount, requestedBy, reason, requestedAt: at };
    }
    case 'RefundApproved':
      return { status: 'approved', approvedBy: data.approvedBy };
    case 'RefundCompleted':
      return { status: 'completed', ...handOf(row, data.byHand) };
    case 'RefundEndProposed': {
      const { outcome, outside = false, requestedBy, reason, at: proposedAt } = data;
      return { byHand: { outcome, outside, requestedBy, proposedAt, reason } };
    }
    case 'RefundFailed':
      return { ...failed(data), ...handOf(row, data.byHand) };
  }
}

/** As it was proposed, with who approved it. */
function handOf({ byHand: proposed }: RefundRow, byHand: AccountEventData<'RefundCompleted'>['byHand']): JsonObject {
  if (byHand === undefined) return {};
  if (proposed === undefined) throw new Error('impossible history: a refund was ended by hand that nobody proposed');
  const { approvedBy, approvalReason } = byHand;
  return { byHand: { ...proposed, approvedBy, ...(approvalReason !== undefined && { approvalReason }) } };
}

function failed({ reason, declinedBy, withdrawnBy, detail }: AccountEventData<'RefundFailed'>): JsonObject {
  const who = { ...(declinedBy && { declinedBy }), ...(withdrawnBy && { withdrawnBy }) };
  return { status: 'failed', failure: reason, ...who, ...(detail && { failureReason: detail }) };
}

function ofTopup({ type, data }: OfTopup): JsonObject {
  if (type !== 'RefundReported') return { credit: data.credit, amountMinor: data.amountMinor };
  const { stripeRefundId, reason } = data;
  return { ...(stripeRefundId && { stripeRefundId }), ...(reason && { failureReason: reason }) };
}
