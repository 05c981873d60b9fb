import { Injectable } from '@nestjs/common';
import { Clock, Rejection } from '../../kernel/index.js';
import { Accounts } from '../../ledger/index.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { PaymentProvider, PaymentProviderRefused } from '../provider/payment-provider.js';
import { Topups } from '../topups/topups.js';

/**
 * Sends approved refunds to the payment provider. The amount in the customer’s currency is durable before the request, and the request
 * carries our refund id. So a refund can be sent again at any time, and the money leaves once.
 */
@Injectable()
export class RefundSender {
  constructor(
    private readonly topups: Topups,
    private readonly accounts: Accounts,
    private readonly provider: PaymentProvider,
    private readonly sync: PaymentSync,
    private readonly clock: Clock,
  ) {}

  /** Sends a refund if it is approved, and records the result. @throws PaymentProviderUnavailable: send it again later */
  async send(accountId: string, refundId: string): Promise<void> {
    const refund = await this.accounts.read(accountId, ({ refunds }) => refunds.get(refundId), { fresh: true });
    if (refund?.status !== 'approved') return;
    const { lotId: topupId, amount } = refund;
    const command = { commandId: `${refundId}/order`, at: this.clock.now(), refundId, credit: amount } as const;
    const ordered = await this.topups.decide(topupId, { type: 'OrderRefund', ...command });
    // Less than this credit is left of the payment, because of a refund made at Stripe in the meantime.
    if (ordered instanceof Rejection) return this.#giveBack(accountId, refundId);
    await this.#request(topupId, refundId);
    await this.sync.sync(topupId);
  }

  async #giveBack(accountId: string, refundId: string): Promise<void> {
    const command = { commandId: `${refundId}/failed`, at: this.clock.now(), refundId, reason: 'failed' } as const;
    await this.accounts.execute(accountId, { type: 'FailRefund', ...command });
  }

  async #request(topupId: string, refundId: string): Promise<void> {
    const { paymentIntentId, order } = await this.topups.read(topupId, (state) => ({
      paymentIntentId: state.paymentIntentId,
      order: state.refunds.get(refundId),
    }));
    if (order === undefined || paymentIntentId === undefined || order.status !== undefined) return;
    try {
      await this.provider.refund({ refundId, topupId, paymentIntentId, amountMinor: order.amountMinor });
    } catch (error) {
      if (!(error instanceof PaymentProviderRefused)) throw error;
      const report = { refundId, status: 'failed', reason: error.detail } as const;
      const command = { commandId: `${refundId}/refused`, at: this.clock.now(), ...report };
      await this.topups.execute(topupId, { type: 'ReportRefund', ...command });
    }
  }
}
