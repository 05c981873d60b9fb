import { Injectable } from '@nestjs/common';
import { EventStore } from '../../event-store/index.js';
import { type AccountEventData, Accounts, accountStream, readAccountEvent } from '../../ledger/index.js';

export type Suspension = AccountEventData<'AccountSuspended'>;

/** Events read at a time, going back. Few follow a suspension: it ends the calls. */
const WINDOW = 200;

/** Why accounts are suspended, from their streams. */
@Injectable()
export class Suspensions {
  constructor(
    private readonly accounts: Accounts,
    private readonly store: EventStore,
  ) {}

  /** The newest suspension of an account; undefined where there never was one. */
  async of(accountId: string): Promise<Suspension | undefined> {
    const stream = accountStream(accountId);
    for (let { revision } = await this.accounts.stored(accountId); revision >= 0; revision -= WINDOW) {
      const from = Math.max(0, revision - WINDOW + 1);
      const events = await this.store.readStream(stream, from, revision - from + 1);
      const newest = events.findLast(({ type }) => type === 'AccountSuspended');
      if (newest !== undefined) return readAccountEvent(newest).data as Suspension;
    }
    return undefined;
  }
}
