import { Injectable, Logger } from '@nestjs/common';
import { ReadModelStore } from '../../event-store/index.js';
import { Clock, usd } from '../../kernel/index.js';
import { Accounts, posted } from '../../ledger/index.js';
import { BalanceAlerts } from './balance-alerts.js';
import { type BalanceAlertRow, balanceAlertRows } from './balance-alerts.projection.js';
import { watchedBalances } from './watched-balances.js';

/**
 * Notes when a balance falls below the threshold of its owner; the mail follows the event. It goes by the balance with what is held: what
 * calls under way set aside for a moment is not spent, and would cross the threshold back and forth. Read models say where to look, and may
 * lag; the account's own state says what there is. Runs in every gateway: each fall is noted once.
 */
@Injectable()
export class BalanceAlertWorker {
  readonly #log = new Logger('balance alerts');

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly accounts: Accounts,
    private readonly alerts: BalanceAlerts,
    private readonly clock: Clock,
  ) {}

  /** Looks at every watched account once; a signal ends it early. @throws ReadModelsUnavailable */
  async look(signal?: AbortSignal): Promise<void> {
    for await (const { row, balance } of watchedBalances(this.readModels, balanceAlertRows.view)) {
      if (signal?.aborted) return;
      const { accountId, threshold, isTold } = row as BalanceAlertRow;
      if (balance === undefined || balance.closed || threshold === undefined) continue;
      if (usd(balance.posted) < usd(threshold) !== isTold) await this.#report(accountId);
    }
  }

  /** A failure of one account does not delay the others. */
  async #report(accountId: string): Promise<void> {
    try {
      const balance = await this.accounts.read(accountId, posted, { fresh: true });
      await this.alerts.execute(accountId, { type: 'ReportBalance', at: this.clock.now(), balance });
    } catch (error) {
      const item = { accountId, reason: String(error) };
      this.#log.error({ outage: 'balance alerts', item, msg: 'balances can’t be reported; the next look tries again' });
    }
  }
}
