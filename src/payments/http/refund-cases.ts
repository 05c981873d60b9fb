import { Injectable } from '@nestjs/common';
import { add, Clock, formatUsd, Rejection, ZERO } from '../../kernel/index.js';
import { account, Accounts, type AccountState, available, posted } from '../../ledger/index.js';
import { RefundSettings } from '../refunds/refund-settings.js';
import { FinanceReads } from './finance-reads.js';
import type { FinanceRefundCase } from './finance-refunds.dto.js';
import { PaymentReads } from './payment-reads.js';

/** What a person has to know who decides on a refund. */
@Injectable()
export class RefundCases {
  constructor(
    private readonly reads: PaymentReads,
    private readonly finance: FinanceReads,
    private readonly accounts: Accounts,
    private readonly settings: RefundSettings,
    private readonly clock: Clock,
  ) {}

  /** @throws Refused `refund_not_found` */
  async of(refundId: string, userId: string): Promise<FinanceRefundCase> {
    const row = await this.reads.refund(refundId);
    const [refund] = await this.finance.withTopups([row]);
    if (refund === undefined) throw new Error(`${refundId} is gone`);
    const now = this.clock.now();
    const figures = (state: AccountState) => {
      const lot = state.lots.byId.get(row.topupId);
      const back = state.refunds.get(refundId)?.amount ?? ZERO;
      return {
        approval: row.status === 'requested' ? this.#approval(state, refundId, userId) : 'not_waiting',
        balance: formatUsd(posted(state)),
        available: formatUsd(available(state, now)),
        balance_after_decline: formatUsd(row.status === 'requested' ? add(posted(state), back) : posted(state)),
        credit_left: formatUsd(lot?.remaining ?? ZERO),
        credit_bought: formatUsd(lot?.amount ?? ZERO),
      };
    };
    return { ...refund, ...(await this.accounts.read(row.accountId, figures, { fresh: true })) };
  }

  /** What the account would say to an approval. */
  #approval(state: AccountState, refundId: string, approvedBy: string): FinanceRefundCase['approval'] {
    if (state.refunds.get(refundId)?.status !== 'requested') return 'not_waiting';
    const command = { type: 'ApproveRefund', refundId, approvedBy, alone: this.settings.alone } as const;
    const decision = account.decide({ ...command, commandId: '', at: this.clock.now() }, state);
    return decision instanceof Rejection ? 'second_person_needed' : 'possible';
  }
}
