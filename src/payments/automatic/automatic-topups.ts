import { Injectable, Optional } from '@nestjs/common';
import { EventStore, type Kept, StreamWriter } from '../../event-store/index.js';
import { accepted, newId } from '../../kernel/index.js';
import { automaticTopup, type AutomaticTopupCommand, type AutomaticTopupState } from './automatic-topup.js';
import { type AutomaticTopupEvent, automaticTopupStream, automaticTopupUpcasters } from './automatic-topup.events.js';

/** A command without its id. Nothing depends on the id: a repeated command changes nothing. */
type Bare<Command> = Command extends unknown ? Omit<Command, 'commandId'> : never;

/** The automatic top-ups of accounts: decides commands and reads the state. One instance per process. */
@Injectable()
export class AutomaticTopups {
  readonly #writer: StreamWriter<AutomaticTopupState, AutomaticTopupCommand, AutomaticTopupEvent>;

  constructor(
    store: EventStore,
    @Optional() private readonly newCommandId: () => string = newId,
  ) {
    this.#writer = new StreamWriter({ store, decider: automaticTopup, upcasters: automaticTopupUpcasters });
  }

  /** Decides a command; resolves when its events are durable. @throws Refused, EventStoreUnavailable (the events may or may not be stored) */
  async execute(accountId: string, command: Bare<AutomaticTopupCommand>): Promise<readonly AutomaticTopupEvent[]> {
    const commandId = this.newCommandId();
    return accepted(await this.#writer.execute(automaticTopupStream(accountId), { ...command, commandId }));
  }

  /** What `select` picks from the state as it is stored, including what other processes decided until now. */
  read<T>(accountId: string, select: (state: AutomaticTopupState) => T & Kept<T>): Promise<T> {
    return this.#writer.read(automaticTopupStream(accountId), select, { fresh: true });
  }
}
