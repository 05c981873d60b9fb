// A saved card is charged once for each automatic top-up, whatever fails or crashes on the way.
import type { QueryBus } from '@nestjs/cqrs';
import { beforeEach, describe, expect, it } from 'vitest';
import { SetClock } from '../../../test/support/identity/desk.js';
import { ProviderModel } from '../../../test/support/payments/provider-model.js';
import { MemoryDocumentStore } from '../../adapters/memory/memory-document-store.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import type { Kept } from '../../event-store/index.js';
import { formatUsd, usd } from '../../kernel/index.js';
import { Accounts, type AccountState, posted } from '../../ledger/index.js';
import { type Mail, Mailer, MailNotSent } from '../../platform/mail/index.js';
import { boughtIn } from '../automatic/automatic-topup.js';
import { AutomaticTopups } from '../automatic/automatic-topups.js';
import { EmailSender } from '../emails/email-sender.js';
import { Payouts } from '../payouts/payouts.js';
import type { Card, PaymentOrder } from '../provider/payment.js';
import { PaymentProviderRefused, PaymentProviderUnavailable } from '../provider/payment-provider.js';
import { SavedCards } from '../provider/saved-cards.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { Topups } from '../topups/topups.js';
import { AutomaticCharges } from './automatic-charges.js';
import { TopupOrders } from './topup-orders.js';
import { TopupSettings } from './topup-settings.js';

const ACCOUNT = 'acc';
const CARD = { customerId: 'cus_1', paymentMethodId: 'pm_1' };
const HOUR_MS = 3_600_000;

/** Cards at the model of a provider. A charge is found again by its order, as at Stripe. */
class CardsModel extends SavedCards {
  /** How the bank answers the next charge; `not_tried`: Stripe makes no payment of it; `refused`: it says that it never will. */
  bank: 'paid' | 'pending' | 'failed' | 'not_tried' | 'refused' = 'paid';
  /** Whether the provider is down before it takes a charge, or only its answer is lost. */
  trouble: 'down' | 'answer_lost' | undefined;
  readonly forgotten: Card[] = [];

  constructor(private readonly provider: ProviderModel) {
    super();
  }

  override async customerFor(): Promise<string> {
    return CARD.customerId;
  }

  override async charge(order: PaymentOrder): Promise<string | undefined> {
    if (this.trouble === 'down') throw new PaymentProviderUnavailable('no route to host');
    if (this.bank === 'not_tried') return undefined;
    if (this.bank === 'refused') throw new PaymentProviderRefused("No such customer: 'cus_1'");
    const { sessionId } = await this.provider.openCheckout(order);
    this.provider.pay(sessionId, this.bank);
    if (this.trouble === 'answer_lost') throw new PaymentProviderUnavailable('no answer in time');
    return this.provider.payments.get(sessionId)?.paymentIntentId;
  }

  override async paymentOf({ topupId }: PaymentOrder): Promise<string | undefined> {
    if (this.trouble === 'down') throw new PaymentProviderUnavailable('no route to host');
    return [...this.provider.payments.values()].find(({ orderId }) => orderId === topupId)?.paymentIntentId;
  }

  override async canBeTaxed(): Promise<boolean> {
    return true;
  }

  override async face(): Promise<undefined> {
    return undefined;
  }

  override async forget(card: Card): Promise<void> {
    this.forgotten.push(card);
  }
}

/** Keeps the mails, each with the number of payments there were when it was sent. */
class Outbox extends Mailer {
  isDown = false;
  readonly sent: (Pick<Mail, 'subject'> & { readonly payments: number })[] = [];

  constructor(private readonly provider: ProviderModel) {
    super();
  }

  override async send({ subject }: Mail): Promise<void> {
    if (this.isDown) throw new MailNotSent('connection refused');
    this.sent.push({ subject, payments: this.provider.payments.size });
  }
}

const people = { execute: async () => ({ user: { email: 'ada@example.com' } }) } as unknown as QueryBus;

/** Something happens between a balance and what is decided by it. */
class SlowAccounts extends Accounts {
  afterRead: () => Promise<void> = async () => {};
  override async read<T>(
    accountId: string,
    select: (state: AccountState) => T & Kept<T>,
    options?: object,
  ): Promise<T> {
    const selected = await super.read<T>(accountId, select, options);
    await this.afterRead();
    return selected;
  }
}

let store: MemoryEventStore;
let clock: SetClock;
let provider: ProviderModel;
let cards: CardsModel;
let outbox: Outbox;
let accounts: Accounts;
let automatic: AutomaticTopups;
let topups: Topups;
let sync: PaymentSync;
let charges: AutomaticCharges;

