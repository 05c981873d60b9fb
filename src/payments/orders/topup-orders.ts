import { Injectable } from '@nestjs/common';
import { Clock, refuse, Rejection } from '../../kernel/index.js';
import type { TopupCommand } from '../topups/topup.commands.js';
import { Topups } from '../topups/topups.js';
import { ORDER_LIFETIME_MS, price } from './topup-offer.js';
import { TopupSettings } from './topup-settings.js';

type Order = Pick<Extract<TopupCommand, { type: 'OrderTopup' }>, 'accountId' | 'credit' | 'currency' | 'automatic'> & {
  /** The price that was agreed to. */
  readonly priceMinor?: number | undefined;
};

const priceChanged = refuse(
  'conflict',
  'price_changed',
  'The price has changed since you were shown it, so nothing was ordered. GET /api/topups/quote tells the present one.',
);

/** Places orders: what is bought, and its price, are durable before anybody is asked to pay. */
@Injectable()
export class TopupOrders {
  constructor(
    private readonly topups: Topups,
    private readonly settings: TopupSettings,
    private readonly clock: Clock,
  ) {}

  /** Places an order at the present price; one that has been placed stays as it is. Refused: `invalid_amount`, `currency_not_offered`, `price_changed`. */
  async place(topupId: string, order: Order): Promise<Rejection | undefined> {
    if (await this.topups.read(topupId, ({ order: placed }) => placed !== undefined)) return undefined;
    const at = this.clock.now();
    const priced = price(order.credit, order.currency, this.settings, at);
    if (priced instanceof Rejection) return priced;
    if (order.priceMinor !== undefined && order.priceMinor !== priced.priceMinor) return priceChanged;
    const command = { commandId: `${topupId}/order`, at, topupId, expiresAt: at + ORDER_LIFETIME_MS } as const;
    await this.topups.execute(topupId, { type: 'OrderTopup', ...command, ...order, ...priced });
    return undefined;
  }
}
