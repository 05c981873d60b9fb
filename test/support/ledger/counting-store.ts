import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import type { RecordedEvent } from '../../../src/event-store/index.js';

/** A store that counts the events of streams that were read of it. */
export class CountingStore extends MemoryEventStore {
  eventsRead = 0;

  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    const events = await super.readStream(stream, from, limit);
    this.eventsRead += events.length;
    return events;
  }
}
