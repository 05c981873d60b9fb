import { describe, expect, it } from 'vitest';
import { Refused } from '../../kernel/index.js';
import { stripeClient } from './stripe-client.js';
import { StripeNotices } from './stripe-notices.js';

const stripe = stripeClient('sk_test_x');
const [SECRET, PREVIOUS] = ['whsec_present', 'whsec_previous'];
const notices = new StripeNotices(stripe, { secretKey: 'sk_test_x', webhookSecrets: [SECRET, PREVIOUS] });

const eventOf = (more: object = {}): string =>
  JSON.stringify({
    id: 'evt_1',
    object: 'event',
    livemode: false,
    type: 'payment_intent.succeeded',
    data: { object: { id: 'pi_1', metadata: { topup_id: 'top' } } },
    ...more,
  });

const signed = (payload: string, secret = SECRET, timestamp = Math.floor(Date.now() / 1_000)): string =>
  stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

const read = (payload: string, signature: string | undefined) => notices.read(Buffer.from(payload), signature);

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    return error instanceof Refused ? error.rejection.code : String(error);
  }
  return undefined;
}

describe('a webhook', () => {
  it('is read when it is signed with the present secret, or the one before', () => {
    const hint = { type: 'topup', topupId: 'top', paymentIntentId: 'pi_1' };
    const notice = { eventId: 'evt_1', eventType: 'payment_intent.succeeded', hint };
    expect(read(eventOf(), signed(eventOf()))).toEqual(notice);
    expect(read(eventOf(), signed(eventOf(), PREVIOUS))).toEqual(notice);
  });

  it.each([
    ['without a signature', undefined],
    ['with an empty one', ''],
    ['with nonsense', 't=1,v1=nonsense'],
    ['signed with another secret', signed(eventOf(), 'whsec_other')],
    ['signed with an empty secret', 't=1,v1=b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad'],
    ['signed for another body', signed(eventOf({ id: 'evt_2' }))],
    ['signed six minutes ago', signed(eventOf(), SECRET, Math.floor(Date.now() / 1_000) - 360)],
  ])('%s is refused', (_what, signature) => expect(codeOf(() => read(eventOf(), signature))).toBe('invalid_signature'));

  it('is refused when a byte of its body was changed', () => {
    const payload = eventOf();
    expect(codeOf(() => read(payload.replace('pi_1', 'pi_2'), signed(payload)))).toBe('invalid_signature');
    expect(codeOf(() => read(`${payload} `, signed(payload)))).toBe('invalid_signature');
  });

  it('of the other mode is refused', () => {
    const payload = eventOf({ livemode: true });
    expect(codeOf(() => read(payload, signed(payload)))).toBe('wrong_mode');
  });

  it('needs a secret', () => {
    for (const secrets of [[], [''], [SECRET, '']])
      expect(() => new StripeNotices(stripe, { secretKey: 'sk_test_x', webhookSecrets: secrets })).toThrow(
        /without a secret/,
      );
  });
});
