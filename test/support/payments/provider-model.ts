// A payment provider in memory, as Stripe answers: settles in USD, keeps fees, converts yuan at a rate that moves, returns what the bank
// sends back, withdraws and reinstates what is disputed. Every change leaves hints, which a test may deliver, repeat, reorder or lose.
import {
  type BalanceTransaction,
  type Checkout,
  type Payment,
  type PaymentHint,
  PaymentProvider,
  PaymentProviderRefused,
  type PaymentReference,
  type PayoutReport,
  type ProviderDispute,
  type ProviderRefund,
  type RefundOrder,
  type PaymentOrder,
} from '../../../src/payments/index.js';

type Open<T> = { -readonly [K in keyof T]: T[K] };

interface Account extends Open<Omit<Payment, 'refunds' | 'disputes' | 'warnings'>> {
  readonly priceMinor: number;
  refunds: Open<ProviderRefund>[];
  disputes: Open<ProviderDispute>[];
  warnings: { readonly warningId: string; readonly fraudType: string }[];
}

const FEE_PERCENT = 3;
const DISPUTE_FEE = 1_500;

export class ProviderModel extends PaymentProvider {
  override readonly methods = ['card'];
  readonly payments = new Map<string, Account>();
  readonly payouts = new Map<string, PayoutReport>();
  /** What happened, oldest first. */
  readonly hints: PaymentHint[] = [];
  /** Cents for a hundred fen. */
  rate = 14;
  /** Whether balance transactions of payments come later. */
  late = false;
  #next = 0;

