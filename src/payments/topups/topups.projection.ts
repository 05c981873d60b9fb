// One row per top-up: for lists, receipts and the sweeper.
import type { Projection, RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import {
  type Quote,
  readTopupEvent,
  type TopupCurrency,
  type TopupEvent,
  type TopupEventData,
  topupOfStream,
} from './topup.events.js';
import type { RefundStatus } from '../provider/payment.js';
import type { TopupStatus } from './topup.state.js';

interface TopupRowRefund extends JsonObject {
  readonly refundId: string;
  readonly credit: string;
  readonly amountMinor: number;
  readonly status?: RefundStatus;
  readonly stripeRefundId?: string;
}

export interface TopupRow extends JsonObject {
  readonly topupId: string;
  readonly accountId: string;
  /** `canceled`: expired, because its owner had canceled it. */
  readonly status: TopupStatus | 'canceled';
  readonly credit: string;
  readonly currency: TopupCurrency;
  readonly priceMinor: number;
  readonly quote?: Quote & JsonObject;
  readonly automatic: boolean;
  readonly orderedAt: string;
  readonly expiresAt: string;
  readonly changedAt: string;
  readonly cancelRequested?: true;
  readonly sessionId?: string;
  readonly paymentIntentId?: string;
  readonly paidAt?: string;
  /** Why the payment failed. */
  readonly reason?: string;
  readonly refunds: readonly TopupRowRefund[];
  /** Stripe’s settlement of the payment. */
  readonly settlement?: {
    readonly currency: string;
    readonly amountMinor: number;
    readonly feeMinor: number;
    readonly netMinor: number;
  };
  /** The number of booked balance transactions: of refunds, and of refunds that the bank returned. */
  readonly refundsBooked: number;
  readonly returnsBooked: number;
  /** Whether more news from the payment provider is expected. */
  readonly awaiting: boolean;
}

export const topupRows: Projection<TopupRow> = {
  view: {
    name: 'topups-3',
    indexes: [
      ['accountId', 'orderedAt'],
      ['awaiting', 'changedAt'],
      // What finance looks for: by day, state, amount, and Stripe’s ids.
      ['orderedAt'],
      ['status', 'orderedAt'],
      ['credit', 'orderedAt'],
      ['automatic', 'orderedAt'],
      ['priceMinor', 'orderedAt'],
      ['paymentIntentId'],
      ['sessionId'],
    ],
  },
  rowId: ({ stream }) => topupOfStream(stream),
  step(row, recorded) {
    const event = readTopupEvent(recorded);
    const next = row === undefined ? ordered(recorded, event) : { ...row, ...change(row, event) };
    // That somebody asked is no news of the payment.
    const changedAt = row !== undefined && event.type === 'TopupSyncRequested' ? row.changedAt : event.data.at;
    return { ...next, changedAt, awaiting: isAwaiting(next) };
  },
};

function ordered({ stream }: RecordedEvent, { type, data }: TopupEvent): TopupRow {
  if (type !== 'TopupOrdered') throw new Error(`${type} in ${stream}, which has no order`);
  const { topupId, accountId, credit, currency, priceMinor, quote, automatic, expiresAt, at } = data;
  return {
    topupId,
    accountId,
    credit,
    currency,
    priceMinor,
    expiresAt,
    ...(quote && { quote }),
    automatic: automatic === true,
    status: 'ordered',
    orderedAt: at,
    changedAt: at,
    refunds: [],
    refundsBooked: 0,
    returnsBooked: 0,
    awaiting: true,
  };
}

function change(row: TopupRow, { type, data }: TopupEvent): JsonObject {
  switch (type) {
    case 'TopupOrdered':
      throw new Error(`${row.topupId} was ordered twice`);
    case 'CheckoutOpened':
      return { sessionId: data.sessionId };
    case 'PaymentPending':
      return { status: 'pending' };
    case 'TopupPaid':
      return { status: 'paid', paymentIntentId: data.paymentIntentId, paidAt: data.at };
    case 'TopupFailed':
      return { status: 'failed', reason: data.reason };
    case 'TopupExpired':
      return { status: row.cancelRequested ? 'canceled' : 'expired' };
    case 'TopupCancelRequested':
      return { cancelRequested: true };
    case 'RefundOrdered':
    case 'RefundFound': {
      const { refundId, credit, amountMinor } = data;
      return { refunds: [...row.refunds, { refundId, credit, amountMinor }] };
    }
    case 'RefundReported':
      return {
        refunds: row.refunds.map((refund) => (refund.refundId === data.refundId ? reported(refund, data) : refund)),
      };
    case 'BalanceTransactionBooked':
      return booked(row, data);
    case 'PaymentMismatched':
    case 'FraudWarned':
    case 'TopupSyncRequested':
      return {};
    default:
      throw new Error(`unknown event ${type satisfies never}`);
  }
}

const reported = (
  refund: TopupRowRefund,
  { status, stripeRefundId }: TopupEventData<'RefundReported'>,
): TopupRowRefund => ({ ...refund, status, ...(stripeRefundId !== undefined && { stripeRefundId }) });

function booked(row: TopupRow, data: TopupEventData<'BalanceTransactionBooked'>): JsonObject {
  const { source, unmatched, currency, amountMinor, feeMinor, netMinor } = data;
  if (unmatched) return {};
  if (source === 'payment') return { settlement: { currency, amountMinor, feeMinor, netMinor } };
  if (source === 'refund') return { refundsBooked: row.refundsBooked + 1 };
  return source === 'refund_failure' ? { returnsBooked: row.returnsBooked + 1 } : {};
}

/** Whether a payment, a refund or a balance transaction is still missing. */
function isAwaiting({ status, settlement, refunds, refundsBooked, returnsBooked }: TopupRow): boolean {
  if (status !== 'paid') return status === 'ordered' || status === 'pending';
  const open = refunds.some((refund) => refund.status === undefined || refund.status === 'pending');
  const paid = refunds.filter((refund) => refund.status === 'succeeded' && refund.stripeRefundId !== undefined).length;
  // What did not succeed may have failed before Stripe took anything for it; what was taken comes back.
  return settlement === undefined || open || refundsBooked < paid || returnsBooked < refundsBooked - paid;
}
