import { Injectable } from '@nestjs/common';
import { EventStore, type Kept, StreamWriter } from '../../event-store/index.js';
import { accepted, type Rejection } from '../../kernel/index.js';
import type { TopupCommand } from './topup.commands.js';
import { type TopupEvent, topupStream, topupUpcasters } from './topup.events.js';
import { topup } from './topup.js';
import type { TopupState } from './topup.state.js';

/** Top-ups: decides commands on them and tells their state. One instance a process. */
@Injectable()
export class Topups {
  readonly #topups: StreamWriter<TopupState, TopupCommand, TopupEvent>;

  constructor(store: EventStore) {
    this.#topups = new StreamWriter({ store, decider: topup, upcasters: topupUpcasters });
  }

  /** Decides a command; resolves when its events are durable. @throws EventStoreUnavailable when it is unknown whether they were stored */
  decide(topupId: string, command: TopupCommand): Promise<readonly TopupEvent[] | Rejection> {
    return this.#topups.execute(topupStream(topupId), command);
  }

  /** The same for callers that take a refusal as an exception. @throws Refused */
  async execute(topupId: string, command: TopupCommand): Promise<readonly TopupEvent[]> {
    return accepted(await this.decide(topupId, command));
  }

  /** What `select` picks from the state as it is stored, including what other processes appended until now. */
  read<T>(topupId: string, select: (state: TopupState) => T & Kept<T>): Promise<T> {
    return this.#topups.read(topupStream(topupId), select, { fresh: true });
  }
}
