import { Injectable, Logger } from '@nestjs/common';
import { ReadModelStore } from '../../event-store/index.js';
import { add, negate, usd } from '../../kernel/index.js';
import type { BalanceRow } from '../../ledger/index.js';
import { watchedBalances } from '../alerts/watched-balances.js';
import { AutomaticCharges } from './automatic-charges.js';
import { type AutomaticTopupRow, automaticTopupRows } from '../automatic/automatic-topups.projection.js';

/** Watches the balances of accounts with automatic top-ups. Runs in every gateway: the account's own state decides, and orders each top-up once. */
@Injectable()
export class AutomaticTopupWorker {
  readonly #log = new Logger('automatic top-ups');

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly charges: AutomaticCharges,
  ) {}

  /** Looks at every watched account once; a signal ends it early. @throws ReadModelsUnavailable */
  async look(signal?: AbortSignal): Promise<void> {
    for await (const { row, balance } of watchedBalances(this.readModels, automaticTopupRows.view)) {
      if (signal?.aborted) return;
      const watched = row as AutomaticTopupRow;
      if (isDue(watched, balance)) await this.#attempt(watched.accountId);
    }
  }

  /** A failure of one account does not delay the others. */
  async #attempt(accountId: string): Promise<void> {
    try {
      await this.charges.look(accountId);
    } catch (error) {
      const item = { accountId, reason: String(error) };
      this.#log.error({
        outage: 'automatic top-ups',
        item,
        msg: 'accounts can’t be topped up now; the next look tries again',
      });
    }
  }
}

/** Whether a balance is low, according to the read model, or a top-up is to be finished. */
function isDue({ on, underWay, threshold }: AutomaticTopupRow, balance: BalanceRow | undefined): boolean {
  if (underWay !== undefined || balance?.closed) return true;
  if (balance === undefined || threshold === undefined || !on) return false;
  return add(usd(balance.posted), negate(usd(balance.held))) < usd(threshold);
}
