import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/index.js';
import { PublicUrl } from '../../platform/mail/index.js';
import { cardOf } from '../automatic/automatic-topup.js';
import { AutomaticTopups } from '../automatic/automatic-topups.js';
import { PaymentProvider, type ReturnLinks } from '../provider/payment-provider.js';
import { SavedCards } from '../provider/saved-cards.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { openableUntil, type TopupOrder } from '../topups/topup.state.js';
import { Topups } from '../topups/topups.js';

/** The pages where orders are paid. An order has at most one. */
@Injectable()
export class Checkouts {
  constructor(
    private readonly topups: Topups,
    private readonly provider: PaymentProvider,
    private readonly cards: SavedCards,
    private readonly automatic: AutomaticTopups,
    private readonly sync: PaymentSync,
    private readonly publicUrl: PublicUrl,
    private readonly clock: Clock,
  ) {}

  /** Opens the checkout of an order, or finds the open one. Returns its URL; undefined when the order can’t be paid any more. */
  async open(order: TopupOrder, saveCard = false): Promise<string | undefined> {
    const { topupId } = order;
    const isTooLate = openableUntil(order) <= this.clock.now();
    if (isTooLate || (await this.#isKnown(topupId))) return (await this.sync.sync(topupId))?.checkoutUrl;
    const customer = saveCard ? await this.#customerFor(order) : undefined;
    const { sessionId, url } = await this.provider.openCheckout(order, this.#links(topupId), customer);
    const command = { commandId: `${topupId}/checkout`, at: this.clock.now(), sessionId } as const;
    await this.topups.execute(topupId, { type: 'OpenCheckout', ...command });
    // Canceled meanwhile: the sync closes it.
    if (await this.topups.read(topupId, (state) => state.cancelRequested)) await this.sync.sync(topupId);
    return url;
  }

  async #customerFor(order: TopupOrder): Promise<string> {
    const { card } = await this.automatic.read(order.accountId, cardOf);
    return this.cards.customerFor(order, card);
  }

  /** Whether it has a checkout, or is not to get one. */
  #isKnown(topupId: string): Promise<boolean> {
    return this.topups.read(topupId, ({ sessionId, cancelRequested }) => sessionId !== undefined || cancelRequested);
  }

  /** The page of the dashboard that shows how the top-up stands. */
  #links(topupId: string): ReturnLinks {
    const link = (outcome: string): string => this.publicUrl.link(`/topup?topup=${topupId}&checkout=${outcome}`);
    return { paid: link('paid'), canceled: link('canceled') };
  }
}
