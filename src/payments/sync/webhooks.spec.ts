// What could not be followed up is kept, and a person can have it followed up again.
import { beforeEach, expect, it } from 'vitest';
import { World } from '../../../test/support/payments/payment-world.js';
import { formatUsd, Refused } from '../../kernel/index.js';
import { posted } from '../../ledger/index.js';
import type { PaymentNotice } from '../provider/payment-notices.js';
import { webhookStream } from './webhook.js';
import { Webhooks } from './webhooks.js';

const olga = { by: 'olga', reason: 'the ledger is back' };
const hint = { type: 'topup', topupId: 'topup0' } as const;
const notice: PaymentNotice = { eventId: 'evt_1', eventType: 'checkout.session.completed', hint };

let world: World;
let webhooks: Webhooks;
beforeEach(async () => {
  world = await new World().open();
  webhooks = new Webhooks(world.store, world.sync, world.clock);
  world.provider.pay(world.sessions[0] ?? '', 'paid');
});
const kept = async () => (await world.store.readStream(webhookStream('evt_1'), 0, 10)).map(({ type }) => type);
const balance = async () => formatUsd(await world.accounts.read('acc0', posted));

it('an event that fails is kept until it is followed up, and is followed up once', async () => {
  world.store.dieIn = 2;
  await expect(webhooks.follow(hint, [notice])).rejects.toThrow('died');
  expect([await kept(), await balance()]).toEqual([['WebhookFailed'], '0.00']);
  await webhooks.replay('evt_1', olga);
  expect(await kept()).toEqual(['WebhookFailed', 'WebhookReplayed', 'WebhookProcessed']);
  expect(await balance()).toBe('10.00');
  await expect(webhooks.replay('evt_1', olga)).rejects.toThrow(Refused);
  expect(await balance()).toBe('10.00');
});

it('an event that does not fail leaves nothing', async () => {
  await webhooks.follow(hint, [notice]);
  expect([await kept(), await balance()]).toEqual([[], '10.00']);
});
