import { Injectable, Logger } from '@nestjs/common';
import { Clock, formatUsd, newId, usd } from '../../kernel/index.js';
import { Accounts, type AccountState, available } from '../../ledger/index.js';
import { type AutomaticTopupState, cardOf } from '../automatic/automatic-topup.js';
import { AutomaticTopups } from '../automatic/automatic-topups.js';
import { EmailSender } from '../emails/email-sender.js';
import { chargingEmail } from '../emails/emails.js';
import { PaymentProviderRefused } from '../provider/payment-provider.js';
import { SavedCards } from '../provider/saved-cards.js';
import { PaymentSync } from '../sync/payment-sync.js';
import type { TopupOrder } from '../topups/topup.state.js';
import { Topups } from '../topups/topups.js';
import { TopupOrders } from './topup-orders.js';

type UnderWay = NonNullable<AutomaticTopupState['underWay']>;

/**
 * Tops up an account when its balance is low. What will be charged is an event before the card is charged, and each step has an id and is
 * done once. So the next look, by any gateway, completes what a crash interrupted.
 */
@Injectable()
export class AutomaticCharges {
  readonly #log = new Logger('automatic top-ups');

  constructor(
    private readonly automatic: AutomaticTopups,
    private readonly accounts: Accounts,
    private readonly orders: TopupOrders,
    private readonly topups: Topups,
    private readonly cards: SavedCards,
    private readonly sync: PaymentSync,
    private readonly emails: EmailSender,
    private readonly clock: Clock,
  ) {}

  /** Orders a top-up if one is due, and charges the one under way. @throws PaymentProviderUnavailable, EventStoreUnavailable: try again later */
  async look(accountId: string): Promise<void> {
    const at = this.clock.now();
    const ended = await this.automatic.read(accountId, (state) => state.ended);
    const balanceOf = (state: AccountState) => ({ closed: state.closed, available: available(state, at) });
    const balance = await this.accounts.read(accountId, balanceOf, { fresh: true });
    if (balance.closed) await this.#close(accountId);
    else {
      const order = { topupId: newId(), available: balance.available, ended };
      await this.automatic.execute(accountId, { type: 'OrderAutomaticTopup', at, ...order });
    }
    const underWay = await this.automatic.read(accountId, (state) => state.underWay);
    if (underWay !== undefined) await this.#charge(accountId, underWay);
  }

  async #close(accountId: string): Promise<void> {
    const { automatic, clock } = this;
    await automatic.execute(accountId, { type: 'StopAutomaticTopup', at: clock.now(), reason: 'account_closed' });
    const { card, underWay } = await automatic.read(accountId, cardOf);
    if (card === undefined || underWay !== undefined) return;
    await this.cards.forget(card);
    await automatic.execute(accountId, { type: 'RemoveCard', at: clock.now() });
  }

  async #charge(accountId: string, underWay: UnderWay): Promise<void> {
    const { topupId, currency } = underWay;
    // A rejection means that the offer has changed since the settings were made; then there is no order.
    await this.orders.place(topupId, { accountId, credit: usd(underWay.credit), currency, automatic: true });
    const { order, status: before } = await this.topups.read(topupId, (state) => ({
      order: state.order,
      status: state.status,
    }));
    // An order that could not be placed is never charged. Nor is one that was not charged in time, unless it was and the answer never came.
    if (order === undefined) return this.#fail(accountId, topupId);
    if (before === 'ordered') await this.#announce(accountId, underWay);
    const asking = before === 'expired' ? this.cards.paymentOf(order, underWay) : this.#pay(order, underWay);
    const paymentIntentId = await asking;
    await this.sync.sync(topupId, { paymentIntentId }); // ends one that is paid
    const status = await this.topups.read(topupId, (state) => state.status);
    const isOver = paymentIntentId === undefined || status === 'failed';
    if (isOver && status !== 'paid') await this.#fail(accountId, topupId);
  }

  /** A charge that the provider refuses, as of a card that is gone there, is no payment, and would be refused again. */
  async #pay(order: TopupOrder, card: UnderWay): Promise<string | undefined> {
    try {
      return await this.cards.charge(order, card);
    } catch (error) {
      if (!(error instanceof PaymentProviderRefused)) throw error;
      this.#log.error({
        topupId: order.topupId,
        reason: error.detail,
        msg: 'the provider refuses to charge a saved card',
      });
      return undefined;
    }
  }

  async #fail(accountId: string, topupId: string): Promise<void> {
    const at = this.clock.now();
    await this.automatic.execute(accountId, { type: 'EndAutomaticTopup', at, topupId, outcome: 'failed' });
  }

  /** Tells the customer once, before the card is charged. The payment goes on even when the mail server is down. */
  async #announce(accountId: string, { topupId, credit }: UnderWay): Promise<void> {
    const threshold = await this.automatic.read(accountId, ({ settings }) => settings?.threshold);
    if (threshold === undefined) return;
    const email = chargingEmail(topupId, credit, formatUsd(threshold));
    try {
      await this.emails.send(`charging-${topupId}`, accountId, email);
    } catch (error) {
      this.#log.warn(`the mail about ${topupId} could not be sent: ${String(error)}`);
    }
  }
}