  #id(prefix: string): string {
    return `${prefix}_${++this.#next}`;
  }

  override async openCheckout({ topupId, priceMinor, currency }: PaymentOrder): Promise<Checkout> {
    const known = [...this.payments.values()].find(({ orderId }) => orderId === topupId);
    const sessionId = known?.sessionId ?? this.#id('cs');
    if (known === undefined) {
      this.payments.set(sessionId, {
        sessionId,
        paymentIntentId: undefined,
        orderId: topupId,
        status: 'open',
        amountMinor: 0,
        currency,
        reason: undefined,
        checkoutUrl: `https://checkout.test/${sessionId}`,
        settlement: undefined,
        priceMinor,
        refunds: [],
        disputes: [],
        warnings: [],
      });
    }
    return { sessionId, url: this.payments.get(sessionId)?.checkoutUrl };
  }

  override async closeCheckout(sessionId: string): Promise<void> {
    if (this.payments.get(sessionId)?.status === 'open') this.pay(sessionId, 'expired');
  }

  override async payment(reference: PaymentReference): Promise<Payment | undefined> {
    const found =
      'sessionId' in reference ? this.payments.get(reference.sessionId) : this.#byIntent(reference.paymentIntentId);
    return found && structuredClone<Payment>(found);
  }

  override async orderOf(paymentIntentId: string): Promise<string | undefined> {
    return this.#byIntent(paymentIntentId)?.orderId;
  }

  override async refund({ refundId, paymentIntentId, amountMinor }: RefundOrder): Promise<void> {
    const payment = this.#byIntent(paymentIntentId);
    if (payment === undefined) throw new PaymentProviderRefused('no such payment');
    if (payment.refunds.some((each) => each.refundId === refundId)) return;
    if (amountMinor > left(payment)) throw new PaymentProviderRefused('greater than unrefunded amount on charge');
    this.#addRefund(payment, amountMinor, refundId);
  }

  override async payout(payoutId: string): Promise<PayoutReport | undefined> {
    return this.payouts.get(payoutId);
  }

  #byIntent(id: string): Account | undefined {
    return [...this.payments.values()].find(({ paymentIntentId }) => paymentIntentId === id);
  }

  #hint({ orderId, sessionId, paymentIntentId }: Account): void {
    if (orderId !== undefined && sessionId !== undefined)
      this.hints.push({ type: 'topup', topupId: orderId, sessionId });
    if (paymentIntentId !== undefined) this.hints.push({ type: 'payment', paymentIntentId });
  }

  #entry(minor: number, currency: string, feeMinor = 0): BalanceTransaction {
    const cents = currency === 'usd' ? minor : Math.trunc((minor * this.rate) / 100);
    return { balanceTransactionId: this.#id('txn'), currency: 'usd', amountMinor: cents, feeMinor };
  }

  pay(sessionId: string, status: 'paid' | 'pending' | 'failed' | 'expired', amountMinor?: number): void {
    const payment = this.payments.get(sessionId);
    if (payment === undefined || !['open', 'pending'].includes(payment.status)) return;
    payment.status = status;
    payment.checkoutUrl = undefined;
    if (status !== 'expired') payment.paymentIntentId ??= this.#id('pi');
    if (status === 'failed') payment.reason = 'card_declined';
    if (status === 'paid') payment.amountMinor = amountMinor ?? payment.priceMinor;
    if (status === 'paid' && !this.late) this.settle(sessionId);
    this.#hint(payment);
  }

  /** The balance transaction of a payment comes. */
  settle(sessionId: string): void {
    const payment = this.payments.get(sessionId);
    if (payment?.status !== 'paid' || payment.settlement !== undefined) return;
    const { amountMinor, currency } = payment;
    const fee = Math.trunc((amountMinor * FEE_PERCENT) / 100 / (currency === 'usd' ? 1 : 7));
    payment.settlement = this.#entry(amountMinor, currency, fee);
    this.#hint(payment);
  }

  /** A refund in the provider's dashboard, as far as there is something left. */
  refundOutside(sessionId: string, amountMinor: number): void {
    const payment = this.payments.get(sessionId);
    if (payment?.status !== 'paid') return;
    const most = Math.min(left(payment), amountMinor);
    if (most > 0) this.#addRefund(payment, most, undefined);
  }

  #addRefund(payment: Account, amountMinor: number, refundId: string | undefined): void {
    const sent = this.#entry(-amountMinor, payment.currency);
    const more = { status: 'pending', reason: undefined, sent, returned: undefined } as const;
    payment.refunds.push({ stripeRefundId: this.#id('re'), refundId, amountMinor, ...more });
    this.#hint(payment);
  }

  /** The newest refund of a payment goes through, or comes back. */
  endRefund(sessionId: string, status: 'succeeded' | 'failed'): void {
    const payment = this.payments.get(sessionId);
    const before = status === 'failed' ? ['pending', 'succeeded'] : ['pending'];
    const refund = payment?.refunds.findLast((each) => before.includes(each.status));
    if (payment === undefined || refund === undefined) return;
    refund.status = status;
    if (status === 'failed' && refund.sent) {
      refund.reason = 'lost_or_stolen_card';
      refund.returned = {
        ...refund.sent,
        balanceTransactionId: this.#id('txn'),
        amountMinor: -refund.sent.amountMinor,
      };
    }
    this.#hint(payment);
  }

  dispute(sessionId: string, inquiry: boolean, percent: number): void {
    const payment = this.payments.get(sessionId);
    if (payment?.status !== 'paid' || payment.disputes.length > 0) return;
    const amountMinor = Math.trunc((payment.amountMinor * percent) / 100);
    const { currency } = payment;
    const about = { amountMinor, currency, reason: 'fraudulent', inquiry, outcome: undefined };
    const dispute = { disputeId: this.#id('dp'), ...about };
    const movements = inquiry ? [] : [this.#entry(-amountMinor, payment.currency, DISPUTE_FEE)];
    payment.disputes.push({ ...dispute, movements });
    this.#hint(payment);
  }

  /** A dispute that was lost may still be won. */
  endDispute(sessionId: string, won: boolean, percent: number): void {
    const payment = this.payments.get(sessionId);
    const dispute = payment?.disputes.find(({ outcome }) => outcome === undefined || (won && outcome === 'lost'));
    if (payment === undefined || dispute === undefined) return;
    dispute.outcome = dispute.inquiry ? 'inquiry_closed' : won ? 'won' : 'lost';
    const [taken] = dispute.movements;
    const back = taken && Math.trunc((-taken.amountMinor * percent) / 100);
    if (won && back !== undefined && back > 0) dispute.movements = [...dispute.movements, this.#entry(back, 'usd')];
    this.#hint(payment);
  }

  warn(sessionId: string): void {
    const payment = this.payments.get(sessionId);
    if (payment?.status !== 'paid') return;
    payment.warnings.push({ warningId: this.#id('issfr'), fraudType: 'made_with_stolen_card' });
    this.#hint(payment);
  }

  payOut(amountMinor: number, status: PayoutReport['status']): void {
    const payoutId = this.#id('po');
    this.payouts.set(payoutId, { payoutId, status, currency: 'usd', amountMinor, feeMinor: 0 });
    this.hints.push({ type: 'payout', payoutId });
  }
}

const alive = ({ status, amountMinor }: ProviderRefund): number =>
  status === 'failed' || status === 'canceled' ? 0 : amountMinor;

/** What of a payment was not refunded, in minor units. */
export const left = ({ amountMinor, refunds }: Payment): number =>
  amountMinor - refunds.reduce((sum, each) => sum + alive(each), 0);
