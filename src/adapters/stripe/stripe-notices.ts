import { Inject, Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { refuse, Refused, unixSeconds } from '../../kernel/index.js';
import { type PaymentNotice, PaymentNotices } from '../../payments/index.js';
import { isLiveKey } from '../../platform/reality.js';
import { STRIPE_ACCOUNT, type StripeAccount } from './stripe-account.js';
import { asked } from './stripe-client.js';
import { EVENT_TYPES, translate } from './translate.js';

/** How old a signature may be, in seconds; an older event counts as a replay (docs.stripe.com/webhooks#replay-attacks). */
const TOLERANCE_SECONDS = 300;
/** The most event types that Stripe takes in one request. */
const TYPES_AT_ONCE = 20;
const PAGE = 100;

/** Stripe’s events: those it delivers, and those it could not deliver. */
@Injectable()
export class StripeNotices extends PaymentNotices {
  constructor(
    private readonly stripe: Stripe,
    @Inject(STRIPE_ACCOUNT) private readonly account: Pick<StripeAccount, 'secretKey' | 'webhookSecrets'>,
  ) {
    super();
    if (account.webhookSecrets.length === 0 || account.webhookSecrets.includes('')) {
      throw new RangeError('A webhook without a secret would believe anybody.');
    }
  }

  override read(body: Buffer, signature: string | undefined): PaymentNotice | undefined {
    const event = this.#verified(body, signature);
    if (event.livemode !== isLiveKey(this.account.secretKey)) {
      // A Connect webhook gets the test events of connected accounts, too (docs.stripe.com/connect/webhooks). What is theirs is not ours.
      if (event.account !== undefined) return undefined;
      const message = `This event is of Stripe’s ${event.livemode ? 'live' : 'test'} mode, but STRIPE_SECRET_KEY is not. Give each mode its own webhook.`;
      throw new Refused(refuse('invalid', 'wrong_mode', message));
    }
    return noticeOf(event);
  }

  #verified(body: Buffer, signature = ''): Stripe.Event {
    for (const secret of this.account.webhookSecrets) {
      try {
        return this.stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS);
      } catch (error) {
        if (error instanceof Stripe.errors.StripeSignatureVerificationError || error instanceof SyntaxError) continue;
        throw isThin(body) ? new Refused(thin) : error;
      }
    }
    throw new Refused(
      refuse(
        'invalid',
        'invalid_signature',
        'The Stripe-Signature header is missing, older than five minutes, or not made with this webhook’s secret over exactly this body. Check STRIPE_WEBHOOK_SECRET.',
      ),
    );
  }

  override missedSince(epochMs: number): Promise<readonly PaymentNotice[]> {
    return asked(async () => {
      const notices: PaymentNotice[] = [];
      for (let from = 0; from < EVENT_TYPES.length; from += TYPES_AT_ONCE) {
        const types = EVENT_TYPES.slice(from, from + TYPES_AT_ONCE);
        const created = { gte: unixSeconds(epochMs) };
        for await (const event of this.stripe.events.list({ types, delivery_success: false, created, limit: PAGE })) {
          const notice = noticeOf(event);
          if (notice !== undefined) notices.push(notice);
        }
      }
      return notices;
    });
  }
}

const isThin = (body: Buffer): boolean =>
  (JSON.parse(body.toString()) as Stripe.V2.Core.Event).object === 'v2.core.event';

const thin = refuse(
  'invalid',
  'thin_event',
  'This is a thin event, which does not say which payment it is about. Let the event destination at Stripe send snapshot events (docs.stripe.com/event-destinations).',
);

function noticeOf(event: Stripe.Event): PaymentNotice | undefined {
  const hint = translate(event);
  return hint && { eventId: event.id, eventType: event.type, hint };
}
