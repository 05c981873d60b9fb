import { Logger } from '@nestjs/common';
import type { QueryBus } from '@nestjs/cqrs';
import { GetPerson } from '../../identity/index.js';
import { type Clock, formatUsd, newId, Refused, Rejection, usd } from '../../kernel/index.js';
import { type Accounts, available } from '../../ledger/index.js';
import type { Mail, Mailer, PublicUrl } from '../../mail/index.js';
import type { PaymentSync } from '../payment-sync.js';
import { ORDER_LIFETIME_MS, price } from '../topup-offer.js';
import type { TopupOrders } from '../topup-orders.js';
import type { Topups } from '../topups.js';
import type { AutomaticTopupState } from './automatic-topup.js';
import type { AutomaticTopups } from './automatic-topups.js';
import { ceilingLetter, chargedLetter, chargingLetter, declinedLetter } from './letters.js';
import type { SavedCards } from './saved-cards.js';

export interface ChargeServices {
  readonly automatic: AutomaticTopups;
  readonly topups: Topups;
  readonly orders: TopupOrders;
  readonly accounts: Accounts;
  readonly cards: SavedCards;
  readonly sync: PaymentSync;
  readonly clock: Clock;
  readonly mailer: Mailer;
  readonly publicUrl: PublicUrl;
  readonly queries: QueryBus;
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
      const [event] = await automatic.execute(accountId, asked);
      if (event?.type === 'AutomaticTopupCeilingReached') await this.#tellOfCeiling(accountId);
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
    if (await this.#order(accountId, underWay)) await this.#announce(accountId, underWay.credit);
    const { order, status: before } = await topups.read(topupId);
    // What could not be ordered, or was not charged in its time, is not charged any more.
    if (order === undefined || before === 'expired') return this.#end(accountId, underWay, 'failed');
    const paymentIntentId = await cards.charge({ ...order }, underWay);
    await sync.sync(topupId, { paymentIntentId });
    const { status } = await topups.read(topupId);
    if (status === 'paid') await this.#end(accountId, underWay, 'paid');
    else if (paymentIntentId === undefined || status === 'failed') {
      await this.#end(accountId, underWay, 'failed');
    }
  }

  /** Pins what is bought, and at which price. True for the one that did. */
  async #order(accountId: string, { topupId, credit, currency }: UnderWay): Promise<boolean> {
    const { topups, orders, clock } = this.services;
    if ((await topups.read(topupId)).order !== undefined) return false;
    const at = clock.now();
    const priced = price(usd(credit), currency, orders.settings, at);
    if (priced instanceof Rejection) return false; // the offer has changed since it was asked for
    const terms = { topupId, accountId, credit: usd(credit), ...priced, automatic: true };
    const command = {
      type: 'OrderTopup',
      commandId: `${topupId}/order`,
      at,
      expiresAt: at + ORDER_LIFETIME_MS,
    } as const;
    return (await topups.execute(topupId, { ...command, ...terms })).length > 0;
  }

  async #end(accountId: string, { topupId, credit }: UnderWay, outcome: 'paid' | 'failed'): Promise<void> {
    const { automatic, clock, publicUrl } = this.services;
    const command = { type: 'EndAutomaticTopup', at: clock.now(), topupId, outcome } as const;
    const ended = await automatic.execute(accountId, command);
    if (ended.length === 0) return; // another gateway has said so
    const receipt = publicUrl.link(`/api/topups/${topupId}/receipt`);
    await this.#mail(accountId, outcome === 'paid' ? chargedLetter(credit, receipt) : declinedLetter(credit));
  }

  async #announce(accountId: string, credit: string): Promise<void> {
    const { settings } = await this.services.automatic.read(accountId);
    if (settings !== undefined) await this.#mail(accountId, chargingLetter(credit, formatUsd(settings.threshold)));
  }

  async #tellOfCeiling(accountId: string): Promise<void> {
    const { settings } = await this.services.automatic.read(accountId);
    if (settings !== undefined) await this.#mail(accountId, ceilingLetter(formatUsd(settings.monthlyCeiling)));
  }

  /** Neither a person who is gone nor a mail server that is away keeps a payment from being made and ended. */
  async #mail(accountId: string, letter: Omit<Mail, 'to'>): Promise<void> {
    try {
      const { email } = (await this.services.queries.execute(new GetPerson({ accountId }))).user;
      await this.services.mailer.send({ to: email, ...letter });
    } catch (error) {
      if (error instanceof Refused) return;
      this.#log.warn(`the mail "${letter.subject}" could not be sent: ${String(error)}`);
    }
  }
}
