import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Clock, newId } from '../../kernel/index.js';
import { Accounts } from '../../ledger/index.js';
import { noteEnd } from '../sync/refund-ends.js';
import { Topups } from '../topups/topups.js';
import { ApproveRefundEnd, DeclineRefundEnd, ProposeRefundEnd } from './refunds.messages.js';

@CommandHandler(ProposeRefundEnd)
export class ProposeRefundEndHandler implements ICommandHandler<ProposeRefundEnd> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, refundId, proposal }: ProposeRefundEnd): Promise<void> {
    const base = { commandId: newId(), at: this.clock.now(), refundId };
    await this.accounts.execute(accountId, { type: 'ProposeRefundEnd', ...base, ...proposal });
  }
}

@CommandHandler(DeclineRefundEnd)
export class DeclineRefundEndHandler implements ICommandHandler<DeclineRefundEnd> {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, refundId, decision }: DeclineRefundEnd): Promise<void> {
    const base = { commandId: newId(), at: this.clock.now(), refundId };
    await this.accounts.execute(accountId, { type: 'DeclineRefundEnd', ...base, ...decision });
  }
}

/** Ends a refund on the account, then on its top-up. After a crash between the two, the next look at the payment does the second. */
@CommandHandler(ApproveRefundEnd)
export class ApproveRefundEndHandler implements ICommandHandler<ApproveRefundEnd> {
  constructor(
    private readonly accounts: Accounts,
    private readonly topups: Topups,
    private readonly clock: Clock,
  ) {}

  async execute({ accountId, refundId, approval }: ApproveRefundEnd): Promise<void> {
    const base = { commandId: `${refundId}/end`, at: this.clock.now(), refundId };
    await this.accounts.execute(accountId, { type: 'ApproveRefundEnd', ...base, ...approval });
    const refund = await this.accounts.read(accountId, ({ refunds }) => refunds.get(refundId), { fresh: true });
    if (refund !== undefined) await noteEnd(this.topups, refund, base.at);
  }
}
