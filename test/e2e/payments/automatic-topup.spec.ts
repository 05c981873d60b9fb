// Modes: embedded, two-gateways. Where events are kept makes no other difference to it.
// Topping up by itself, with a card that was saved: only as its owner wants it, once, and never beyond the ceiling.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Stripe } from 'stripe';
import { usd } from '../../../src/kernel/index.js';
import { AdjustBalance } from '../../../src/ledger/index.js';
import { AutomaticTopupWorker } from '../../../src/payments/orders/automatic-topup-worker.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPerson, type TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import { balanceOf, countOf, emailTo, faultsOf, pay, topupIs } from '../../support/payments/cashier.js';

const SETTINGS = { threshold: '2.00', amount: '10.00', monthly_ceiling: '25.00' };

let gateway: TestGateway;
let ada: TestPerson;

beforeAll(async () => {
  gateway = await startGateway();
});
beforeEach(async () => {
  ada = await newPerson(gateway);
  gateway.stripe.knobs.offSession = 'succeeds';
});
afterAll(() => gateway.close());

/** Buys $5 and lets the card be saved. */
async function saveCard(): Promise<void> {
  const { body } = await pay(ada, '/api/topups', { amount: '5.00', save_card: true });
  gateway.stripe.pay(String(body['checkout_url']).split('/').at(-1)?.split('#')[0] ?? '');
  await topupIs(ada, String(body['id']), 'paid');
}

const settings = async () => (await ada.get('/api/automatic-topup')).body;
const switchOn = (change: object = {}) => ada.send('PUT', '/api/automatic-topup', { ...SETTINGS, ...change });
const balanceIs = (balance: string) =>
  until(`a balance of $${balance}`, async () => {
    await Promise.all(gateway.apps.map((app) => app.get(AutomaticTopupWorker).look()));
    return (await balanceOf(gateway, ada.accountId)) === balance;
  });
/** As calls would. */
async function spend(amount: string): Promise<void> {
  const grounds = { reason: 'test', requestedBy: 'a', approvedBy: 'b' };
  await gateway.desk.commands.execute(new AdjustBalance(ada.accountId, { amount: usd(`-${amount}`), ...grounds }));
}

describe('automatic top-ups', () => {
  it('need a saved card', async () => {
    expect(await settings()).toMatchObject({ enabled: false, card: null });
    expect(codeOf(await switchOn())).toBe('no_saved_card');
  });

  it('charge the saved card once when the balance is low, with a mail before and after', async () => {
    await saveCard();
    expect((await switchOn()).body).toMatchObject({ enabled: true, ...SETTINGS, card: { last4: '4242' } });
    await spend('3.50');
    await balanceIs('11.50');
    expect(await emailTo(gateway, ada, 'Your saved card is being charged')).toBeDefined();
    expect(await emailTo(gateway, ada, 'Your balance was topped up')).toBeDefined();
    expect(await settings()).toMatchObject({ bought_this_month: '10.00', under_way: null });
    expect(await faultsOf(gateway)).toEqual([]);
  });

  it('stop at the monthly ceiling, and say so', async () => {
    await saveCard();
    await switchOn();
    await spend('4.00');
    await balanceIs('11.00');
    await spend('10.00');
    await balanceIs('11.00');
    await spend('10.00');
    const reached = await countOf(gateway, 'AutomaticTopupCeilingReached');
    await until('the ceiling to be reached', async () => {
      await Promise.all(gateway.apps.map((app) => app.get(AutomaticTopupWorker).look()));
      return (await countOf(gateway, 'AutomaticTopupCeilingReached')) > reached;
    });
    expect(await emailTo(gateway, ada, 'Your monthly ceiling is reached')).toBeDefined();
    expect(await balanceOf(gateway, ada.accountId)).toBe('1.00');
  });

  it.each(['declines', 'requires_authentication'] as const)(
    'switch themselves off when the bank %s',
    async (outcome) => {
      await saveCard();
      await switchOn();
      gateway.stripe.knobs.offSession = outcome;
      await spend('4.00');
      await until('automatic top-ups to be off', async () => {
        await Promise.all(gateway.apps.map((app) => app.get(AutomaticTopupWorker).look()));
        return (await settings())['enabled'] === false;
      });
      expect(await emailTo(gateway, ada, 'Your saved card was not charged')).toBeDefined();
      expect(await balanceOf(gateway, ada.accountId)).toBe('1.00');
      expect(await settings()).toMatchObject({ bought_this_month: '0.00', under_way: null });
    },
  );

  it('are charged once by many that look at the same moment', async () => {
    await saveCard();
    await switchOn();
    const before = await countOf(gateway, 'AutomaticTopupOrdered');
    await spend('4.00');
    await balanceIs('11.00');
    expect(await countOf(gateway, 'AutomaticTopupOrdered')).toBe(before + 1);
  });

  it('end with the card, which Stripe forgets', async () => {
    await saveCard();
    await switchOn();
    expect((await ada.delete('/api/automatic-topup/card')).body).toMatchObject({ enabled: false, card: null });
    expect(codeOf(await switchOn())).toBe('no_saved_card');
  });

  it('can have a card saved again after one was removed, and Stripe forgets every card that was saved', async () => {
    const stripe = new Stripe(gateway.stripe.secretKey, gateway.stripe.clientOptions);
    const customers = async () => {
      const { data } = await stripe.customers.list({ limit: 100 });
      return data.filter(({ metadata }) => metadata['account_id'] === ada.accountId).length;
    };
    await saveCard();
    await ada.delete('/api/automatic-topup/card');
    await saveCard();
    await saveCard();
    expect((await switchOn()).body).toMatchObject({ enabled: true, card: { last4: '4242' } });
    expect(await customers()).toBe(1);
    await ada.delete('/api/automatic-topup/card');
    expect(await customers()).toBe(0);
  });

  it('end when the account is deleted, and Stripe forgets the card', async () => {
    await saveCard();
    const removed = await countOf(gateway, 'CardRemoved');
    expect((await ada.delete('/api/me', { password: ada.password, confirm: true, forfeit_credit: true })).status).toBe(
      204,
    );
    await until('the card to be gone', async () => {
      await Promise.all(gateway.apps.map((app) => app.get(AutomaticTopupWorker).look()));
      return (await countOf(gateway, 'CardRemoved')) > removed;
    });
  });

  it('refuse what can’t be right', async () => {
    await saveCard();
    expect(codeOf(await switchOn({ amount: '4.99' }))).toBe('invalid_amount');
    expect(codeOf(await switchOn({ monthly_ceiling: '9.99' }))).toBe('invalid_ceiling');
    expect((await ada.delete('/api/automatic-topup')).body).toMatchObject({ enabled: false });
  });
});
