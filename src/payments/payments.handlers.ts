import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock } from '../kernel/index.js';
import { Accounts } from '../ledger/index.js';

import { PaymentProviderUnavailable } from './provider/payment-provider.js';
import type { Payment } from './provider/payment.js';
import { PaymentSync } from './sync/payment-sync.js';
import {
  ApproveRefund,
  DeclineRefund,
  type OrderedTopup,
  OrderTopup,
  RequestRefund,
  SyncTopup,
} from './payments.messages.js';
import { RefundRequests } from './refunds/refund-requests.js';
import { RefundSettings } from './refunds/refund-settings.js';
import { RefundSender } from './refunds/refund-sender.js';
import { TopupOrders } from './orders/topup-orders.js';

@CommandHandler(OrderTopup)
export class OrderTopupHandler implements ICommandHandler<OrderTopup> {
  constructor(private readonly orders: TopupOrders) {}

  execute(command: OrderTopup): Promise<OrderedTopup> {
    return this.orders.order(command);
  }
}

@CommandHandler(SyncTopup)
export class SyncTopupHandler implements ICommandHandler<SyncTopup> {
  constructor(private readonly sync: PaymentSync) {}

  execute({ topupId }: SyncTopup): Promise<Payment | undefined> {
    return this.sync.sync(topupId);
  }
}

@CommandHandler(RequestRefund)
export class RequestRefundHandler implements ICommandHandler<RequestRefund> {
  constructor(private readonly requests: RefundRequests) {}

  execute(command: RequestRefund): Promise<readonly string[]> {
    return this.requests.request(command);
  }
}

@CommandHandler(ApproveRefund)
export class ApproveRefundHandler implements ICommandHandler<ApproveRefund> {
  constructor(
    private readonly accounts: Accounts,
    private readonly sender: RefundSender,
    private readonly settings: RefundSettings,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, refundId, approvedBy }: ApproveRefund): Promise<void> {
    const command = { commandId: `${refundId}/approve`, at: this.clock.now(), refundId, approvedBy };
    await this.accounts.execute(accountId, {
      type: 'ApproveRefund',
      ...command,
      alone: this.settings.alone,
    });
    try {
      await this.sender.send(accountId, refundId);
    } catch (error) {
      // It is approved, and the sweeper sends it when the provider is back.
      if (!(error instanceof PaymentProviderUnavailable)) throw error;
    }
  }
}

@CommandHandler(DeclineRefund)
export class DeclineRefundHandler implements ICommandHandler<DeclineRefund> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, refundId, decision }: DeclineRefund): Promise<void> {
    const command = { commandId: `${refundId}/decline`, at: this.clock.now(), refundId, reason: 'declined' } as const;
    const { declinedBy, reason: detail } = decision;
    await this.accounts.execute(accountId, { type: 'FailRefund', ...command, declinedBy, detail });
  }
}
