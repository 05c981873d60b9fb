import { describe, expect, it } from 'vitest';
import { Rejection } from '../../kernel/index.js';
import type { PaymentNotice } from '../provider/payment-notices.js';
import { webhook, type WebhookCommand, webhookEventSchemas } from './webhook.js';

const base = { commandId: 'c', eventId: 'evt_1', at: Date.UTC(2026, 2, 4, 12) };
const notice: PaymentNotice = {
  eventId: 'evt_1',
  eventType: 'payment_intent.succeeded',
  hint: { type: 'topup', topupId: 'top', paymentIntentId: 'pi_1' },
};
const fail = (failure = 'no price'): WebhookCommand => ({ ...base, type: 'ReportFailure', notice, failure });
const succeed: WebhookCommand = { ...base, type: 'ReportSuccess' };
const replay = { ...base, type: 'ReplayWebhook', by: 'olga', reason: 'fixed' } as const;

const given = (...past: readonly WebhookCommand[]) => {
  const decide = (state: ReturnType<typeof webhook.initial>, command: WebhookCommand) => {
    const outcome = webhook.decide(command, state);
    if (outcome instanceof Rejection) return { outcome: outcome.code, state };
    for (const { type, data } of outcome) webhookEventSchemas[type].parse(data);
    return { outcome, state: outcome.reduce((folded, event) => webhook.evolve(folded, event), state) };
  };
  const state = past.reduce((folded, each) => decide(folded, each).state, webhook.initial());
  return {
    when(command: WebhookCommand) {
      const { outcome } = decide(state, command);
      return {
        emits: (...events: readonly object[]) => expect(outcome).toMatchObject(events),
        emitsNothing: () => expect(outcome).toEqual([]),
        refuses: (code: string) => expect(outcome).toBe(code),
      };
    },
  };
};

describe('a webhook event', () => {
  it('leaves no trace where it never failed', () => {
    given().when(succeed).emitsNothing();
    given().when(replay).refuses('webhook_processed');
  });

  it('is kept with what it is about when it fails, once for each failure', () => {
    const data = {
      eventType: 'payment_intent.succeeded',
      topupId: 'top',
      paymentIntentId: 'pi_1',
      failure: 'no price',
    };
    given().when(fail()).emits({ type: 'WebhookFailed', data });
    given(fail()).when(fail()).emitsNothing();
    given(fail())
      .when(fail('another'))
      .emits({ type: 'WebhookFailed', data: { failure: 'another' } });
  });

  it('is replayed in the name of a person, as often as it fails', () => {
    given(fail())
      .when(replay)
      .emits({ type: 'WebhookReplayed', data: { by: 'olga', reason: 'fixed' } });
    given(fail(), replay).when(replay).emits({ type: 'WebhookReplayed' });
  });

  it('that could not be delivered is replayed by hand though it never failed here', () =>
    given()
      .when({ ...replay, undelivered: true })
      .emits({ type: 'WebhookReplayed', data: { by: 'olga' } }));

  it('is processed once after its failure, and may fail again', () => {
    given(fail(), replay).when(succeed).emits({ type: 'WebhookProcessed' });
    given(fail(), succeed).when(succeed).emitsNothing();
    given(fail(), succeed).when(replay).refuses('webhook_processed');
    given(fail(), succeed).when(fail()).emits({ type: 'WebhookFailed' });
  });
});
