// The payments and refunds at Stripe behind purchases and refunds, whose events name our top-up and our refund alone.
import { eventsOf, type EventStore, type RecordedEvent } from '../../event-store/index.js';
import { readTopupEvent, type StripeIds, stripeIdsOf, topupOfStream, topupStream } from '../../payments/index.js';

interface TopupAtStripe {
  paymentIntentId?: string;
  /** Stripe's ids of refunds, by ours. */
  readonly refunds: Map<string, string>;
}

/** Top-ups that are kept in memory: a purchase is booked soon after its payment. Those of others are read again, so memory stays flat. */
const MOST = 10_000;

/** Their lot has the id of its top-up. */
const OF_TOPUPS: ReadonlySet<string> = new Set([
  'CreditPurchased',
  'RefundRequested',
  'RefundCompleted',
  'RefundFailed',
]);

/** Names what events book as Stripe does. An entry has the names that the log has before it, so it is the same in every export. */
export class StripeNames {
  readonly #topups = new Map<string, TopupAtStripe>();

  constructor(
    private readonly store: EventStore,
    private readonly most = MOST,
  ) {}

  /** Takes every event of the log, in its order. */
  note(event: RecordedEvent): void {
    const topupId = topupOfStream(event.stream);
    if (topupId === undefined) return;
    const known = this.#topups.get(topupId);
    if (known !== undefined) take(known, event);
    else if (event.type === 'TopupPaid') this.#keep(topupId, take({ refunds: new Map() }, event));
  }

  async of(event: RecordedEvent): Promise<StripeIds> {
    const ids = stripeIdsOf(event);
    if (!OF_TOPUPS.has(event.type)) return ids;
    const topupId = String(event.data['lotId']);
    const { paymentIntentId, refunds } = this.#topups.get(topupId) ?? (await this.#read(topupId, event.position));
    const refund = refunds.get(String(event.data['refundId']));
    return { ...ids, ...(paymentIntentId && { payment_intent: paymentIntentId }), ...(refund && { refund }) };
  }

  async #read(topupId: string, before: number): Promise<TopupAtStripe> {
    const topup: TopupAtStripe = { refunds: new Map() };
    for await (const event of eventsOf(this.store, topupStream(topupId))) {
      if (event.position < before) take(topup, event);
    }
    return this.#keep(topupId, topup);
  }

  #keep(topupId: string, topup: TopupAtStripe): TopupAtStripe {
    this.#topups.set(topupId, topup);
    const [oldest] = this.#topups.keys();
    if (this.#topups.size > this.most && oldest !== undefined) this.#topups.delete(oldest);
    return topup;
  }
}

function take(topup: TopupAtStripe, recorded: RecordedEvent): TopupAtStripe {
  const { type, data } = readTopupEvent(recorded);
  if (type === 'TopupPaid') topup.paymentIntentId = data.paymentIntentId;
  if (type === 'RefundFound') topup.refunds.set(data.refundId, data.refundId);
  if (type === 'RefundReported' && data.stripeRefundId !== undefined)
    topup.refunds.set(data.refundId, data.stripeRefundId);
  return topup;
}
