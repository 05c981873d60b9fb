import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ReadModelStore, rowsOf, WaitFor } from '../../event-store/index.js';
import { Clock, newId, toInstant } from '../../kernel/index.js';
import { Accounts, lots, returns } from '../../ledger/index.js';
import { PeriodicWorkers } from '../../platform/index.js';

const EXPIRE_EVERY_MS = 10 * 60_000;
/** How long a lot is looked at again after its expiry, or a return of credit: at first, open holds may have needed a part of it. */
const SECOND_LOOK_MS = 24 * 3_600_000;

/** Where the accounts are found in which credit may have expired, and by which instant. */
const LOOKED_AT = [
  [lots.view, 'expiresAt'],
  [returns.view, 'returnedAt'],
] as const;

/** Books the expiry of credit: it writes down what is left of a lot. From its expiry on, the credit can't be held or spent, booked or not. */
@Injectable()
export class CreditExpirer implements OnApplicationBootstrap {
  /** What expired, or came back, before this (epoch milliseconds) has been booked. */
  #done = 0;

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly workers: PeriodicWorkers,
  ) {}

  onApplicationBootstrap(): void {
    const turn = (signal: AbortSignal): Promise<void> => this.expire(signal);
    this.workers.start({ name: 'booking expired credit', everyMs: EXPIRE_EVERY_MS, turn });
  }

  /** One turn. */
  async expire(signal?: AbortSignal): Promise<void> {
    const now = this.clock.now();
    // What this turn misses is not looked at again.
    await Promise.all(LOOKED_AT.map(([view]) => this.waitFor.head(view)));
    for (const accountId of await this.#accountsWithExpired(now)) {
      if (signal?.aborted) return;
      await this.accounts.execute(accountId, { type: 'ExpireCredit', commandId: newId(), at: now });
    }
    this.#done = now - SECOND_LOOK_MS;
  }

  async #accountsWithExpired(now: number): Promise<Set<string>> {
    const found = new Set<string>();
    const [done, until] = [toInstant(this.#done), toInstant(now)];
    for (const [view, field] of LOOKED_AT) {
      const query = { below: { [field]: until }, orderBy: field, descending: true };
      for await (const { doc } of rowsOf(this.readModels, view, query)) {
        if (String(doc[field]) <= done) break;
        found.add(String(doc['accountId']));
      }
    }
    return found;
  }
}
