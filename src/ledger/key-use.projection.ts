// One row per key that was charged: what its calls came to in all, and when the latest was. For lists; budgets are the account’s own.
import type { Projection } from '../event-store/index.js';
import { add, formatUsd, type JsonObject, subtract, usd } from '../kernel/index.js';
import { accountOfStream, readAccountEvent } from './account.events.js';

export interface KeyUseRow extends JsonObject {
  readonly accountId: string;
  readonly keyId: string;
  /** Calls that were charged. */
  readonly calls: number;
  readonly spent: string;
  /** When the latest of them was made. */
  readonly lastUsedAt: string;
}

export const keyUse: Projection<KeyUseRow> = {
  view: { name: 'key-use-1', indexes: [] },
  rowId({ stream, type, data }) {
    if (accountOfStream(stream) === undefined) return undefined;
    return type === 'TokensCharged' || type === 'ChargeRerated' ? String(data['keyId']) : undefined;
  },
  step(row, event) {
    const { type, data } = readAccountEvent(event);
    const spent = usd(row?.spent ?? '0.00');
    if (type === 'ChargeRerated' && row !== undefined)
      return { ...row, spent: formatUsd(add(spent, subtract(usd(data.cost), usd(data.previousCost)))) };
    if (type !== 'TokensCharged') throw new Error(`${type} of a key that was never charged`);
    const { keyId, cost, pricedAt } = data;
    return {
      accountId: accountOfStream(event.stream) ?? '',
      keyId,
      calls: (row?.calls ?? 0) + 1,
      spent: formatUsd(add(spent, usd(cost))),
      // Calls end in another order than they begin.
      lastUsedAt: row !== undefined && row.lastUsedAt > pricedAt ? row.lastUsedAt : pricedAt,
    };
  },
};
