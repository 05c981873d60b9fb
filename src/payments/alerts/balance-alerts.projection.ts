// One row per account that ever wanted low-balance mails. It shows which balances to watch.
import type { Projection } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { accountOfBalanceAlert, type BalanceAlertEvent, readBalanceAlertEvent } from './balance-alert.events.js';

export interface BalanceAlertRow extends JsonObject {
  readonly accountId: string;
  /** Whether a mail is wanted. */
  readonly watched: boolean;
  readonly threshold?: string;
  /** Whether the present fall has been told. */
  readonly isTold: boolean;
}

export const balanceAlertRows: Projection<BalanceAlertRow> = {
  view: { name: 'balance-alerts-1', indexes: [['watched']] },
  rowId: ({ stream }) => accountOfBalanceAlert(stream),
  step: (row, event) => ({
    accountId: accountOfBalanceAlert(event.stream) ?? '',
    watched: false,
    isTold: false,
    ...row,
    ...change(readBalanceAlertEvent(event)),
  }),
};

function change({ type, data }: BalanceAlertEvent): Partial<BalanceAlertRow> {
  switch (type) {
    case 'BalanceAlertSet':
      return { watched: true, threshold: data.threshold, isTold: false };
    case 'BalanceAlertRemoved':
      return { watched: false, isTold: false };
    case 'BalanceFellLow':
    case 'BalanceRecovered':
      return { isTold: type === 'BalanceFellLow' };
  }
}
