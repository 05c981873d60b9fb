import { Inject, Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { type Card, type CardFace, SavedCards, type PaymentOrder } from '../../payments/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { asked, found, underKeys } from './stripe-client.js';
import { orderIn } from './stripe-objects.js';

const PAGE = 100;

/** Cards that Stripe keeps for us (docs.stripe.com/payments/save-during-payment). */
@Injectable()
export class StripeCards extends SavedCards {
  readonly #tax: boolean;

  constructor(
    private readonly stripe: Stripe,
    @Inject(CONFIG) { STRIPE_TAX }: Config,
  ) {
    super();
    this.#tax = STRIPE_TAX;
  }

  /** The key is the order’s: Stripe would answer one of the account for a day with a customer who was deleted meanwhile. */
  override async customerFor({ topupId, accountId }: PaymentOrder, saved: Card | undefined): Promise<string> {
    if (saved !== undefined && (await this.#customerOf(saved)) !== undefined) return saved.customerId;
    const params = { metadata: { account_id: accountId } };
    const make = (options: Stripe.RequestOptions) => this.stripe.customers.create(params, options);
    return (await asked(() => underKeys(`topup-${topupId}/customer`, make))).id;
  }

  /** Stripe forgets idempotency keys after a day, so this looks for the payment first. */
  override async charge(order: PaymentOrder, card: Card): Promise<string | undefined> {
    const { topupId, priceMinor, currency } = order;
    const { customerId: customer, paymentMethodId: payment_method } = card;
    return asked(async () => {
      const known = await this.#made(topupId, customer);
      if (known !== undefined) return known;
      const taxed = this.#tax ? await this.#taxed(order, customer) : {};
      if (taxed === undefined) return undefined;
      const params = {
        ...taxed,
        amount: priceMinor,
        currency,
        customer,
        payment_method,
        // Whatever methods Stripe's dashboard offers: what was saved is a card.
        allowed_payment_method_types: ['card' as const],
        // A bank that wants the customer's confirmation declines: the customer is not there. Stripe refuses `error_on_requires_action` beside it
        // (docs.stripe.com/changelog/2023-08-16/automatic-payment-methods).
        off_session: true,
        confirm: true,
        metadata: { topup_id: topupId },
      };
      return this.#confirmed(params, `topup-${topupId}/charge`);
    });
  }

  override paymentOf({ topupId }: PaymentOrder, { customerId }: Card): Promise<string | undefined> {
    return found(() => this.#made(topupId, customerId));
  }

  async #made(topupId: string, customer: string): Promise<string | undefined> {
    const { data } = await this.stripe.paymentIntents.list({ customer, limit: PAGE });
    return data.find((intent) => orderIn(intent) === topupId)?.id;
  }

  /**
   * Lets Stripe Tax compute the tax that the price includes, and record it with the payment and its refunds (docs.stripe.com/tax/payment-intent).
   * Undefined for a customer whose address says not where tax is due.
   */
  async #taxed(
    { topupId, priceMinor, currency }: PaymentOrder,
    customer: string,
  ): Promise<Pick<Stripe.PaymentIntentCreateParams, 'hooks'> | undefined> {
    const item = { amount: priceMinor, reference: topupId, tax_behavior: 'inclusive' } as const;
    try {
      const params = { currency, customer, line_items: [item] };
      const make = (options: Stripe.RequestOptions) => this.stripe.tax.calculations.create(params, options);
      const { id } = await underKeys(`topup-${topupId}/tax`, make);
      return id === null ? undefined : { hooks: { inputs: { tax: { calculation: id } } } };
    } catch (error) {
      if (error instanceof Stripe.errors.StripeError && error.code === 'customer_tax_location_invalid')
        return undefined;
      throw error;
    }
  }

  override async canBeTaxed(card: Card): Promise<boolean> {
    return !this.#tax || typeof (await this.#customerOf(card))?.address?.country === 'string';
  }

  /** Undefined for a customer who was deleted. */
  async #customerOf({ customerId }: Card): Promise<Stripe.Customer | undefined> {
    const customer = await found(() => this.stripe.customers.retrieve(customerId));
    return customer?.deleted ? undefined : customer;
  }

  /** Stripe reports a declined card as an error; to us it is an answer. An error of Stripe’s own stays one: under another key, it might be paid twice. */
  async #confirmed(params: Stripe.PaymentIntentCreateParams, idempotencyKey: string): Promise<string | undefined> {
    try {
      return (await this.stripe.paymentIntents.create(params, { idempotencyKey })).id;
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeCardError)) throw error;
      return error.payment_intent?.id;
    }
  }

  override async face({ paymentMethodId }: Card): Promise<CardFace | undefined> {
    const card = (await found(() => this.stripe.paymentMethods.retrieve(paymentMethodId)))?.card;
    if (card === undefined) return undefined;
    const { brand, last4, exp_month: expMonth, exp_year: expYear } = card;
    return { brand, last4, expMonth, expYear };
  }

  override async forget({ customerId }: Card): Promise<void> {
    await found(() => this.stripe.customers.del(customerId));
  }
}
