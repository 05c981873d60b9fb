import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { accepted, Clock, Refused, refuse } from '../../kernel/index.js';
import { Accounts, type AccountState } from '../../ledger/index.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { Topups } from '../topups/topups.js';
import { Checkouts } from './checkouts.js';
import { CancelTopup, type OrderedTopup, OrderTopup } from './orders.messages.js';
import { TopupOrders } from './topup-orders.js';

const noSuchTopup = refuse('not_found', 'topup_not_found', 'You have no such top-up.');

@CommandHandler(OrderTopup)
export class OrderTopupHandler implements ICommandHandler<OrderTopup> {
  constructor(
    private readonly accounts: Accounts,
    private readonly orders: TopupOrders,
    private readonly topups: Topups,
    private readonly checkouts: Checkouts,
  ) {}

  async execute({ accountId, topupId, order: wanted }: OrderTopup): Promise<OrderedTopup> {
    const { credit, currency, priceMinor, saveCard } = wanted;
    await this.#checkAccount(accountId);
    accepted(await this.orders.place(topupId, { accountId, credit, currency, priceMinor }));
    const order = await this.topups.read(topupId, (state) => state.order);
    if (order === undefined || order.accountId !== accountId) {
      throw new Refused(noSuchTopup);
    }
    if (order.credit !== credit || order.currency !== currency) {
      const reason = 'Another top-up was ordered under this id, so nothing was ordered now. Use a new id.';
      throw new Refused(refuse('conflict', 'topup_id_taken', reason));
    }
    return { ...order, checkoutUrl: await this.checkouts.open(order, saveCard) };
  }

  async #checkAccount(accountId: string): Promise<void> {
    const existence = ({ accountId: known, closed }: AccountState) => ({ exists: known !== undefined, closed });
    const { exists, closed } = await this.accounts.read(accountId, existence, { fresh: true });
    if (!exists) throw new Refused(refuse('not_found', 'account_not_found', 'This account does not exist.'));
    if (closed)
      throw new Refused(refuse('forbidden', 'account_closed', 'This account is closed: it takes no more credit.'));
  }
}

@CommandHandler(CancelTopup)
export class CancelTopupHandler implements ICommandHandler<CancelTopup> {
  constructor(
    private readonly topups: Topups,
    private readonly sync: PaymentSync,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, topupId, by }: CancelTopup): Promise<void> {
    const owner = await this.topups.read(topupId, ({ order }) => order?.accountId);
    if (owner !== accountId) throw new Refused(noSuchTopup);
    const command = { type: 'RequestCancel', commandId: `${topupId}/cancel`, at: this.clock.now(), by } as const;
    await this.topups.execute(topupId, command);
    await this.sync.sync(topupId);
    // Refused now when a payment was faster.
    await this.topups.execute(topupId, command);
  }
}