/** A gateway on this ledger that offers top-ups up to `TOPUP_MAX_USD`. */
function gateway(max = '500.00', itsAccounts = accounts): AutomaticCharges {
  const settings = new TopupSettings({
    TOPUP_MAX_USD: max,
    TOPUP_CNY_PER_USD: undefined,
    STRIPE_SECRET_KEY: undefined,
  });
  const orders = new TopupOrders(topups, settings, clock);
  const emails = new EmailSender(documents, people, outbox, clock);
  return new AutomaticCharges(automatic, itsAccounts, orders, topups, cards, sync, emails, clock);
}

let documents: MemoryDocumentStore;

/** An account with $1 and a saved card: $10 is to be bought below $2, $25 a month at most. */
beforeEach(async () => {
  store = new MemoryEventStore();
  documents = new MemoryDocumentStore();
  clock = new SetClock();
  provider = new ProviderModel();
  cards = new CardsModel(provider);
  outbox = new Outbox(provider);
  accounts = new Accounts(store, new MemoryReadModelStore());
  automatic = new AutomaticTopups(store);
  topups = new Topups(store);
  sync = new PaymentSync(topups, new Payouts(store), accounts, provider, clock, automatic);
  charges = gateway();
  const at = clock.now();
  await accounts.execute(ACCOUNT, { type: 'OpenAccount', commandId: 'open', at, accountId: ACCOUNT });
  await credit('1');
  await automatic.execute(ACCOUNT, { type: 'SaveCard', at, ...CARD });
  const amounts = { threshold: usd('2'), credit: usd('10'), monthlyCeiling: usd('25') };
  const settings = { ...amounts, currency: 'usd' as const };
  const bounds = { least: usd('5'), most: usd('500') };
  await automatic.execute(ACCOUNT, { type: 'SetAutomaticTopup', at, settings, bounds });
});

const credit = (amount: string) =>
  accounts.execute(ACCOUNT, {
    type: 'PurchaseCredit',
    commandId: `buy ${amount}`,
    at: clock.now(),
    lotId: `lot ${amount}`,
    topupId: `lot ${amount}`,
    amount: usd(amount),
    expiresAt: clock.now() + 365 * 24 * HOUR_MS,
  });

const close = () =>
  accounts.execute(ACCOUNT, {
    type: 'CloseAccount',
    commandId: 'close',
    at: clock.now(),
    reason: 'asked by its owner',
  });

const balance = async () => formatUsd(await accounts.read(ACCOUNT, posted));
const isOn = () => automatic.read(ACCOUNT, ({ settings }) => settings !== undefined);
const bought = async () => formatUsd(await automatic.read(ACCOUNT, (state) => boughtIn(state, clock.now())));
const underWay = () => automatic.read(ACCOUNT, (state) => state.underWay?.topupId);
/** How many payments the provider has, and how they stand. */
const payments = () => [...provider.payments.values()].map(({ status }) => status);

describe('an account whose balance is low', () => {
  it('is topped up, and told before its card is charged', async () => {
    await charges.look(ACCOUNT);
    expect(await balance()).toBe('11.00');
    expect(outbox.sent).toEqual([{ subject: 'Your saved card is being charged', payments: 0 }]);
    expect(await underWay()).toBeUndefined();
  });

  it('is charged no more once it has enough', async () => {
    await charges.look(ACCOUNT);
    await charges.look(ACCOUNT);
    expect(payments()).toEqual(['paid']);
  });

  it('is charged once by gateways that look at the same moment', async () => {
    await Promise.all([charges.look(ACCOUNT), charges.look(ACCOUNT)]);
    expect(payments()).toEqual(['paid']);
    expect(await balance()).toBe('11.00');
  });

  it('is charged once though one gateway reads its balance before the payment of another, and goes on after it', async () => {
    const another = new SlowAccounts(store, new MemoryReadModelStore());
    another.afterRead = () => charges.look(ACCOUNT);
    await gateway('500.00', another).look(ACCOUNT);
    expect(payments()).toEqual(['paid']);
  });

  it('is topped up though the mail server is down', async () => {
    outbox.isDown = true;
    await charges.look(ACCOUNT);
    expect(await balance()).toBe('11.00');
  });
});

describe('an account whose balance is not low', () => {
  it('is not charged', async () => {
    await credit('1.50');
    await charges.look(ACCOUNT);
    expect(payments()).toEqual([]);
    expect(outbox.sent).toEqual([]);
  });
});

