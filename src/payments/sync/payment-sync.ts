import { Injectable } from '@nestjs/common';
import { Clock, ZERO, type Unissued } from '../../kernel/index.js';
import { type AccountCommand, Accounts, twelveMonthsAfter } from '../../ledger/index.js';
import { PaymentProvider, type PaymentReference } from '../provider/payment-provider.js';
import type { Payment, ProviderDispute, ProviderRefund } from '../provider/payment.js';
import type { PaymentHint } from '../provider/payment-notices.js';
import { endedByHand, noteEnd } from './refund-ends.js';
import { bookings, disputeCredit, ours } from './settlement.js';
import type { TopupCommand } from '../topups/topup.commands.js';
import { openableUntil, type TopupOrder, type TopupRefund, type TopupState } from '../topups/topup.state.js';
import { Topups } from '../topups/topups.js';
import { Payouts } from '../payouts/payouts.js';
import { Turns } from './turns.js';
import { AutomaticTopups } from '../automatic/automatic-topups.js';

interface Pointers {
  readonly sessionId?: string | undefined;
  readonly paymentIntentId?: string | undefined;
}

/**
 * The only way in which we learn about a payment: we ask the payment provider for its state and record what is new on the top-up and the
 * account. Each step takes the whole state and has its effect once. So the order, repetition or loss of hints makes no difference, and the
 * next sync completes what a crash interrupted.
 */
@Injectable()
export class PaymentSync {
  readonly #turns = new Turns<Payment | undefined>();

  constructor(
    private readonly topups: Topups,
    private readonly payouts: Payouts,
    private readonly accounts: Accounts,
    private readonly provider: PaymentProvider,
    private readonly clock: Clock,
    private readonly automatic: AutomaticTopups,
  ) {}

  /** Asks the provider about what a hint names. @throws PaymentProviderUnavailable, EventStoreUnavailable: try again later */
  async follow(hint: PaymentHint): Promise<void> {
    switch (hint.type) {
      case 'topup':
        return void (await this.sync(hint.topupId, hint));
      case 'payment': {
        const topupId = await this.provider.orderOf(hint.paymentIntentId);
        if (topupId !== undefined) await this.sync(topupId, hint);
        return;
      }
      case 'payout': {
        const report = await this.provider.payout(hint.payoutId);
        if (report !== undefined) await this.payouts.report(report, this.clock.now());
      }
    }
  }

  /**
   * Brings a top-up up to date. Returns its payment at the provider; undefined when there is no payment or no such top-up.
   * The pointers name a checkout or a payment that the provider may have and the top-up does not know yet.
   */
  sync(topupId: string, { sessionId, paymentIntentId }: Pointers = {}): Promise<Payment | undefined> {
    const task = `${sessionId ?? ''} ${paymentIntentId ?? ''}`;
    return this.#turns.run(topupId, task, () => this.#sync(topupId, { sessionId, paymentIntentId }));
  }

  async #sync(topupId: string, { sessionId, paymentIntentId }: Pointers): Promise<Payment | undefined> {
    const known = await this.topups.read(topupId, (state) => ({
      order: state.order,
      isOpen: state.status === 'ordered',
      cancelRequested: state.cancelRequested,
      reference: referenceOf(state),
    }));
    if (known.order === undefined) return undefined;
    const isUnwanted = known.cancelRequested || (known.isOpen && (await this.#isClosed(known.order)));
    const reference = known.reference ?? (await this.#adopt(topupId, sessionId));
    const payment = reference && (await this.#payment(reference, isUnwanted));
    if (payment !== undefined) await this.#apply(topupId, payment);
    else await this.#expire(topupId, known.order, isUnwanted);
    if (paymentIntentId !== undefined && paymentIntentId !== payment?.paymentIntentId) {
      const other = await this.provider.payment({ paymentIntentId });
      if (other?.orderId === topupId) await this.#apply(topupId, other);
    }
    return payment;
  }

  /** What would be paid for an account that its owner has left would be lost to them. */
  #isClosed({ accountId }: TopupOrder): Promise<boolean> {
    return this.accounts.read(accountId, ({ closed }) => closed, { fresh: true });
  }

  /** A payment; an open checkout that nobody wants to pay any more is closed first. */
  async #payment(reference: PaymentReference, isUnwanted: boolean): Promise<Payment | undefined> {
    const payment = await this.provider.payment(reference);
    if (!isUnwanted || payment?.status !== 'open' || payment.sessionId === undefined) return payment;
    await this.provider.closeCheckout(payment.sessionId);
    return this.provider.payment(reference);
  }

  /** Records a checkout that was opened before a crash and not recorded. */
  async #adopt(topupId: string, sessionId: string | undefined): Promise<PaymentReference | undefined> {
    if (sessionId === undefined) return undefined;
    const payment = await this.provider.payment({ sessionId });
    if (payment?.orderId !== topupId) return undefined;
    await this.#note(topupId, `${sessionId}/open`, { type: 'OpenCheckout', sessionId });
    return { sessionId };
  }

