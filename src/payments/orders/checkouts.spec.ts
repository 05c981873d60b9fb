// Stripe refuses a checkout of less than 30 minutes (docs.stripe.com/api/checkout/sessions/create).
import { beforeEach, expect, it } from 'vitest';
import { World } from '../../../test/support/payments/payment-world.js';
import { usd } from '../../kernel/index.js';
import { PublicUrl } from '../../platform/mail/index.js';
import { PaymentProviderRefused, PaymentProviderUnavailable } from '../provider/payment-provider.js';
import { SavedCards } from '../provider/saved-cards.js';
import { Checkouts } from './checkouts.js';
import { ORDER_LIFETIME_MS } from './topup-offer.js';

class Links extends PublicUrl {
  override link(path: string): string {
    return `https://gateway.test${path}`;
  }
}

let world: World;
beforeEach(async () => {
  world = await new World().open();
});

/** An order whose checkout the provider could not open at first. */
async function order() {
  const at = world.clock.now();
  const price = { credit: usd('10'), currency: 'usd', priceMinor: 1_000 } as const;
  const ids = { commandId: 'order', topupId: 'late', accountId: 'acc0' };
  await world.topups.execute('late', { type: 'OrderTopup', ...ids, at, ...price, expiresAt: at + ORDER_LIFETIME_MS });
  const placed = await world.topups.read('late', (state) => state.order);
  if (placed === undefined) throw new Error('not ordered');
  return placed;
}

const checkouts = (): Checkouts => {
  const { topups, provider, automatic, sync, clock } = world;
  return new Checkouts(topups, provider, {} as SavedCards, automatic, sync, new Links(), clock);
};

const status = () => world.topups.read('late', (state) => state.status);

it('a checkout that could not be opened is opened at the next try, and stays the same', async () => {
  const placed = await order();
  const opening = world.provider.openCheckout.bind(world.provider);
  world.provider.openCheckout = () => Promise.reject(new PaymentProviderUnavailable('no route to host'));
  await expect(checkouts().open(placed)).rejects.toThrow(PaymentProviderUnavailable);
  world.provider.openCheckout = opening;
  world.clock.pass(28 * 60_000);
  const url = await checkouts().open(placed);
  expect(url).toMatch('https://checkout.test/');
  world.clock.pass(10 * 60_000);
  expect(await checkouts().open(placed)).toBe(url);
});

it('is not opened any more in the last half an hour of an order, which expires', async () => {
  const placed = await order();
  world.clock.pass(30 * 60_000);
  world.provider.openCheckout = () => Promise.reject(new PaymentProviderRefused('at least 30 minutes'));
  expect(await checkouts().open(placed)).toBeUndefined();
  expect(await status()).toBe('expired');
});
