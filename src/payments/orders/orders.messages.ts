// What a customer decides about buying credit (docs/adr/0005-commands-people-give.md).
import { Command } from '@nestjs/cqrs';
import type { TopupCommand } from '../topups/topup.commands.js';
import type { TopupOrder } from '../topups/topup.state.js';

export interface OrderedTopup extends TopupOrder {
  /** Where the order is paid; undefined when it can’t be paid any more. */
  readonly checkoutUrl: string | undefined;
}

/**
 * Orders credit and opens the checkout where it is paid. The same id again returns the same order, also after a crash.
 * Refused: `invalid_amount`, `currency_not_offered`, `price_changed`, `topup_id_taken`, `topup_not_found`, `account_not_found`, `account_closed`,
 * `payments_unavailable`.
 */
export class OrderTopup extends Command<OrderedTopup> {
  constructor(
    readonly accountId: string,
    readonly topupId: string,
    readonly order: Pick<Extract<TopupCommand, { type: 'OrderTopup' }>, 'credit' | 'currency'> & {
      /** The price that the customer was shown; refused when it is another one now. */
      readonly priceMinor?: number | undefined;
      /** Keep the card that pays, for automatic top-ups. */
      readonly saveCard?: boolean;
    },
  ) {
    super();
  }
}

/**
 * Cancels a top-up that nobody has paid yet: its checkout is closed. A payment that arrives at the same moment wins.
 * Refused: `topup_not_found`, `topup_paid`, `payment_under_way`, `topup_closed`, `payments_unavailable` (then it is canceled a little later).
 */
export class CancelTopup extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly topupId: string,
    readonly by: string,
  ) {
    super();
  }
}
