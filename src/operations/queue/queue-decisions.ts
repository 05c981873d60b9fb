import { Injectable } from '@nestjs/common';
import { EventStore, StreamWriter } from '../../event-store/index.js';
import { accepted, Clock, newId, type Unissued } from '../../kernel/index.js';
import { queueItem, type QueueCommand, type QueueItemState } from './queue.decider.js';
import { type QueueEvent, queueStream, queueUpcasters } from './queue.events.js';

/** Records what people decide about items of the queue. One instance per process. */
@Injectable()
export class QueueDecisions {
  readonly #writer: StreamWriter<QueueItemState, QueueCommand, QueueEvent>;

  constructor(
    store: EventStore,
    private readonly clock: Clock,
  ) {
    this.#writer = new StreamWriter({ store, decider: queueItem, upcasters: queueUpcasters });
  }

  /** Decides a command; resolves when its events are durable. @throws Refused */
  async execute(command: Unissued<QueueCommand>): Promise<readonly QueueEvent[]> {
    const whole = { ...command, commandId: newId(), at: this.clock.now() } as QueueCommand;
    return accepted(await this.#writer.execute(queueStream(command.itemId), whole));
  }

  /** The proposal of credit that stands, with who approved it, as it is stored. */
  credit(itemId: string): Promise<Pick<QueueItemState, 'proposal' | 'approvedBy'>> {
    return this.#writer.read(
      queueStream(itemId),
      ({ proposal, approvedBy }) => ({ proposal, ...(approvedBy !== undefined && { approvedBy }) }),
      { fresh: true },
    );
  }
}
