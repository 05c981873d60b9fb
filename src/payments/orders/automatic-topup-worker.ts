import { Injectable, Logger } from '@nestjs/common';
import { ReadModelStore, type Row } from '../../event-store/index.js';
import { add, negate, usd } from '../../kernel/index.js';
import { balances, type BalanceRow } from '../../ledger/index.js';
import { AutomaticCharges } from './automatic-charges.js';
import { type AutomaticTopupRow, automaticTopupRows } from '../automatic/automatic-topups.projection.js';

const PAGE = 500;

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
    for (let after: Row | undefined; ;) {
      const page = await this.readModels.find(automaticTopupRows.view, {
        where: { watched: true },
        limit: PAGE,
        ...(after && { after }),
      });
      for (const accountId of await this.#due(page)) {
        if (signal?.aborted) return;
        await this.#attempt(accountId);
      }
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }

  /** The accounts whose balance is low, according to the read model, and those with a top-up to finish. */
  async #due(page: readonly Row[]): Promise<string[]> {
    const rows = await this.readModels.load(
      balances.view,
      page.map(({ id }) => id),
    );
    return page
      .map(({ doc }) => doc as AutomaticTopupRow)
      .filter(({ accountId, on, underWay, threshold }) => {
        const balance = rows.get(accountId)?.doc as BalanceRow | undefined;
        if (underWay !== undefined || balance?.closed) return true;
        if (balance === undefined || threshold === undefined || !on) return false;
        return add(usd(balance.posted), negate(usd(balance.held))) < usd(threshold);
      })
      .map(({ accountId }) => accountId);
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
