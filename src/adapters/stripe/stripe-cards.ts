import { Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { type Card, type CardFace, SavedCards, type PaymentOrder } from '../../payments/index.js';
import { asked, found } from './stripe-client.js';
import { orderIn } from './stripe-objects.js';

const PAGE = 100;

/** Cards that Stripe keeps for us (docs.stripe.com/payments/save-during-payment). */
@Injectable()
export class StripeCards extends SavedCards {
  constructor(private readonly stripe: Stripe) {
    super();
  }

  override async customerOf(accountId: string): Promise<string> {
    const idempotencyKey = `account-${accountId}/customer`;
    const params = { metadata: { account_id: accountId } };
    return (await asked(() => this.stripe.customers.create(params, { idempotencyKey }))).id;
  }

  /** Stripe forgets idempotency keys after a day, so this looks for the payment first. */
  override async charge({ topupId, priceMinor, currency }: PaymentOrder, card: Card): Promise<string | undefined> {
    const { customerId: customer, paymentMethodId: payment_method } = card;
    return asked(async () => {
      const made = await this.stripe.paymentIntents.list({ customer, limit: PAGE });
      const known = made.data.find((intent) => orderIn(intent) === topupId);
      if (known !== undefined) return known.id;
      const params = {
        amount: priceMinor,
        currency,
        customer,
        payment_method,
        off_session: true,
        confirm: true,
        // The customer is not there to confirm anything.
        error_on_requires_action: true,
        metadata: { topup_id: topupId },
      };
      return this.#confirmed(params, `topup-${topupId}/charge`);
    });
  }

  /** Stripe reports a declined card as an error; to us it is an answer. */
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
