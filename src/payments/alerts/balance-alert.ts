// The low-balance mail of one account. Invariant: a fall below the threshold is told once; the next one only after the balance has
// been at the threshold or above it. Pure: the command carries the balance.
import {
  type Amount,
  type Decider,
  formatUsd,
  fromInstant,
  refuse,
  toInstant,
  usd,
  ZERO,
  type Issued,
} from '../../kernel/index.js';
import type { BalanceAlertEvent } from './balance-alert.events.js';

export type BalanceAlertCommand = Issued &
  (
    | { readonly type: 'SetBalanceAlert'; readonly threshold: Amount; readonly by: string }
    | { readonly type: 'RemoveBalanceAlert'; readonly by: string }
    | {
        /** How much there is; without news, nothing changes. */
        readonly type: 'ReportBalance';
        readonly balance: Amount;
      }
  );

export interface BalanceAlertState {
  /** Undefined while nobody wants a mail. */
  readonly threshold: Amount | undefined;
  /** Whether the present fall has been told. */
  readonly isTold: boolean;
  /** When a fall was last told, in epoch milliseconds. */
  readonly toldAt: number | undefined;
  readonly lastAt: number;
}

export const balanceAlert: Decider<BalanceAlertState, BalanceAlertCommand, BalanceAlertEvent> = {
  initial: () => ({ threshold: undefined, isTold: false, toldAt: undefined, lastAt: 0 }),
  decide(command, { threshold, isTold, lastAt }) {
    const at = toInstant(Math.max(command.at, lastAt));
    switch (command.type) {
      case 'SetBalanceAlert':
        if (command.threshold <= ZERO)
          return refuse('invalid', 'invalid_threshold', 'The threshold must be more than zero.');
        if (command.threshold === threshold) return [];
        return [{ type: 'BalanceAlertSet', data: { threshold: formatUsd(command.threshold), by: command.by, at } }];
      case 'RemoveBalanceAlert':
        return threshold === undefined ? [] : [{ type: 'BalanceAlertRemoved', data: { by: command.by, at } }];
      case 'ReportBalance': {
        if (threshold === undefined || command.balance < threshold === isTold) return [];
        const balance = formatUsd(command.balance);
        if (isTold) return [{ type: 'BalanceRecovered', data: { balance, at } }];
        return [{ type: 'BalanceFellLow', data: { threshold: formatUsd(threshold), balance, at } }];
      }
    }
  },
  evolve(state, { type, data }) {
    const lastAt = fromInstant(data.at);
    switch (type) {
      case 'BalanceAlertSet':
        return { ...state, threshold: usd(data.threshold), isTold: false, lastAt };
      case 'BalanceAlertRemoved':
        return { ...state, threshold: undefined, isTold: false, lastAt };
      case 'BalanceFellLow':
        return { ...state, isTold: true, toldAt: lastAt, lastAt };
      case 'BalanceRecovered':
        return { ...state, isTold: false, lastAt };
      default:
        throw new Error(`unknown event ${type satisfies never}`);
    }
  },
};
