// One row per payout of our Stripe balance to our bank.
import type { Projection } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { payoutOfStream, readPayoutEvent } from './payout.js';

export interface PayoutRow extends JsonObject {
  readonly payoutId: string;
  readonly status: 'paid' | 'failed';
  readonly currency: string;
  /** What the bank received or should have received; null when the payout failed before it was reported as paid. */
  readonly amountMinor: number | null;
  readonly feeMinor: number | null;
  /** When we first heard of it. */
  readonly reportedAt: string;
  readonly failedAt?: string;
}

export const payoutRows: Projection<PayoutRow> = {
  view: { name: 'payouts-1', indexes: [['reportedAt'], ['status', 'reportedAt'], ['amountMinor', 'reportedAt']] },
  rowId: ({ stream }) => payoutOfStream(stream),
  step(row, recorded) {
    const { type, data } = readPayoutEvent(recorded);
    const { payoutId, currency, at } = data;
    if (type === 'PayoutPaid') {
      const { amountMinor, feeMinor } = data;
      return { payoutId, status: 'paid', currency, amountMinor, feeMinor, reportedAt: at };
    }
    const before = row ?? { payoutId, currency, amountMinor: null, feeMinor: null, reportedAt: at };
    return { ...before, status: 'failed', failedAt: at };
  },
};
