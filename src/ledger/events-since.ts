import { type EventStore, eventsOf, firstRevision, type RecordedEvent } from '../event-store/index.js';

/** The first revision of a stream that is not before an instant, as its events have it: those of an account's events never go back. */
export const revisionSince = (store: EventStore, stream: string, at: string): Promise<number> =>
  firstRevision(store, stream, ({ data }) => String(data['at']) < at);

/** The events of a stream from that one on. */
export async function* eventsSince(store: EventStore, stream: string, at: string): AsyncGenerator<RecordedEvent> {
  yield* eventsOf(store, stream, await revisionSince(store, stream, at));
}
