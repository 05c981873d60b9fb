import { Injectable, Logger } from '@nestjs/common';
import { EventStore, StreamWriter } from '../../event-store/index.js';
import { accepted, Clock, errorText, newId, type Unissued } from '../../kernel/index.js';
import type { PaymentHint, PaymentNotice } from '../provider/payment-notices.js';
import { PaymentProviderUnavailable } from '../provider/payment-provider.js';
import { PaymentSync } from './payment-sync.js';
import {
  webhook,
  type WebhookCommand,
  type WebhookEvent,
  type WebhookState,
  webhookStream,
  webhookUpcasters,
} from './webhook.js';

const LONGEST_FAILURE = 500;

/** Who of the staff asks, and why. */
export interface ByStaff {
  /** A user id. */
  readonly by: string;
  readonly reason: string;
}

/** Follows up webhook events, and keeps those that could not be. One instance per process. */
@Injectable()
export class Webhooks {
  readonly #log = new Logger('payments');
  readonly #writer: StreamWriter<WebhookState, WebhookCommand, WebhookEvent>;

  constructor(
    store: EventStore,
    private readonly sync: PaymentSync,
    private readonly clock: Clock,
  ) {
    this.#writer = new StreamWriter({ store, decider: webhook, upcasters: webhookUpcasters });
  }

  /** Follows up notices with the same hint, once. A failure is kept for each, and thrown. With a request, somebody asked for it by hand. */
  async follow(hint: PaymentHint, notices: readonly PaymentNotice[], request?: ByStaff): Promise<void> {
    if (request !== undefined) {
      for (const { eventId } of notices)
        await this.#tell({ type: 'ReplayWebhook', eventId, undelivered: true, ...request });
    }
    try {
      await this.sync.follow(hint);
    } catch (error) {
      for (const notice of notices) await this.#fail(notice, error);
      throw error;
    }
    for (const { eventId } of notices) await this.#tell({ type: 'ReportSuccess', eventId });
  }

  /**
   * Follows up again, in the name of a person, an event that had failed.
   * @throws Refused `webhook_processed`; or what makes it fail again
   */
  async replay(eventId: string, request: ByStaff): Promise<void> {
    await this.#tell({ type: 'ReplayWebhook', eventId, ...request });
    const failed = await this.#writer.read(webhookStream(eventId), (state) => state.failed);
    if (failed === undefined) return; // it was followed up at this moment
    const hint = hintOf(failed);
    await this.follow(hint, [{ eventId, eventType: failed.eventType, hint }]);
  }

  /** What can't be recorded now is only logged: the provider delivers the event again. */
  async #fail(notice: PaymentNotice, error: unknown): Promise<void> {
    const { eventId } = notice;
    const why = error instanceof PaymentProviderUnavailable ? error.detail : errorText(error);
    try {
      await this.#tell({ type: 'ReportFailure', eventId, notice, failure: why.slice(0, LONGEST_FAILURE) || 'unknown' });
    } catch (cause) {
      this.#log.error({ eventId, reason: String(cause), msg: 'that an event of Stripe’s failed can’t be recorded' });
    }
  }

  async #tell(command: Unissued<WebhookCommand>): Promise<void> {
    const whole = { ...command, commandId: newId(), at: this.clock.now() } as WebhookCommand;
    accepted(await this.#writer.execute(webhookStream(command.eventId), whole));
  }
}

function hintOf({ topupId, sessionId, paymentIntentId, payoutId }: NonNullable<WebhookState['failed']>): PaymentHint {
  if (payoutId !== undefined) return { type: 'payout', payoutId };
  if (topupId === undefined) return { type: 'payment', paymentIntentId: paymentIntentId ?? '' };
  return { type: 'topup', topupId, ...(sessionId && { sessionId }), ...(paymentIntentId && { paymentIntentId }) };
}
