import {
  type EventStore,
  type ReadModelStore,
  Snapshots,
  StreamWriter,
  type WriterSettings,
} from '../event-store/index.js';
import { accepted, type Rejection } from '../kernel/index.js';
import type { AccountCommand } from './account.commands.js';
import { type AccountEvent, accountStream, accountUpcasters } from './account.events.js';
import { account } from './account.js';
import { accountSnapshots } from './account.snapshot.js';
import type { AccountState } from './account.state.js';

/** The ledger's accounts: decides commands on them and tells their state. One instance a process. */
export class Accounts {
  readonly #writer: StreamWriter<AccountState, AccountCommand, AccountEvent>;

  /** Told of each append that was stored, its events and its milliseconds: for metrics. */
  onAppend: WriterSettings<AccountState, AccountCommand, AccountEvent>['onAppend'];

  constructor(store: EventStore, readModels: ReadModelStore) {
    const snapshots = new Snapshots(readModels, accountSnapshots);
    this.#writer = new StreamWriter({
      store,
      decider: account,
      upcasters: accountUpcasters,
      snapshots,
      onAppend: (...figures) => this.onAppend?.(...figures),
    });
  }

  /**
   * Decides a command; resolves when its events are durable.
   * @throws EventStoreUnavailable when it is unknown whether they were stored.
   */
  decide(accountId: string, command: AccountCommand): Promise<readonly AccountEvent[] | Rejection> {
    return this.#writer.execute(accountStream(accountId), command);
  }

  /** The same for callers that take a refusal as an exception. @throws Refused */
  async execute(accountId: string, command: AccountCommand): Promise<readonly AccountEvent[]> {
    return accepted(await this.decide(accountId, command));
  }

  /** The state as this process knows it; `fresh` includes what other processes appended until now. Live: keep nothing of it. */
  read(accountId: string, options?: { readonly fresh?: boolean }): Promise<AccountState> {
    return this.#writer.read(accountStream(accountId), options);
  }
}
