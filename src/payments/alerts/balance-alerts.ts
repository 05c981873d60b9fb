import { Injectable } from '@nestjs/common';
import { EventStore, type Kept, StreamWriter } from '../../event-store/index.js';
import { accepted, newId } from '../../kernel/index.js';
import { balanceAlert, type BalanceAlertCommand, type BalanceAlertState } from './balance-alert.js';
import { type BalanceAlertEvent, balanceAlertStream, balanceAlertUpcasters } from './balance-alert.events.js';

/** A command without its id. Nothing depends on the id: a repeated command changes nothing. */
type Bare<Command> = Command extends unknown ? Omit<Command, 'commandId'> : never;

/** The low-balance mails of accounts: decides commands and reads the state. One instance per process. */
@Injectable()
export class BalanceAlerts {
  readonly #writer: StreamWriter<BalanceAlertState, BalanceAlertCommand, BalanceAlertEvent>;

  constructor(store: EventStore) {
    this.#writer = new StreamWriter({ store, decider: balanceAlert, upcasters: balanceAlertUpcasters });
  }

  /** Decides a command; resolves when its events are durable. @throws Refused, EventStoreUnavailable (the events may or may not be stored) */
  async execute(accountId: string, command: Bare<BalanceAlertCommand>): Promise<readonly BalanceAlertEvent[]> {
    return accepted(await this.#writer.execute(balanceAlertStream(accountId), { ...command, commandId: newId() }));
  }

  /** What `select` picks from the state as it is stored, including what other processes decided until now. */
  read<T>(accountId: string, select: (state: BalanceAlertState) => T & Kept<T>): Promise<T> {
    return this.#writer.read(balanceAlertStream(accountId), select, { fresh: true });
  }
}
