// Checks that every paid top-up was credited to its account once, and that no account has purchased credit without one. Top-ups and accounts
// are separate streams, which are neither written nor read together. So it looks again for the half that seems to be missing.
import { eventsOf, type EventStore, type RecordedEvent } from '../../event-store/index.js';
import { type AccountEventData, accountOfStream, accountStream, readAccountEvent } from '../../ledger/index.js';
import { readTopupEvent, topupOfStream, topupStream } from '../../payments/index.js';

interface Order {
  readonly accountId: string;
  readonly credit: string;
  paid: boolean;
}

interface Purchase {
  readonly accountId: string;
  readonly amount: string;
}

export class TopupCheck {
  readonly #orders = new Map<string, Order>();
  readonly #purchases = new Map<string, Purchase>();
  readonly #faults: string[] = [];

  /** Takes the next event of any stream; events of one stream must come in order. */
  take(recorded: RecordedEvent): void {
    const topupId = topupOfStream(recorded.stream);
    if (topupId !== undefined) return this.#takeTopup(topupId, recorded);
    const accountId = accountOfStream(recorded.stream);
    if (accountId !== undefined && recorded.type === 'CreditPurchased') this.#takePurchase(accountId, recorded);
  }

  /** One sentence for each fault. */
  async faults(store: EventStore): Promise<string[]> {
    await this.#lookAgain(store);
    return [
      ...this.#faults,
      ...[...this.#orders].flatMap(([topupId, order]) => this.#orderFault(topupId, order)),
      ...this.#unpaid().map(
        ([topupId, { accountId }]) => `Account ${accountId} has credit of top-up ${topupId}, which was not paid.`,
      ),
    ];
  }

  /** Reads again the streams of top-ups and purchases that seem to lack their other half. */
  async #lookAgain(store: EventStore): Promise<void> {
    for (const [topupId] of this.#unpaid()) {
      for await (const recorded of eventsOf(store, topupStream(topupId))) this.#takeTopup(topupId, recorded);
    }
    for (const [topupId, { accountId, paid }] of this.#orders) {
      if (!paid || this.#purchases.has(topupId)) continue;
      for await (const recorded of eventsOf(store, accountStream(accountId))) {
        if (recorded.type === 'CreditPurchased' && recorded.data['topupId'] === topupId) {
          this.#takePurchase(accountId, recorded);
        }
      }
    }
  }

  /** Purchases whose top-up is not known to be paid. */
  #unpaid(): [string, Purchase][] {
    return [...this.#purchases].filter(([topupId]) => this.#orders.get(topupId)?.paid !== true);
  }

  #takeTopup(topupId: string, recorded: RecordedEvent): void {
    const { type, data } = readTopupEvent(recorded);
    if (type === 'TopupOrdered') {
      this.#orders.set(topupId, { accountId: data.accountId, credit: data.credit, paid: false });
    }
    const order = this.#orders.get(topupId);
    if (type === 'TopupPaid' && order !== undefined) order.paid = true;
  }

  #takePurchase(accountId: string, recorded: RecordedEvent): void {
    const data = readAccountEvent(recorded).data as AccountEventData<'CreditPurchased'>;
    if (this.#purchases.has(data.topupId)) this.#faults.push(`Top-up ${data.topupId} was credited twice.`);
    this.#purchases.set(data.topupId, { accountId, amount: data.amount });
  }

  #orderFault(topupId: string, { accountId, credit, paid }: Order): string[] {
    const purchase = this.#purchases.get(topupId);
    if (!paid) return [];
    if (purchase === undefined) {
      return [`Top-up ${topupId} is paid, and account ${accountId} does not have it: tokenhub topup sync ${topupId}`];
    }
    if (purchase.accountId === accountId && purchase.amount === credit) return [];
    return [
      `Top-up ${topupId} is $${credit} for account ${accountId}; account ${purchase.accountId} was credited $${purchase.amount}.`,
    ];
  }
}
