import { type EventStore, eventsOf, type RecordedEvent } from '../event-store/index.js';

/**
 * The events of a stream from the first one that is not before an instant, as its events have it. It is found with few reads, since the
 * instants of an account's events never go back.
 */
export async function* eventsSince(store: EventStore, stream: string, at: string): AsyncGenerator<RecordedEvent> {
  const isBefore = async (revision: number): Promise<boolean> => {
    const [event] = await store.readStream(stream, revision, 1);
    return event !== undefined && String(event.data['at']) < at;
  };
  let [low, high] = [0, 1];
  while (await isBefore(high - 1)) [low, high] = [high, high * 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (await isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  yield* eventsOf(store, stream, low);
}
