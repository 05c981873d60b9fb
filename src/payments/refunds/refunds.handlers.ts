import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Kept } from '../../event-store/index.js';
import { type Amount, Clock, derivedId, floorToCents, formatUsd, Refused, refuse, ZERO } from '../../kernel/index.js';
import { Accounts, type AccountState, isDisputed } from '../../ledger/index.js';
import { PaymentProviderUnavailable } from '../provider/payment-provider.js';
import { RefundSender } from './refund-sender.js';
import { RefundSettings } from './refund-settings.js';
import { ApproveRefund, DeclineRefund, RequestRefund, WithdrawRefund } from './refunds.messages.js';

/** Takes the newest top-up first, with one refund for each top-up. */
@CommandHandler(RequestRefund)
export class RequestRefundHandler implements ICommandHandler<RequestRefund> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly settings: RefundSettings,
  ) {}

  async execute({ accountId, requestId, request }: RequestRefund): Promise<readonly string[]> {
    const { topupId, ...terms } = request;
    if (terms.amount !== undefined) checkAmount(terms.amount);
    const parts = await this.#read(accountId, (state) => partsOf(state, requestId, topupId));
    const command = { commandId: `${requestId}/request`, at: this.clock.now(), windowMs: this.settings.windowMs };
    await this.accounts.execute(accountId, { type: 'RequestRefund', ...command, requestId, parts, ...terms });
    return this.#read(accountId, ({ refunds }) =>
      parts.map(({ refundId }) => refundId).filter((id) => refunds.has(id)),
    );
  }

  #read<T>(accountId: string, select: (state: AccountState) => T & Kept<T>): Promise<T> {
    const ofAccount = (state: AccountState): T & Kept<T> => {
      if (state.accountId !== undefined) return select(state);
      throw new Refused(refuse('not_found', 'account_not_found', `There is no account ${accountId}.`));
    };
    return this.accounts.read<T>(accountId, ofAccount, { fresh: true });
  }
}

/** Credit is bought and refunded in whole cents (docs.stripe.com/currencies, "minor units"). */
function checkAmount(amount: Amount): void {
  if (amount > ZERO && floorToCents(amount) === amount) return;
  const reason = `A refund must be a whole number of cents and more than zero, not $${formatUsd(amount)}.`;
  throw new Refused(refuse('invalid', 'invalid_amount', reason));
}

/** What a request may take from one top-up. */
interface Part {
  readonly lotId: string;
  readonly refundId: string;
}

/** The purchases that can be refunded, the newest first. One whose payment is disputed is refunded only when the request names it. */
function partsOf(state: AccountState, requestId: string, topupId: string | undefined): readonly Part[] {
  const paid = [...state.lots.byId.values()].filter(
    ({ kind, successor }) => kind === 'paid' && successor === undefined,
  );
  const refundable = paid.filter(({ id }) => (topupId === undefined ? !isDisputed(state, id) : id === topupId));
  if (topupId !== undefined && refundable.length === 0)
    throw new Refused(refuse('not_found', 'topup_not_found', 'This account has no such paid top-up.'));
  return refundable
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .map(({ id }) => ({ lotId: id, refundId: derivedId(`${requestId}/${id}`) }));
}

@CommandHandler(ApproveRefund)
export class ApproveRefundHandler implements ICommandHandler<ApproveRefund> {
  constructor(
    private readonly accounts: Accounts,
    private readonly sender: RefundSender,
    private readonly settings: RefundSettings,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, refundId, approvedBy, reason }: ApproveRefund): Promise<void> {
    const command = { commandId: `${refundId}/approve`, at: this.clock.now(), refundId, approvedBy, reason };
    await this.accounts.execute(accountId, {
      type: 'ApproveRefund',
      ...command,
      alone: this.settings.alone,
    });
    try {
      await this.sender.send(accountId, refundId);
    } catch (error) {
      // The refund is approved; the sweeper sends it when the provider is back.
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

@CommandHandler(WithdrawRefund)
export class WithdrawRefundHandler implements ICommandHandler<WithdrawRefund> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, refundId, withdrawnBy }: WithdrawRefund): Promise<void> {
    const command = { commandId: `${refundId}/withdraw`, at: this.clock.now(), refundId, withdrawnBy };
    await this.accounts.execute(accountId, { type: 'FailRefund', reason: 'withdrawn', ...command });
  }
}
