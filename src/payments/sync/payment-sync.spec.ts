// What the provider says of a payment decides whether there is credit; what a hint says decides nothing.
import { beforeEach, describe, expect, it } from 'vitest';
import { World } from '../../../test/support/payments/payment-world.js';
import { formatUsd, usd } from '../../kernel/index.js';
import { posted } from '../../ledger/index.js';

const HOUR_MS = 3_600_000;

let world: World;
let session: string;
beforeEach(async () => {
  world = await new World().open();
  session = world.sessions[0] ?? '';
});

const balance = async (index = 0) => formatUsd(await world.accounts.read(`acc${index}`, posted));
const topup = (topupId = 'topup0') =>
  world.topups.read(topupId, ({ status, sessionId, mismatched }) => ({
    status,
    sessionId,
    mismatched: [...mismatched],
  }));
/** Who paid at a session, as the provider names the payment. */
const intentOf = (sessionId: string) => world.provider.payments.get(sessionId)?.paymentIntentId ?? '';

describe('a payment', () => {
  it('is credited once, however often the provider reports it', async () => {
    world.provider.pay(session, 'paid');
    for (const hint of [...world.provider.hints, ...world.provider.hints]) await world.sync.follow(hint);
    expect(await balance()).toBe('10.00');
  });

  it('of another amount than was ordered is not credited', async () => {
    world.provider.pay(session, 'paid', 999);
    await world.sync.sync('topup0');
    expect(await balance()).toBe('0.00');
    expect((await topup()).mismatched).toEqual([intentOf(session)]);
  });

  it('is credited when it arrives', async () => {
    world.provider.pay(session, 'pending');
    await world.sync.sync('topup0');
    expect((await topup()).status).toBe('pending');
    world.provider.pay(session, 'paid');
    await world.sync.sync('topup0');
    expect(await balance()).toBe('10.00');
  });

  it('names its order itself: a hint can’t give it to another one', async () => {
    world.provider.pay(session, 'paid');
    await world.sync.follow({ type: 'topup', topupId: 'topup2', paymentIntentId: intentOf(session) });
    expect([await balance(0), await balance(2)]).toEqual(['0.00', '0.00']);
    expect(await topup('topup2')).toMatchObject({ status: 'ordered', mismatched: [] });
  });

  it('of nobody’s order changes nothing', async () => {
    await world.sync.follow({ type: 'payment', paymentIntentId: 'pi_unknown' });
    await world.sync.follow({ type: 'topup', topupId: 'unknown' });
    await world.sync.follow({ type: 'payout', payoutId: 'po_unknown' });
    expect((await topup()).status).toBe('ordered');
  });
});

describe('an order without a checkout', () => {
  /** An order, and the checkout that the provider opened for it before a crash. */
  const crashed = async () => {
    await world.topups.execute('lost', {
      type: 'OrderTopup',
      commandId: 'order',
      at: world.clock.now(),
      topupId: 'lost',
      accountId: 'acc0',
      credit: usd('20'),
      currency: 'usd',
      priceMinor: 2_000,
      expiresAt: world.clock.now() + HOUR_MS,
    });
    const order = await world.topups.read('lost', (state) => state.order);
    if (order === undefined) throw new Error('not ordered');
    return world.provider.openCheckout(order);
  };

  it('finds the one that a notice names', async () => {
    const { sessionId } = await crashed();
    world.provider.pay(sessionId, 'paid');
    await world.sync.follow({ type: 'topup', topupId: 'lost', sessionId });
    expect(await balance()).toBe('20.00');
  });

  it('does not take another order’s', async () => {
    await crashed();
    world.provider.pay(session, 'paid');
    await world.sync.follow({ type: 'topup', topupId: 'lost', sessionId: session });
    expect((await topup('lost')).sessionId).toBeUndefined();
    expect(await balance()).toBe('0.00');
  });

  it('expires when it is too late to open one, half an hour before an order with one', async () => {
    await crashed();
    world.clock.pass(28 * 60_000);
    await world.sync.sync('lost');
    expect((await topup('lost')).status).toBe('ordered');
    world.clock.pass(60_000);
    await world.sync.sync('lost');
    expect((await topup('lost')).status).toBe('expired');
  });
});

describe('a canceled top-up', () => {
  const cancel = () =>
    world.topups.execute('topup0', { type: 'RequestCancel', commandId: 'cancel', at: world.clock.now(), by: 'ada' });

  it('can’t be paid any more: the next look closes its checkout', async () => {
    await cancel();
    await world.sync.sync('topup0');
    expect(world.provider.payments.get(session)?.status).toBe('expired');
    expect((await topup()).status).toBe('expired');
  });

  it('that was paid at the same moment is credited', async () => {
    await cancel();
    world.provider.closeCheckout = async (sessionId) => world.provider.pay(sessionId, 'paid');
    await world.sync.sync('topup0');
    expect((await topup()).status).toBe('paid');
    expect(await balance()).toBe('10.00');
  });
});

describe('an order of an account that was closed', () => {
  beforeEach(() =>
    world.accounts.execute('acc0', { type: 'CloseAccount', commandId: 'close', at: world.clock.now(), reason: 'left' }),
  );

  it('can’t be paid any more: the next look closes its checkout', async () => {
    await world.sync.sync('topup0');
    expect(world.provider.payments.get(session)?.status).toBe('expired');
    expect((await topup()).status).toBe('expired');
  });

  it('that was paid before is credited', async () => {
    world.provider.pay(session, 'paid');
    await world.sync.sync('topup0');
    expect((await topup()).status).toBe('paid');
    expect(await balance()).toBe('10.00');
  });
});

describe('a crash between a payment and its credit', () => {
  it('is made good by the next look', async () => {
    world.provider.pay(session, 'paid');
    world.store.dieIn = 2;
    await expect(world.sync.sync('topup0')).rejects.toThrow('died');
    expect(await balance()).toBe('0.00');
    await world.sync.sync('topup0');
    expect(await balance()).toBe('10.00');
  });
});

describe('a crash after people ended a refund, before its top-up was told', () => {
  beforeEach(async () => {
    world.provider.pay(session, 'paid');
    await world.sync.sync('topup0');
    await world.refund(0, usd('4'), 'r1');
    world.store.dieIn = 3;
  });

  it('is made good by the next look: what Stripe pays after all takes its credit', async () => {
    await expect(world.failByHand(0)).rejects.toThrow('died');
    expect(await balance()).toBe('10.00');
    world.provider.endRefund(session, 'succeeded');
    await world.sync.sync('topup0');
    expect(await balance()).toBe('6.00');
  });

  it('is made good by the next look, when nothing is new at Stripe', async () => {
    await expect(world.failByHand(0)).rejects.toThrow('died');
    await world.sync.sync('topup0');
    expect(await world.topups.read('topup0', ({ refunds }) => refunds.get('r1')?.status)).toBe('failed');
  });
});
