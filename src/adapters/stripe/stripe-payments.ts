import { Inject, Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { unixSeconds } from '../../kernel/index.js';
import {
  type Checkout,
  type Payment,
  PaymentProvider,
  PaymentProviderRefused,
  type PaymentReference,
  type PayoutReport,
  type RefundOrder,
  type ReturnLinks,
  type PaymentOrder,
} from '../../payments/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { asked, found, underKeys } from './stripe-client.js';
import { balanceTransaction, ofDispute, ofIntent, ofRefund, ofSession, orderIn } from './stripe-objects.js';

type PaymentMethodType = Stripe.Checkout.SessionCreateParams.AllowedPaymentMethodType;

const ON_INTENT = ['latest_charge.balance_transaction'];
const ON_SESSION = ON_INTENT.map((path) => `payment_intent.${path}`);
const ON_PAYOUT = ['balance_transaction', 'failure_balance_transaction'];
const ON_REFUNDS = ['data.balance_transaction', 'data.failure_balance_transaction'];
const PAGE = 100;
/** The client gives no more at once. */
const MOST_REFUNDS = 10_000;

/** Payments through Stripe. The metadata of every object has our order id, and our own keys make every request idempotent. */
@Injectable()
export class StripePayments extends PaymentProvider {
  override readonly methods: readonly string[];
  readonly #tax: boolean;

  constructor(
    private readonly stripe: Stripe,
    @Inject(CONFIG) { TOPUP_PAYMENT_METHODS, STRIPE_TAX }: Config,
  ) {
    super();
    this.#tax = STRIPE_TAX;
    this.methods = TOPUP_PAYMENT_METHODS.split(',');
  }

  override async openCheckout(order: PaymentOrder, links: ReturnLinks, saveUnder?: string): Promise<Checkout> {
    const params = { ...this.#checkout(order, links), ...this.#savingUnder(saveUnder, order) };
    const { sessions } = this.stripe.checkout;
    const make = (options: Stripe.RequestOptions) => sessions.create(params, options);
    const { id, url } = await asked(() =>
      underKeys(`topup-${order.topupId}/checkout`, make, () => this.#opened(order.topupId)),
    );
    return { sessionId: id, url: url ?? undefined };
  }

  /** The open session of an order, which Stripe may have made though it answered with an error. Nobody has its address yet. */
  async #opened(topupId: string): Promise<Stripe.Checkout.Session | undefined> {
    for await (const session of this.stripe.checkout.sessions.list({ status: 'open', limit: PAGE }))
      if (session.client_reference_id === topupId) return session;
    return undefined;
  }

  #checkout(order: PaymentOrder, { paid, canceled }: ReturnLinks): Stripe.Checkout.SessionCreateParams {
    const { topupId, currency, priceMinor, expiresAt } = order;
    const metadata = { topup_id: topupId };
    const product = { currency, unit_amount: priceMinor, product_data: { name: 'token-hub credit' } };
    // Prices include the tax, so that the amount stays that of the order (docs.stripe.com/tax/checkout).
    const taxed = this.#tax && ({ automatic_tax: { enabled: true }, billing_address_collection: 'required' } as const);
    return {
      ...taxed,
      mode: 'payment',
      line_items: [{ quantity: 1, price_data: { ...product, ...(taxed && { tax_behavior: 'inclusive' }) } }],
      allowed_payment_method_types: this.methods as PaymentMethodType[],
      ...(this.methods.includes('wechat_pay') && { payment_method_options: { wechat_pay: { client: 'web' } } }),
      // The price stays in the currency of the order.
      adaptive_pricing: { enabled: false },
      client_reference_id: topupId,
      metadata,
      payment_intent_data: { metadata },
      success_url: paid,
      cancel_url: canceled,
      expires_at: unixSeconds(expiresAt),
    };
  }

  /** Saves the card for charges in the absence of the customer (docs.stripe.com/payments/checkout/save-during-payment). */
  #savingUnder(customer: string | undefined, { topupId }: PaymentOrder): Stripe.Checkout.SessionCreateParams {
    if (customer === undefined) return {};
    return {
      customer,
      // The tax of later charges depends on the address (docs.stripe.com/tax/checkout#existing-customers).
      ...(this.#tax && { customer_update: { address: 'auto' } }),
      payment_intent_data: { metadata: { topup_id: topupId }, setup_future_usage: 'off_session' },
    };
  }

  /** Stripe expires only sessions that are open (docs.stripe.com/api/checkout/sessions/expire). */
  override async closeCheckout(sessionId: string): Promise<void> {
    try {
      await asked(() => this.stripe.checkout.sessions.expire(sessionId));
    } catch (error) {
      if (!(error instanceof PaymentProviderRefused)) throw error;
    }
  }

  override async payment(reference: PaymentReference): Promise<Payment | undefined> {
    const base = await found(() => this.#base(reference));
    if (base === undefined) return undefined;
    const { paymentIntentId: payment_intent } = base;
    if (payment_intent === undefined) return { ...base, refunds: [], disputes: [], warnings: [] };
    return { ...base, ...(await asked(() => this.#aftermath(payment_intent))) };
  }

  async #base(reference: PaymentReference): Promise<ReturnType<typeof ofIntent>> {
    if ('sessionId' in reference) {
      return ofSession(await this.stripe.checkout.sessions.retrieve(reference.sessionId, { expand: ON_SESSION }));
    }
    const intent = await this.stripe.paymentIntents.retrieve(reference.paymentIntentId, { expand: ON_INTENT });
    return { ...ofIntent(intent), taxMinor: await this.#taxOf(intent) };
  }

  /** The tax of a charge without a checkout; undefined after 90 days, when Stripe forgets how it was calculated. */
  async #taxOf({ hooks }: Stripe.PaymentIntent): Promise<number | undefined> {
    const calculation = hooks?.inputs?.tax?.calculation;
    if (calculation === undefined) return undefined;
    return (await found(() => this.stripe.tax.calculations.retrieve(calculation)))?.tax_amount_inclusive;
  }

  /** What happened to a payment after it was made. */
  async #aftermath(payment_intent: string): Promise<Pick<Payment, 'refunds' | 'disputes' | 'warnings'>> {
    const [refunds, disputes, warnings] = await Promise.all([
      this.#refundsOf(payment_intent, { expand: ON_REFUNDS }),
      this.stripe.disputes.list({ payment_intent, limit: PAGE }),
      this.stripe.radar.earlyFraudWarnings.list({ payment_intent, limit: PAGE }),
    ]);
    return {
      refunds: refunds.map(ofRefund),
      disputes: disputes.data.map(ofDispute),
      warnings: warnings.data.map(({ id, fraud_type }) => ({ warningId: id, fraudType: fraud_type })),
    };
  }

  /** All of them: a payment can have as many refunds as it has cents (docs.stripe.com/api/refunds). */
  #refundsOf(payment_intent: string, more: Stripe.RefundListParams = {}): Promise<Stripe.Refund[]> {
    return this.stripe.refunds
      .list({ ...more, payment_intent, limit: PAGE })
      .autoPagingToArray({ limit: MOST_REFUNDS });
  }

  override async orderOf(paymentIntentId: string): Promise<string | undefined> {
    const intent = await found(() => this.stripe.paymentIntents.retrieve(paymentIntentId));
    return intent && orderIn(intent);
  }

  /** Stripe forgets idempotency keys after a day, so this looks for the refund first. */
  override async refund({ refundId, topupId, paymentIntentId, amountMinor }: RefundOrder): Promise<void> {
    await asked(async () => {
      const made = await this.#refundsOf(paymentIntentId);
      if (made.some(({ metadata }) => metadata?.['refund_id'] === refundId)) return;
      const metadata = { refund_id: refundId, topup_id: topupId };
      const params = { payment_intent: paymentIntentId, amount: amountMinor, metadata };
      await this.stripe.refunds.create(params, { idempotencyKey: `refund-${refundId}` });
    });
  }

  override async payout(payoutId: string): Promise<PayoutReport | undefined> {
    const payout = await found(() => this.stripe.payouts.retrieve(payoutId, { expand: ON_PAYOUT }));
    if (payout === undefined) return undefined;
    const { id, status, currency, amount } = payout;
    const [left, returned] = [payout.balance_transaction, payout.failure_balance_transaction].map(balanceTransaction);
    const dates = { createdAt: left?.createdAt, returnedAt: returned?.createdAt };
    const report = { payoutId: id, status: payoutStatus(status), currency, amountMinor: amount };
    return { ...report, feeMinor: left?.feeMinor ?? 0, ...dates };
  }
}

const payoutStatus = (status: string): PayoutReport['status'] => {
  if (status === 'paid') return 'paid';
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending';
};
