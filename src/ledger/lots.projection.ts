// One row per lot of credit, to find those that are due to expire. Only the account itself knows what is left of a lot.
import type { Projection } from '../event-store/index.js';
import type { JsonObject } from '../kernel/index.js';
import { type AccountEvent, accountOfStream, readAccountEvent } from './account.events.js';

interface LotRow extends JsonObject {
  readonly lotId: string;
  readonly accountId: string;
  readonly amount: string;
  readonly expiresAt: string;
}

export const lots: Projection<LotRow> = {
  view: { name: 'lots-1', indexes: [['expiresAt']] },
  rowId: (event) => (accountOfStream(event.stream) === undefined ? undefined : lotOf(readAccountEvent(event))?.lotId),
  step(_row, event) {
    const lot = lotOf(readAccountEvent(event));
    if (lot === undefined) throw new Error(`${event.type} makes no lot`);
    return { ...lot, accountId: accountOfStream(event.stream) ?? '' };
  },
};

function lotOf({ type, data }: AccountEvent): Pick<LotRow, 'lotId' | 'amount' | 'expiresAt'> | undefined {
  if (type === 'CreditPurchased' || type === 'CreditGranted') {
    return { lotId: data.lotId, amount: data.amount, expiresAt: data.expiresAt };
  }
  // The successors of one re-rating expire together.
  const [successor] = type === 'ChargeRerated' ? (data.successors ?? []) : [];
  if (successor !== undefined)
    return { lotId: successor.lotId, amount: successor.amount, expiresAt: successor.expiresAt };
  if (type !== 'BalanceAdjusted' || data.expiresAt === undefined) return undefined;
  return { lotId: data.adjustmentId, amount: data.amount, expiresAt: data.expiresAt };
}
