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

  it('of the other mode is of no concern when it is a connected account’s', () => {
    const payload = eventOf({ livemode: true, account: 'acct_1' });
    expect(read(payload, signed(payload))).toBeUndefined();
  });

  it('is refused when it is thin, once its signature is known to be right', () => {
    const payload = JSON.stringify({
      id: 'evt_1',
      object: 'v2.core.event',
      type: 'v1.charge.dispute.created',
      livemode: false,
      related_object: { id: 'du_1', type: 'dispute', url: '/v1/disputes/du_1' },
    });
    expect(codeOf(() => read(payload, signed(payload)))).toBe('thin_event');
    expect(codeOf(() => read(payload, signed(payload, 'whsec_other')))).toBe('invalid_signature');
  });

  it.each([
    [
      'other schemes beside ours',
      (header: string) => `${header},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39`,
    ],
    ['another secret’s first', (header: string) => header.replace(',v1=', `,v1=${'0'.repeat(64)},v1=`)],
  ])('is read when its header has %s', (_what, header) => {
    expect(read(eventOf(), header(signed(eventOf())))).toBeDefined();
  });

  it('is refused when only a scheme that we don’t know signs it', () => {
    expect(codeOf(() => read(eventOf(), signed(eventOf()).replace('v1=', 'v0=')))).toBe('invalid_signature');
  });

  it('is refused when its body was written anew on the way', () => {
    const payload = JSON.stringify(JSON.parse(eventOf({ description: 'Zoë' })), null, 2);
    expect(codeOf(() => read(JSON.stringify(JSON.parse(payload)), signed(payload)))).toBe('invalid_signature');
    expect(codeOf(() => read(payload.replace('ë', '\\u00eb'), signed(payload)))).toBe('invalid_signature');
    expect(read(payload, signed(payload))).toBeDefined();
  });

  it('needs a secret', () => {
    for (const secrets of [[], [''], [SECRET, '']])
      expect(() => new StripeNotices(stripe, { secretKey: 'sk_test_x', webhookSecrets: secrets })).toThrow(
        /without a secret/,
      );
  });
});
