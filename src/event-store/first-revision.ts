import type { EventStore, RecordedEvent } from './event-store.js';

/**
 * The first revision of a stream whose event is not before what is looked for; that after the last event when all are. It is found with few
 * reads, where no event is before any that follows it.
 */
export async function firstRevision(
  store: EventStore,
  stream: string,
  isBefore: (event: RecordedEvent) => boolean,
): Promise<number> {
  const isStillBefore = async (revision: number): Promise<boolean> => {
    const [event] = await store.readStream(stream, revision, 1);
    return event !== undefined && isBefore(event);
  };
  let [low, high] = [0, 1];
  while (await isStillBefore(high - 1)) [low, high] = [high, high * 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (await isStillBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
