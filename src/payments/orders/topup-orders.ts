import { accepted, type Clock, Refused, refuse } from '../../kernel/index.js';
import type { Accounts } from '../../ledger/index.js';
import type { PublicUrl } from '../../platform/mail/index.js';
import type { OrderedTopup, OrderTopup } from '../payments.messages.js';
import type { PaymentProvider, ReturnLinks } from '../provider/payment-provider.js';
import type { PaymentSync } from '../sync/payment-sync.js';
import { type OfferSettings, ORDER_LIFETIME_MS, price } from './topup-offer.js';
import type { TopupOrder } from '../topups/topup.state.js';
import type { SavedCards } from '../provider/saved-cards.js';
import type { Topups } from '../topups/topups.js';

export interface OrderServices {
  readonly topups: Topups;
  readonly accounts: Accounts;
  readonly provider: PaymentProvider;
  readonly cards: SavedCards;
  readonly sync: PaymentSync;
  readonly publicUrl: PublicUrl;
  readonly clock: Clock;
}

/** Orders top-ups: the order is durable with its price before a checkout opens. */
export class TopupOrders {
  constructor(
    private readonly services: OrderServices,
    readonly settings: OfferSettings,
  ) {}

  /** @throws Refused as `OrderTopup` says */
  async order({ accountId, topupId, wish }: OrderTopup): Promise<OrderedTopup> {
    const { topups, clock } = this.services;
    await this.#checkAccount(accountId);
    const at = clock.now();
    const { credit, currency } = wish;
    if ((await topups.read(topupId)).order === undefined) {
      const priced = accepted(price(credit, currency, this.settings, at));
      const terms = { topupId, accountId, credit, ...priced, expiresAt: at + ORDER_LIFETIME_MS };
      await topups.execute(topupId, { type: 'OrderTopup', commandId: `${topupId}/order`, at, ...terms });
    }
    const { order } = await topups.read(topupId);
    if (order === undefined || order.accountId !== accountId) throw notFound();
    if (order.credit !== credit || order.currency !== currency) throw another();
    return { ...order, quote: order.quote, checkoutUrl: await this.#checkout({ ...order }, wish.saveCard) };
  }

  async #checkAccount(accountId: string): Promise<void> {
    const { accountId: known, closed } = await this.services.accounts.read(accountId, { fresh: true });
    if (known === undefined)
      throw new Refused(refuse('not_found', 'account_not_found', 'This account does not exist.'));
    if (closed)
      throw new Refused(refuse('forbidden', 'account_closed', 'This account is closed: it takes no more credit.'));
  }

  async #checkout(order: TopupOrder, saveCard = false): Promise<string | undefined> {
    const { topups, provider, cards, sync, clock } = this.services;
    const { topupId, accountId, expiresAt } = order;
    if ((await topups.read(topupId)).sessionId !== undefined) return (await sync.sync(topupId))?.checkoutUrl;
    if (expiresAt <= clock.now()) return undefined;
    const customer = saveCard ? await cards.customerOf(accountId) : undefined;
    const { sessionId, url } = await provider.openCheckout(order, this.#links(topupId), customer);
    const command = { commandId: `${topupId}/checkout`, at: clock.now(), sessionId } as const;
    await topups.execute(topupId, { type: 'OpenCheckout', ...command });
    return url;
  }

  #links(topupId: string): ReturnLinks {
    const link = (page: string): string => this.services.publicUrl.link(`/topup/${page}?topup=${topupId}`);
    return { paid: link('success'), canceled: link('canceled') };
  }
}

const another = () =>
  new Refused(
    refuse('conflict', 'topup_id_taken', 'Another top-up was ordered under this id: nothing was ordered now.'),
  );
const notFound = (): Refused => new Refused(refuse('not_found', 'topup_not_found', 'You have no such top-up.'));
