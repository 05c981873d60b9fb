import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ReadModelStore, rowsOf, WaitFor } from '../../event-store/index.js';
import { Clock, newId, toInstant } from '../../kernel/index.js';
import { Accounts, type LotRow, lots } from '../../ledger/index.js';
import { PeriodicWorkers } from '../../platform/index.js';

const EXPIRE_EVERY_MS = 10 * 60_000;
/** How long a lot is looked at again after its expiry: at first, open holds may have needed a part of it. */
const SECOND_LOOK_MS = 24 * 3_600_000;

/** Books the expiry of credit: it writes down what is left of a lot. From its expiry on, the credit can't be held or spent, booked or not. */
@Injectable()
export class CreditExpirer implements OnApplicationBootstrap {
  /** Lots that expired before this (epoch milliseconds) have been booked. */
  #done = 0;

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly workers: PeriodicWorkers,
  ) {}

  onApplicationBootstrap(): void {
    const turn = (signal: AbortSignal): Promise<void> => this.#expire(signal);
    this.workers.start({ name: 'booking expired credit', everyMs: EXPIRE_EVERY_MS, turn });
  }

  async #expire(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    await this.waitFor.head(lots.view); // a lot that this turn misses is not looked at again
    for (const accountId of await this.#accountsWithExpired(now)) {
      if (signal.aborted) return;
      await this.accounts.execute(accountId, { type: 'ExpireCredit', commandId: newId(), at: now });
    }
    this.#done = now - SECOND_LOOK_MS;
  }

  async #accountsWithExpired(now: number): Promise<Set<string>> {
    const found = new Set<string>();
    const done = toInstant(this.#done);
    const query = { below: { expiresAt: toInstant(now) }, orderBy: 'expiresAt', descending: true };
    for await (const { doc } of rowsOf<LotRow>(this.readModels, lots.view, query)) {
      if (doc.expiresAt <= done) break;
      found.add(doc.accountId);
    }
    return found;
  }
}
