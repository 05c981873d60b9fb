import { Injectable, Logger } from '@nestjs/common';
import { ReadModelStore } from '../../event-store/index.js';
import { Clock, usd } from '../../kernel/index.js';
import { BalanceAlerts } from './balance-alerts.js';
import { type BalanceAlertRow, balanceAlertRows } from './balance-alerts.projection.js';
import { watchedBalances } from './watched-balances.js';

/**
 * Notes when a balance falls below the threshold of its owner; the mail follows the event. It goes by the balance with what is held: what
 * calls under way set aside for a moment is not spent, and would cross the threshold back and forth. Runs in every gateway: each fall is
 * noted once.
 */
@Injectable()
export class BalanceAlertWorker {
  readonly #log = new Logger('balance alerts');

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly alerts: BalanceAlerts,
    private readonly clock: Clock,
  ) {}

  /** Looks at every watched account once; a signal ends it early. @throws ReadModelsUnavailable */
  async look(signal?: AbortSignal): Promise<void> {
    for await (const { row, balance } of watchedBalances(this.readModels, balanceAlertRows.view)) {
      if (signal?.aborted) return;
      const { accountId, threshold, isTold } = row as BalanceAlertRow;
      if (balance === undefined || balance.closed || threshold === undefined) continue;
      if (usd(balance.posted) < usd(threshold) !== isTold) await this.#report(accountId, balance.posted);
    }
  }

  /** A failure of one account does not delay the others. */
  async #report(accountId: string, posted: string): Promise<void> {
    try {
      await this.alerts.execute(accountId, { type: 'ReportBalance', at: this.clock.now(), balance: usd(posted) });
    } catch (error) {
      const item = { accountId, reason: String(error) };
      this.#log.error({ outage: 'balance alerts', item, msg: 'balances can’t be reported; the next look tries again' });
    }
  }
}
