import { Injectable } from '@nestjs/common';
import { EventStore, type Kept, StreamWriter } from '../../event-store/index.js';
import { accepted, type Rejection } from '../../kernel/index.js';
import type { TopupCommand } from './topup.commands.js';
import { type TopupEvent, topupStream, topupUpcasters } from './topup.events.js';
import { topup } from './topup.js';
import type { TopupState } from './topup.state.js';

/** The top-ups: decides commands and reads the state. One instance per process. */
@Injectable()
export class Topups {
  readonly #topups: StreamWriter<TopupState, TopupCommand, TopupEvent>;

  constructor(store: EventStore) {
    this.#topups = new StreamWriter({ store, decider: topup, upcasters: topupUpcasters });
  }

  /** Decides a command; resolves when its events are durable. @throws EventStoreUnavailable (the events may or may not be stored) */
  decide(topupId: string, command: TopupCommand): Promise<readonly TopupEvent[] | Rejection> {
    return this.#topups.execute(topupStream(topupId), command);
  }

  /** Like `decide`, but throws a rejection. @throws Refused */
  async execute(topupId: string, command: TopupCommand): Promise<readonly TopupEvent[]> {
    return accepted(await this.decide(topupId, command));
  }

  /** What `select` picks from the state as it is stored, including what other processes appended until now. */
  read<T>(topupId: string, select: (state: TopupState) => T & Kept<T>): Promise<T> {
    return this.#topups.read(topupStream(topupId), select, { fresh: true });
  }
}
