// Payments at the sandbox Stripe, seen to by one process after another on the same ledger; each may break at any of its steps.
import type { QueryBus } from '@nestjs/cqrs';
import { type SandboxStripe, startSandboxStripe } from '../../../sandbox/stripe/index.js';
import { MemoryDocumentStore } from '../../../src/adapters/memory/memory-document-store.js';
import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { StripeCards } from '../../../src/adapters/stripe/stripe-cards.js';
import { StripePayments } from '../../../src/adapters/stripe/stripe-payments.js';
import { translate } from '../../../src/adapters/stripe/translate.js';
import { bringUpToDate } from '../../../src/event-store/index.js';
import { Accounts } from '../../../src/ledger/index.js';
import { PROJECTIONS } from '../../../src/operations/index.js';
import { AutomaticTopups } from '../../../src/payments/automatic/automatic-topups.js';
import { EmailSender } from '../../../src/payments/emails/email-sender.js';
import { AutomaticCharges } from '../../../src/payments/orders/automatic-charges.js';
import { Checkouts } from '../../../src/payments/orders/checkouts.js';
import { OrderTopupHandler } from '../../../src/payments/orders/orders.handlers.js';
import { TopupOrders } from '../../../src/payments/orders/topup-orders.js';
import { TopupSettings } from '../../../src/payments/orders/topup-settings.js';
import { Payouts } from '../../../src/payments/payouts/payouts.js';
import { RefundSender } from '../../../src/payments/refunds/refund-sender.js';
import { RefundSettings } from '../../../src/payments/refunds/refund-settings.js';
import { ApproveRefundHandler, RequestRefundHandler } from '../../../src/payments/refunds/refunds.handlers.js';
import {
  ApproveRefundEndHandler,
  ProposeRefundEndHandler,
} from '../../../src/payments/refunds/stuck-refunds.handlers.js';
import { PaymentSync } from '../../../src/payments/sync/payment-sync.js';
import { Webhooks } from '../../../src/payments/sync/webhooks.js';
import { Topups } from '../../../src/payments/topups/topups.js';
import { PaymentSweeper } from '../../../src/payments/workers/payment-sweeper.js';
import { loadConfig } from '../../../src/platform/config.js';
import { Mailer, PublicUrl } from '../../../src/platform/mail/index.js';
import { SetClock } from '../identity/desk.js';
import { FrailStore, frailStripe, Life } from './frail-process.js';

const config = loadConfig({ TOPUP_PAYMENT_METHODS: 'card,alipay', TOPUP_CNY_PER_USD: '7.20' });

class Links extends PublicUrl {
  override link(path: string): string {
    return `https://gateway.test${path}`;
  }
}

class Nowhere extends Mailer {
  override async send(): Promise<void> {}
}

const people = { execute: async () => ({ user: { email: 'ada@example.com' } }) } as unknown as QueryBus;

type Surroundings = Pick<FrailOffice, 'store' | 'readModels' | 'sandbox' | 'clock'>;

/** What a gateway does about payments. */
function processOf(office: Surroundings, life: Life) {
  const [store, stripe] = [new FrailStore(office.store, life), frailStripe(office.sandbox, life)];
  const { clock, readModels } = office;
  const [provider, cards] = [new StripePayments(stripe, config), new StripeCards(stripe, config)];
  const [accounts, topups] = [new Accounts(store, readModels), new Topups(store)];
  const automatic = new AutomaticTopups(store);
  const sync = new PaymentSync(topups, new Payouts(store), accounts, provider, clock, automatic);
  const sender = new RefundSender(topups, accounts, provider, sync, clock);
  const orders = new TopupOrders(topups, new TopupSettings(config), clock);
  const checkouts = new Checkouts(topups, provider, cards, automatic, sync, new Links(), clock);
  const settings = new RefundSettings(config);
  const emails = new EmailSender(new MemoryDocumentStore(), people, new Nowhere(), clock);
  return {
    life,
    accounts,
    topups,
    automatic,
    order: new OrderTopupHandler(accounts, orders, topups, checkouts),
    request: new RequestRefundHandler(accounts, clock, settings),
    approve: new ApproveRefundHandler(accounts, sender, settings, clock),
    proposeEnd: new ProposeRefundEndHandler(accounts, clock),
    approveEnd: new ApproveRefundEndHandler(accounts, topups, clock),
    charges: new AutomaticCharges(automatic, accounts, orders, topups, cards, sync, emails, clock),
    webhooks: new Webhooks(store, sync, clock),
    sweeper: new PaymentSweeper(readModels, sync, sender, clock),
  };
}

export class FrailOffice {
  readonly store = new MemoryEventStore();
  readonly readModels = new MemoryReadModelStore();
  /** What looks at Stripe from outside, and at the ledger. */
  readonly stripe;
  process: ReturnType<typeof processOf>;

  private constructor(
    readonly sandbox: SandboxStripe,
    readonly clock: SetClock,
  ) {
    this.stripe = frailStripe(sandbox, new Life());
    this.process = processOf(this, new Life());
  }

  static async open(): Promise<FrailOffice> {
    const clock = new SetClock();
    return new FrailOffice(await startSandboxStripe({ clock, knobs: { settleRefundMs: null } }), clock);
  }

  /** From now on, another process does it. */
  start(life = new Life()): void {
    this.process = processOf(this, life);
  }

  /** What Stripe's events are about, the newest first. */
  async webhooks(): Promise<void> {
    const hints = new Set<string>();
    for await (const event of this.stripe.events.list({ limit: 100 })) {
      const hint = translate(event);
      if (hint === undefined || hints.has(JSON.stringify(hint))) continue;
      hints.add(JSON.stringify(hint));
      await this.process.webhooks.follow(hint, [{ eventId: event.id, eventType: event.type, hint }]);
    }
  }

  /** What a sweeper does in an hour. */
  async sweep(): Promise<void> {
    for (let turn = 0; turn < 2; turn++) {
      this.clock.time += 1_800_000;
      await bringUpToDate(this.store, this.readModels, PROJECTIONS);
      await this.process.sweeper.sweep();
    }
  }
}
