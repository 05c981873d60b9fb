import { Logger } from '@nestjs/common';
import { type Clock, formatUsd, newId, Rejection, usd } from '../../kernel/index.js';
import { type Accounts, available } from '../../ledger/index.js';
import type { EmailSender } from '../emails/email-sender.js';
import { chargingEmail } from '../emails/emails.js';
import type { PaymentSync } from '../sync/payment-sync.js';
import { ORDER_LIFETIME_MS, price } from './topup-offer.js';
import type { TopupOrders } from './topup-orders.js';
import type { Topups } from '../topups/topups.js';
import type { AutomaticTopupState } from '../automatic/automatic-topup.js';
import type { AutomaticTopups } from '../automatic/automatic-topups.js';
import type { SavedCards } from '../provider/saved-cards.js';

export interface ChargeServices {
  readonly automatic: AutomaticTopups;
  readonly topups: Topups;
  readonly orders: TopupOrders;
  readonly accounts: Accounts;
  readonly cards: SavedCards;
  readonly sync: PaymentSync;
  readonly clock: Clock;
  readonly emails: EmailSender;
}

type UnderWay = NonNullable<AutomaticTopupState['underWay']>;

/**
 * Tops up an account whose balance is low. What is to be charged is an event before anything is charged, and every step is done once by its
 * id, so a crash at any point is made good by the next look, whichever gateway takes it.
 */
export class AutomaticCharges {
  readonly #log = new Logger('automatic top-ups');

  constructor(private readonly services: ChargeServices) {}

  /** @throws PaymentProviderUnavailable, EventStoreUnavailable: it is to be tried again */
  async look(accountId: string): Promise<void> {
    const { accounts, automatic, clock } = this.services;
    const account = await accounts.read(accountId, { fresh: true });
    const at = clock.now();
    if (account.closed) await this.#close(accountId);
    else {
      const asked = { type: 'OrderAutomaticTopup', at, topupId: newId(), available: available(account, at) } as const;
      await automatic.execute(accountId, asked);
    }
    const { underWay } = await automatic.read(accountId);
    if (underWay !== undefined) await this.#charge(accountId, underWay);
  }

  async #close(accountId: string): Promise<void> {
    const { automatic, cards, clock } = this.services;
    await automatic.execute(accountId, { type: 'StopAutomaticTopup', at: clock.now(), reason: 'account_closed' });
    const { card, underWay } = await automatic.read(accountId);
    if (card === undefined || underWay !== undefined) return;
    await cards.forget(card);
    await automatic.execute(accountId, { type: 'RemoveCard', at: clock.now() });
  }

  async #charge(accountId: string, underWay: UnderWay): Promise<void> {
    const { topups, cards, sync } = this.services;
    const { topupId } = underWay;
    await this.#order(accountId, underWay);
    const { order, status: before } = await topups.read(topupId);
    // What could not be ordered, or was not charged in its time, is not charged any more.
    if (order === undefined || before === 'expired') return this.#end(accountId, underWay, 'failed');
    if (before === 'ordered') await this.#announce(accountId, underWay);
    const paymentIntentId = await cards.charge({ ...order }, underWay);
    await sync.sync(topupId, { paymentIntentId });
    const { status } = await topups.read(topupId);
    if (status === 'paid') await this.#end(accountId, underWay, 'paid');
    else if (paymentIntentId === undefined || status === 'failed') {
      await this.#end(accountId, underWay, 'failed');
    }
  }

  /** Pins what is bought, and at which price, once. */
  async #order(accountId: string, { topupId, credit, currency }: UnderWay): Promise<void> {
    const { topups, orders, clock } = this.services;
    if ((await topups.read(topupId)).order !== undefined) return;
    const at = clock.now();
    const priced = price(usd(credit), currency, orders.settings, at);
    if (priced instanceof Rejection) return; // the offer has changed since it was asked for
    const terms = { topupId, accountId, credit: usd(credit), ...priced, automatic: true };
    const command = {
      type: 'OrderTopup',
      commandId: `${topupId}/order`,
      at,
      expiresAt: at + ORDER_LIFETIME_MS,
    } as const;
    await topups.execute(topupId, { ...command, ...terms });
  }

  async #end(accountId: string, { topupId }: UnderWay, outcome: 'paid' | 'failed'): Promise<void> {
    const { automatic, clock } = this.services;
    await automatic.execute(accountId, { type: 'EndAutomaticTopup', at: clock.now(), topupId, outcome });
  }

  /** Once, before the card is charged. A mail server that is away keeps no payment from being made. */
  async #announce(accountId: string, { topupId, credit }: UnderWay): Promise<void> {
    const { automatic, emails } = this.services;
    const { settings } = await automatic.read(accountId);
    if (settings === undefined) return;
    try {
      await emails.send(
        `charging-${topupId}`,
        accountId,
        chargingEmail(topupId, credit, formatUsd(settings.threshold)),
      );
    } catch (error) {
      this.#log.warn(`the mail about ${topupId} could not be sent: ${String(error)}`);
    }
  }
}
