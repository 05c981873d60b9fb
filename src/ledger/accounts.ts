import { Injectable, Optional } from '@nestjs/common';
import {
  Availability,
  EventStore,
  type Kept,
  ReadModelStore,
  Snapshots,
  StreamWriter,
  type WriterSettings,
} from '../event-store/index.js';
import { accepted, fromInstant, Rejection } from '../kernel/index.js';
import type { AccountCommand } from './account.commands.js';
import { type AccountEvent, accountStream, accountUpcasters } from './account.events.js';
import { account } from './account.js';
import { AccountHistory } from './account-history.js';
import { accountSnapshots } from './account.snapshot.js';
import { type AccountState, copyOfAccount } from './account.state.js';
import { NoServerClock, ServerClock, SoundClock } from './sound-clock.js';

/** Learns what happens to the accounts of a process, for metrics and warnings. Its methods must not throw. */
export interface AccountsObserver {
  /** An append of so many events is durable, after so many milliseconds. */
  appended?(events: number, milliseconds: number): void;
  /** An account is ahead of the clock of a command, by so many milliseconds. */
  metAhead?(accountId: string, aheadMs: number): void;
  /** A snapshot could not be stored, or not be read. The account is made from its events instead, which takes longer the more there are. */
  snapshotFailed?(error: unknown): void;
}

/** The accounts of the ledger: decides commands on them and reads their state. One instance per process. */
@Injectable()
export class Accounts {
  readonly #writer: StreamWriter<AccountState, AccountCommand, AccountEvent>;
  readonly #availability: Availability;
  readonly #clock: SoundClock;
  /** What they were. */
  readonly history: AccountHistory;

  readonly #observers: AccountsObserver[] = [];

  constructor(
    store: EventStore,
    readModels: ReadModelStore,
    @Optional() serverClock: ServerClock = new NoServerClock(),
    @Optional() timing: Pick<WriterSettings<never, never, never>, 'appendTimeoutMs' | 'appendDeadlineMs'> = {},
  ) {
    this.#clock = new SoundClock(serverClock);
    this.#availability = new Availability(store);
    this.history = new AccountHistory(store, readModels);
    this.#writer = new StreamWriter({
      ...timing,
      store,
      decider: account,
      copy: copyOfAccount,
      upcasters: accountUpcasters,
      snapshots: new Snapshots(readModels, accountSnapshots),
      availability: this.#availability,
      onAppend: (events, milliseconds) => {
        for (const observer of this.#observers) observer.appended?.(events, milliseconds);
      },
      onSnapshotFailure: (error) => {
        for (const observer of this.#observers) observer.snapshotFailed?.(error);
      },
    });
  }

  /** From now on, the observer is called on each occasion. */
  observe(observer: AccountsObserver): void {
    this.#observers.push(observer);
  }

  /** Resolves at once unless the ledger is known to be down. @throws EventStoreUnavailable when it is, within a second. */
  reachable(): Promise<void> {
    return this.#availability.check();
  }

  /** Makes sure that the ledger takes appends. @throws EventStoreUnavailable when it does not */
  writable(): Promise<void> {
    return this.#availability.confirm();
  }

  /**
   * Decides a command; resolves when its events are durable. A command that is still queued at `giveUpAt` (of
   * `performance.now`) is refused as `withdrawn` and never stored.
   * @throws EventStoreUnavailable when it is unknown whether they were stored; AppendRefused when they can't be.
   */
  async decide(
    accountId: string,
    command: AccountCommand,
    options?: { readonly giveUpAt?: number },
  ): Promise<readonly AccountEvent[] | Rejection> {
    // The end of a call is recorded whatever the clock says.
    const ends = command.type === 'SettleHold' || command.type === 'ReleaseHold';
    const refusal = ends ? undefined : await this.clockFault(command.at);
    if (refusal !== undefined) return refusal;
    const outcome = await this.#writer.execute(accountStream(accountId), command, options);
    const [first] = outcome instanceof Rejection ? [] : outcome;
    if (first?.data.clock !== undefined && !ends) {
      const aheadMs = fromInstant(first.data.at) - fromInstant(first.data.clock);
      for (const observer of this.#observers) observer.metAhead?.(accountId, aheadMs);
    }
    return outcome;
  }

  /** The refusal of anything written at an instant that is too far ahead (`clock_ahead`), if it is. */
  clockFault(at: number): Promise<Rejection | undefined> {
    return this.#clock.refusal(at);
  }

  /** Like `decide`, but throws a refusal. @throws Refused */
  async execute(accountId: string, command: AccountCommand): Promise<readonly AccountEvent[]> {
    return accepted(await this.decide(accountId, command));
  }

  /**
   * What `select` picks from the state as this process knows it; with `fresh`, from the state as it is stored, including
   * what other processes appended until now. @throws EventStoreUnavailable
   */
  read<T>(
    accountId: string,
    select: (state: AccountState) => T & Kept<T>,
    options?: { readonly fresh?: boolean },
  ): Promise<T> {
    return this.#writer.read(accountStream(accountId), select, options);
  }

  /** What `select` picks at once from the state as this process knows it; undefined when it would have to be read first. */
  known<T>(accountId: string, select: (state: AccountState) => T & Kept<T>): T | undefined {
    return this.#writer.known(accountStream(accountId), select);
  }

  /** A copy of the stored state, for the caller to keep. Slow for a busy account: to pick a few values, use `read`. */
  copy(accountId: string): Promise<AccountState> {
    return this.#writer.copy(accountStream(accountId), { fresh: true });
  }

  /** The stored state and its revision, -1 when there is no such account: for callers that read the events backwards from there. */
  stored(accountId: string): Promise<{ readonly state: AccountState; readonly revision: number }> {
    return this.#writer.stored(accountStream(accountId));
  }
}