  /** An order without a checkout can’t be paid: it expires when it is too late to open one, or at once when nobody wants to pay it any more. */
  async #expire(topupId: string, order: TopupOrder, isUnwanted: boolean): Promise<void> {
    if (openableUntil(order) > this.clock.now() && !isUnwanted) return;
    const nothing = { orderId: topupId, paymentIntentId: undefined, amountMinor: 0, currency: order.currency };
    await this.#note(topupId, `${topupId}/expired`, { type: 'ReportPayment', status: 'expired', ...nothing });
  }

  async #apply(topupId: string, payment: Payment): Promise<void> {
    const { status, orderId, paymentIntentId, amountMinor, currency, taxMinor, reason } = payment;
    const report = { status, orderId, paymentIntentId, amountMinor, currency, taxMinor, reason };
    const commandId = `${paymentIntentId ?? topupId}/${status}`;
    await this.#note(topupId, commandId, { type: 'ReportPayment', ...report });
    const paid = await this.topups.read(topupId, (state) => ({
      order: state.order,
      paidAt: state.paidAt,
      paymentIntentId: state.paymentIntentId,
    }));
    if (paid.order !== undefined && paid.paymentIntentId === paymentIntentId && paymentIntentId !== undefined) {
      await this.#credit(paid.order, paid.paidAt);
      await this.#countAutomatic(paid.order);
      await this.#saveCard(paid.order, payment);
      await this.#refunds(paid.order, payment.refunds);
      for (const dispute of payment.disputes) await this.#dispute(paid.order, dispute);
      for (const warning of payment.warnings)
        await this.#note(topupId, warning.warningId, { type: 'WarnOfFraud', paymentIntentId, ...warning });
    }
    await this.#book(topupId, payment);
  }

  /** Repeated at each sync of a paid top-up, because a crash may have separated the payment from its credit. */
  async #credit({ topupId, accountId, credit }: TopupOrder, paidAt: number): Promise<void> {
    const lot = { lotId: topupId, topupId, amount: credit, expiresAt: twelveMonthsAfter(paidAt) };
    await this.#tell(accountId, `${topupId}/purchase`, { type: 'PurchaseCredit', ...lot });
  }

  /** A payment that counted as failed until now counts for its month. */
  async #countAutomatic({ topupId, accountId, automatic }: TopupOrder): Promise<void> {
    if (!automatic) return;
    await this.automatic.execute(accountId, {
      type: 'EndAutomaticTopup',
      at: this.clock.now(),
      topupId,
      outcome: 'paid',
    });
  }

  async #saveCard({ accountId }: TopupOrder, { savedCard }: Payment): Promise<void> {
    if (savedCard === undefined) return;
    await this.automatic.execute(accountId, { type: 'SaveCard', at: this.clock.now(), ...savedCard });
  }

  /** What people have ended comes first: from then on, what the provider says of it is of another refund. */
  async #refunds({ topupId, accountId }: TopupOrder, refunds: readonly ProviderRefund[]): Promise<void> {
    const ended = await this.accounts.read(accountId, (state) => endedByHand(state, topupId), { fresh: true });
    for (const refund of ended) await noteEnd(this.topups, refund, this.clock.now());
    for (const refund of refunds) await this.#reportRefund(topupId, refund);
    for (const refund of await this.topups.read(topupId, (state) => [...state.refunds.values()])) {
      if (refund.credit > ZERO) await this.#settleRefund(accountId, topupId, refund);
    }
  }

  async #reportRefund(topupId: string, refund: ProviderRefund): Promise<void> {
    const { stripeRefundId, amountMinor, status, reason } = refund;
    const found = await this.topups.read(topupId, (state) => ours(state, refund));
    const isAnother = found?.endedWithoutStripe === true;
    if (isAnother && status !== 'succeeded') return;
    const known = isAnother ? undefined : found;
    if (known === undefined) {
      await this.#note(topupId, `${stripeRefundId}/found`, { type: 'RecordRefund', stripeRefundId, amountMinor });
    }
    const report = { refundId: known?.refundId ?? stripeRefundId, stripeRefundId, status, reason };
    await this.#note(topupId, `${stripeRefundId}/${status}`, { type: 'ReportRefund', ...report });
  }

  async #settleRefund(accountId: string, lotId: string, refund: TopupRefund): Promise<void> {
    const { refundId, stripeRefundId, credit, status } = refund;
    if (refundId === stripeRefundId) {
      const found = { refundId, lotId, amount: credit, reason: 'refunded at Stripe' };
      await this.#tell(accountId, `${refundId}/found`, { type: 'RecordRefund', ...found });
    }
    if (status === 'succeeded') await this.#tell(accountId, `${refundId}/done`, { type: 'CompleteRefund', refundId });
    if (status === 'failed' || status === 'canceled') {
      await this.#tell(accountId, `${refundId}/failed`, { type: 'FailRefund', refundId, reason: status });
    }
  }

  async #dispute(order: TopupOrder, dispute: ProviderDispute): Promise<void> {
    const { disputeId, reason, inquiry, outcome, evidenceDueAt } = dispute;
    const credit = disputeCredit(order, dispute);
    const about = { disputeId, lotId: order.topupId, reason, inquiry, outcome, evidenceDueAt };
    const commandId = `${disputeId}/${credit.withdrawn}/${credit.reinstated}/${outcome ?? 'open'}`;
    await this.#tell(order.accountId, commandId, { type: 'RecordDispute', ...about, ...credit });
  }

  async #book(topupId: string, payment: Payment): Promise<void> {
    for (const booking of await this.topups.read(topupId, (state) => bookings(state, payment))) {
      await this.#note(topupId, `${booking.balanceTransactionId}/book`, booking);
    }
  }

  #note(topupId: string, commandId: string, command: Unissued<TopupCommand>): Promise<unknown> {
    return this.topups.execute(topupId, { ...command, commandId, at: this.clock.now() });
  }

  #tell(accountId: string, commandId: string, command: Unissued<AccountCommand>): Promise<unknown> {
    return this.accounts.execute(accountId, { ...command, commandId, at: this.clock.now() });
  }
}

const referenceOf = ({ sessionId, paymentIntentId }: TopupState): PaymentReference | undefined => {
  if (sessionId !== undefined) return { sessionId };
  return paymentIntentId === undefined ? undefined : { paymentIntentId };
};