describe('a card that is not charged', () => {
  it.each(['failed', 'not_tried', 'refused'] as const)('switches automatic top-ups off: %s', async (bank) => {
    cards.bank = bank;
    await charges.look(ACCOUNT);
    cards.bank = 'paid';
    await charges.look(ACCOUNT);
    expect(await balance()).toBe('1.00');
    expect(await isOn()).toBe(false);
    expect(await underWay()).toBeUndefined();
  });

  it('is not tried at all when the credit is not offered any more', async () => {
    await gateway('9.00').look(ACCOUNT);
    expect(payments()).toEqual([]);
    expect(await isOn()).toBe(false);
  });
});

describe('a payment that takes its time', () => {
  it('is waited for, and no other is made meanwhile', async () => {
    cards.bank = 'pending';
    await charges.look(ACCOUNT);
    await charges.look(ACCOUNT);
    expect(payments()).toEqual(['pending']);
    expect(await underWay()).toBeDefined();
    const [sessionId = ''] = provider.payments.keys();
    provider.pay(sessionId, 'paid');
    await charges.look(ACCOUNT);
    expect(await balance()).toBe('11.00');
    expect(await underWay()).toBeUndefined();
  });
});

describe('a payment provider that is down', () => {
  it('is asked again about the same top-up', async () => {
    cards.trouble = 'down';
    await expect(charges.look(ACCOUNT)).rejects.toThrow(PaymentProviderUnavailable);
    const ordered = await underWay();
    cards.trouble = undefined;
    await charges.look(ACCOUNT);
    expect([...provider.payments.values()].map(({ orderId }) => orderId)).toEqual([ordered]);
    expect(await balance()).toBe('11.00');
    expect(outbox.sent).toHaveLength(1);
  });

  it('charges once though its answer was lost', async () => {
    cards.trouble = 'answer_lost';
    await expect(charges.look(ACCOUNT)).rejects.toThrow(PaymentProviderUnavailable);
    cards.trouble = undefined;
    await charges.look(ACCOUNT);
    expect(payments()).toEqual(['paid']);
    expect(await balance()).toBe('11.00');
  });

  it('is asked once more before an order that has expired counts as not paid', async () => {
    cards.trouble = 'answer_lost';
    await expect(charges.look(ACCOUNT)).rejects.toThrow(PaymentProviderUnavailable);
    clock.time += 2 * HOUR_MS;
    await sync.sync((await underWay()) ?? '');
    cards.trouble = undefined;
    await charges.look(ACCOUNT);
    expect(await balance()).toBe('11.00');
    expect([await isOn(), await underWay(), await bought()]).toEqual([true, undefined, '10.00']);
  });

  it('may tell of a payment after it counted as not paid: it counts for the month then', async () => {
    cards.bank = 'not_tried';
    await charges.look(ACCOUNT);
    expect(await bought()).toBe('0.00');
    const [topupId = ''] = await automatic.read(ACCOUNT, ({ failed }) => [...failed.keys()]);
    const order = await topups.read(topupId, (state) => state.order);
    cards.bank = 'paid';
    const paymentIntentId = await cards.charge(order as PaymentOrder); // it was under way all the time
    for (let times = 0; times < 2; times++) await sync.sync(topupId, { paymentIntentId });
    expect(await balance()).toBe('11.00');
    expect([await isOn(), await bought()]).toEqual([false, '10.00']);
  });

  it('is not asked any more once the order has expired', async () => {
    cards.trouble = 'down';
    await expect(charges.look(ACCOUNT)).rejects.toThrow(PaymentProviderUnavailable);
    clock.time += 2 * HOUR_MS;
    await sync.sync((await underWay()) ?? '');
    cards.trouble = undefined;
    await charges.look(ACCOUNT);
    expect(payments()).toEqual([]);
    expect(await isOn()).toBe(false);
  });
});

describe('an account that was closed', () => {
  it('is not charged, and its card is forgotten', async () => {
    await close();
    await charges.look(ACCOUNT);
    expect(payments()).toEqual([]);
    expect(cards.forgotten).toEqual([CARD]);
    expect(await automatic.read(ACCOUNT, ({ card }) => card)).toBeUndefined();
  });

  it('keeps its card until the payment under way has ended', async () => {
    cards.bank = 'pending';
    await charges.look(ACCOUNT);
    await close();
    await charges.look(ACCOUNT);
    expect(cards.forgotten).toEqual([]);
    const [sessionId = ''] = provider.payments.keys();
    provider.pay(sessionId, 'failed');
    await charges.look(ACCOUNT);
    await charges.look(ACCOUNT);
    expect(cards.forgotten).toEqual([CARD]);
  });
});
