// An approved refund pays back what its credit cost, once; one that can't be paid gives its credit back.
import { beforeEach, describe, expect, it } from 'vitest';
import { World } from '../../../test/support/payments/payment-world.js';
import { formatUsd, usd } from '../../kernel/index.js';
import { posted } from '../../ledger/index.js';
import { PaymentProviderRefused, PaymentProviderUnavailable } from '../provider/payment-provider.js';

/** Of the first account, which bought $10 for 1,000 cents; the second bought $10 for 7,210 fen. */
const REFUND = 'refund-1';

let world: World;
beforeEach(async () => {
  world = await new World().open();
  for (const session of world.sessions) world.provider.pay(session, 'paid');
  await world.recover();
});

const balance = async (index = 0) => formatUsd(await world.accounts.read(`acc${index}`, posted));
const status = () => world.accounts.read('acc0', ({ refunds }) => refunds.get(REFUND)?.status);
/** The refunds at the provider, in minor units. */
const paidBack = (index = 0) =>
  world.provider.payments.get(world.sessions[index] ?? '')?.refunds.map(({ amountMinor }) => amountMinor);
const failing = (error: Error) => {
  world.provider.refund = async () => {
    throw error;
  };
};
const working = () => Reflect.deleteProperty(world.provider, 'refund');

describe('an approved refund', () => {
  it('pays back the part of the price that its credit cost', async () => {
    await world.refund(0, usd('4'), REFUND);
    await world.refund(1, usd('4'), 'in yuan');
    expect([paidBack(0), paidBack(1)]).toEqual([[400], [2_884]]);
    expect(await balance()).toBe('6.00');
  });

  it('is paid once, however often it is sent', async () => {
    await world.refund(0, usd('4'), REFUND);
    await world.sender.send('acc0', REFUND);
    await world.end();
    await world.sender.send('acc0', REFUND);
    expect(paidBack()).toEqual([400]);
    expect(await status()).toBe('completed');
  });

  it('is sent again after the provider was down', async () => {
    failing(new PaymentProviderUnavailable('no route to host'));
    await expect(world.refund(0, usd('4'), REFUND)).rejects.toThrow(PaymentProviderUnavailable);
    expect(await status()).toBe('approved');
    working();
    await world.sender.send('acc0', REFUND);
    expect(paidBack()).toEqual([400]);
  });

  it('gives its credit back when the provider refuses it', async () => {
    failing(new PaymentProviderRefused('the charge is too old'));
    await world.refund(0, usd('4'), REFUND);
    expect(await status()).toBe('failed');
    expect(await balance()).toBe('10.00');
    working();
    await world.sender.send('acc0', REFUND);
    expect(paidBack()).toEqual([]);
  });

  it('gives its credit back when too little of the payment is left', async () => {
    world.provider.refundOutside(world.sessions[0] ?? '', 700);
    await world.sync.sync('topup0');
    // Another refund is to take $2 of the $3 that are left.
    await world.topups.execute('topup0', {
      type: 'OrderRefund',
      commandId: 'other',
      at: world.clock.now(),
      refundId: 'other',
      credit: usd('2'),
    });
    await world.refund(0, usd('3'), REFUND);
    expect(await status()).toBe('failed');
    expect(await balance()).toBe('3.00');
    expect(paidBack()).toEqual([700]);
  });
});

describe('a refund that is not approved', () => {
  it('is not paid', async () => {
    const request = { amount: usd('4'), windowMs: 10 ** 9, requestedBy: 'u1', reason: 'unused' };
    await world.accounts.execute('acc0', {
      type: 'RequestRefund',
      commandId: 'request',
      at: world.clock.now(),
      requestId: REFUND,
      parts: [{ refundId: REFUND, lotId: 'topup0' }],
      ...request,
    });
    await world.sender.send('acc0', REFUND);
    expect(paidBack()).toEqual([]);
    expect(await status()).toBe('requested');
  });
});
