import { type EventEnvelope, EventStore, type NewEvent, type RecordedEvent } from './event-store.js';

/** A store in front of another one, which does everything that a subclass does not do otherwise. */
export abstract class ForwardingEventStore extends EventStore {
  constructor(protected readonly stored: EventStore) {
    super();
  }

  override append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    return this.stored.append(stream, expected, events);
  }

  override readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    return this.stored.readStream(stream, from, limit);
  }

  override readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    return this.stored.readAll(after, limit);
  }

  override readEnvelopes(after: number, limit: number): Promise<readonly EventEnvelope[]> {
    return this.stored.readEnvelopes(after, limit);
  }

  override readHidden(limit: number, stream?: string): Promise<readonly RecordedEvent[]> {
    return this.stored.readHidden(limit, stream);
  }

  override rewritten(read: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    return this.stored.rewritten(read);
  }

  override subscribe(after: number, signal: AbortSignal): AsyncIterable<readonly RecordedEvent[]> {
    return this.stored.subscribe(after, signal);
  }

  override head(): Promise<number> {
    return this.stored.head();
  }

  override probe(): Promise<void> {
    return this.stored.probe();
  }

  override close(): Promise<void> {
    return this.stored.close();
  }
}
