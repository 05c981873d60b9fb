import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { ReadModelStore, rowsOf, WaitFor } from '../../event-store/index.js';
import { Clock, newId, toInstant } from '../../kernel/index.js';
import { Accounts, type LotRow, lots } from '../../ledger/index.js';
import { failing, LOGGER } from '../../platform/index.js';

const EXPIRE_EVERY_MS = 10 * 60_000;
/** Lots are looked at again for this long after their expiry: open holds may still have needed a part of them. */
const SECOND_LOOK_MS = 24 * 3_600_000;

/** Books the expiry of credit. Expired credit can't be held or spent from its instant on; this writes down what was left of it. */
@Injectable()
export class CreditExpirer implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  /** Lots that expired before this have been dealt with. */
  #done = 0;

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#sweep(), EXPIRE_EVERY_MS);
    this.#timer.unref();
    void this.#sweep();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    try {
      const now = this.clock.now();
      await this.waitFor.head(lots.view); // what is passed over now is not looked at again
      for (const accountId of await this.#accountsWithExpired(now)) {
        await this.accounts.execute(accountId, { type: 'ExpireCredit', commandId: newId(), at: now });
      }
      this.#done = now - SECOND_LOOK_MS;
    } catch (error) {
      const msg = 'booking expired credit failed; it runs again';
      this.logger.error({ ...failing('booking expired credit', error), msg });
    }
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
