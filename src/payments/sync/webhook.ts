// Webhook events of the payment provider that could not be followed up, stream `webhook-<eventId>`. One that is followed up at once leaves no
// trace: what it was about is recorded where it belongs. Invariant: an event is processed after its failure, once. Pure.
import { z } from 'zod';
import { type EventOf, id, recordedAt as at, text } from '../../event-store/fields/index.js';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';
import { type Decider, fromInstant, refuse, toInstant, type Issued } from '../../kernel/index.js';
import type { PaymentNotice } from '../provider/payment-notices.js';

export const webhookEventSchemas = {
  WebhookFailed: z
    .strictObject({
      eventId: id('Stripe’s event'),
      eventType: id('Stripe’s name for what happened'),
      topupId: id('the top-up that it names').optional(),
      sessionId: id('Stripe’s checkout session that it names').optional(),
      paymentIntentId: id('Stripe’s payment intent that it names').optional(),
      payoutId: id('Stripe’s payout that it names').optional(),
      failure: text('why it could not be followed up'),
      at,
    })
    .describe('An event of Stripe’s arrived, and what it is about could not be looked up and recorded.'),
  WebhookReplayed: z
    .strictObject({ eventId: id('Stripe’s event'), by: id('who: a user id'), reason: text('why'), at })
    .describe('Somebody of the staff has it followed up again.'),
  WebhookProcessed: z
    .strictObject({ eventId: id('Stripe’s event'), at })
    .describe('After its failure it could be followed up.'),
};

type Schemas = typeof webhookEventSchemas;
type WebhookEventType = keyof Schemas;
type WebhookEventData<T extends WebhookEventType> = z.infer<Schemas[T]>;
export type WebhookEvent = EventOf<Schemas>;

interface Base extends Issued {
  readonly eventId: string;
}

export type WebhookCommand = Base &
  (
    | { readonly type: 'ReportFailure'; readonly notice: PaymentNotice; readonly failure: string }
    | { readonly type: 'ReportSuccess' }
    | {
        readonly type: 'ReplayWebhook';
        readonly by: string;
        readonly reason: string;
        /** Whether the provider says that it could not deliver it: then it need not have failed here. */
        readonly undelivered?: boolean;
      }
  );

export interface WebhookState {
  /** Its failure, unless it has been followed up since. */
  readonly failed: WebhookEventData<'WebhookFailed'> | undefined;
  readonly lastAt: number;
}

export const webhook: Decider<WebhookState, WebhookCommand, WebhookEvent> = {
  initial: () => ({ failed: undefined, lastAt: 0 }),
  decide(command, { failed, lastAt }) {
    const { eventId } = command;
    const when = toInstant(Math.max(command.at, lastAt));
    switch (command.type) {
      case 'ReportFailure': {
        const { notice, failure } = command;
        if (failed?.failure === failure) return [];
        const { type: _type, ...concerns } = notice.hint;
        const about = { eventId, eventType: notice.eventType, ...concerns };
        return [{ type: 'WebhookFailed', data: { ...about, failure, at: when } }];
      }
      case 'ReportSuccess':
        return failed === undefined ? [] : [{ type: 'WebhookProcessed', data: { eventId, at: when } }];
      case 'ReplayWebhook': {
        if (failed === undefined && command.undelivered !== true)
          return refuse('conflict', 'webhook_processed', `The event ${eventId} has been followed up, or never failed.`);
        const { by, reason } = command;
        return [{ type: 'WebhookReplayed', data: { eventId, by, reason, at: when } }];
      }
    }
  },
  evolve(state, { type, data }) {
    const lastAt = fromInstant(data.at);
    if (type === 'WebhookFailed') return { failed: data, lastAt };
    return type === 'WebhookProcessed' ? { failed: undefined, lastAt } : { ...state, lastAt };
  },
};

const STREAM_PREFIX = 'webhook-';

export const webhookStream = (eventId: string): string => `${STREAM_PREFIX}${eventId}`;

/** The webhook event of a stream; undefined for a stream of another kind. */
export const webhookOfStream = idAfter(STREAM_PREFIX);

/** Convert older shapes of these events to the present ones, step by step. */
export const webhookUpcasters: Upcasters = {};

/** A recorded event in its present shape. */
export const readWebhookEvent = (recorded: RecordedEvent) => readEvent(webhookUpcasters, recorded) as WebhookEvent;
