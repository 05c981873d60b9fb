// One row per account: its balance, its holds and its spend. For lists and reports; admission never reads it.
import type { Projection, RecordedEvent } from '../event-store/index.js';
import { add, formatUsd, type JsonObject, negate, usd } from '../kernel/index.js';
import { type AccountEvent, accountOfStream, readAccountEvent } from './account.events.js';

export interface BalanceRow extends JsonObject {
  readonly accountId: string;
  readonly posted: string;
  readonly held: string;
  readonly spent: string;
  readonly charges: number;
  readonly suspended: boolean;
  readonly closed?: true;
  readonly openedAt: string;
}

export const balances: Projection<BalanceRow> = {
  view: { name: 'balances-1', indexes: [['openedAt'], ['suspended', 'openedAt']] },
  rowId: (event) => accountOfStream(event.stream),
  step: (row, event) => {
    const before = row ?? opened(event);
    return { ...before, ...change(before, readAccountEvent(event)) };
  },
};

const opened = ({ stream, data }: RecordedEvent): BalanceRow => ({
  accountId: accountOfStream(stream) ?? '',
  posted: '0.00',
  held: '0.00',
  spent: '0.00',
  charges: 0,
  suspended: false,
  openedAt: String(data['at']),
});

const plus = (a: string, b: string): string => formatUsd(add(usd(a), usd(b)));
const minus = (a: string, b: string): string => formatUsd(add(usd(a), negate(usd(b))));

function change(row: BalanceRow, { type, data }: AccountEvent): JsonObject {
  switch (type) {
    case 'CreditPurchased':
    case 'CreditGranted':
    case 'BalanceAdjusted':
    case 'RefundFailed':
    case 'DisputeFundsReinstated':
      return { posted: plus(row.posted, data.amount) };
    case 'RefundRequested':
    case 'DisputeFundsWithdrawn':
    case 'CreditExpired':
      return { posted: minus(row.posted, data.amount) };
    case 'HoldPlaced':
      return { held: plus(row.held, data.amount) };
    case 'HoldReleased':
      return { held: minus(row.held, data.amount) };
    case 'TokensCharged':
      return {
        posted: minus(row.posted, data.cost),
        held: minus(row.held, data.hold),
        spent: plus(row.spent, data.cost),
        charges: row.charges + 1,
      };
    case 'ChargeRerated':
      return {
        posted: plus(minus(row.posted, data.cost), data.previousCost),
        spent: minus(plus(row.spent, data.cost), data.previousCost),
      };
    case 'AccountSuspended':
    case 'AccountReinstated':
      return { suspended: type === 'AccountSuspended' };
    case 'AccountClosed':
      return { closed: true };
    case 'AccountOpened':
    case 'RefundApproved':
    case 'RefundEndProposed':
    case 'RefundEndDeclined':
    case 'RefundCompleted':
    case 'DisputeOpened':
    case 'DisputeClosed':
    case 'KeyIssued':
    case 'KeyUpdated':
    case 'KeyRevoked':
      return {};
    default:
      throw new Error(`unknown event ${type satisfies never}`);
  }
}
