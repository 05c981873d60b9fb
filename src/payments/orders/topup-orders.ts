import { Injectable } from '@nestjs/common';
import { accepted, type Amount, Clock, Refused, refuse, Rejection } from '../../kernel/index.js';
import { Accounts, type AccountState } from '../../ledger/index.js';
import type { OrderedTopup, OrderTopup } from '../payments.messages.js';
import type { TopupCurrency } from '../topups/topup.events.js';
import { Topups } from '../topups/topups.js';
import { Checkouts } from './checkouts.js';
import { ORDER_LIFETIME_MS, price } from './topup-offer.js';
import { TopupSettings } from './topup-settings.js';

export interface Placed {
  readonly accountId: string;
  readonly credit: Amount;
  readonly currency: TopupCurrency;
  /** Paid with a saved card, not at a checkout. */
  readonly automatic?: boolean;
}

/** Orders top-ups. An order and its price are durable before anybody is asked to pay. */
@Injectable()
export class TopupOrders {
  constructor(
    private readonly topups: Topups,
    private readonly accounts: Accounts,
    private readonly checkouts: Checkouts,
    private readonly settings: TopupSettings,
    private readonly clock: Clock,
  ) {}

  /** @throws Refused as `OrderTopup` says */
  async order({ accountId, topupId, input }: OrderTopup): Promise<OrderedTopup> {
    const { credit, currency, saveCard } = input;
    await this.#checkAccount(accountId);
    accepted(await this.place(topupId, { accountId, credit, currency }));
    const order = await this.topups.read(topupId, (state) => state.order);
    if (order === undefined || order.accountId !== accountId) throw notFound();
    if (order.credit !== credit || order.currency !== currency) throw idTaken();
    return { ...order, quote: order.quote, checkoutUrl: await this.checkouts.open(order, saveCard) };
  }

  /** Fixes what is ordered and its price, once. Refused: `invalid_amount`, `currency_not_offered`. */
  async place(topupId: string, order: Placed): Promise<Rejection | undefined> {
    if (await this.topups.read(topupId, ({ order: placed }) => placed !== undefined)) return undefined;
    const at = this.clock.now();
    const priced = price(order.credit, order.currency, this.settings, at);
    if (priced instanceof Rejection) return priced;
    const command = { commandId: `${topupId}/order`, at, topupId, expiresAt: at + ORDER_LIFETIME_MS } as const;
    await this.topups.execute(topupId, { type: 'OrderTopup', ...command, ...order, ...priced });
    return undefined;
  }

  async #checkAccount(accountId: string): Promise<void> {
    const existence = ({ accountId: known, closed }: AccountState) => ({ exists: known !== undefined, closed });
    const { exists, closed } = await this.accounts.read(accountId, existence, { fresh: true });
    if (!exists) throw new Refused(refuse('not_found', 'account_not_found', 'This account does not exist.'));
    if (closed)
      throw new Refused(refuse('forbidden', 'account_closed', 'This account is closed: it takes no more credit.'));
  }
}

const idTaken = (): Refused =>
  new Refused(
    refuse('conflict', 'topup_id_taken', 'Another top-up was ordered under this id: nothing was ordered now.'),
  );
const notFound = (): Refused => new Refused(refuse('not_found', 'topup_not_found', 'You have no such top-up.'));
