import { randomUUID } from 'node:crypto';
import { NO_STREAM, WrongExpectedRevision, type EventStore } from '../../src/event-store/event-store.js';

/** Appends `count` events one by one at the head it knows, and at the actual one when another writer was faster. Returns their ids. */
export async function appendOptimistically(store: EventStore, stream: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  let head = NO_STREAM;
  for (let index = 0; index < count;) {
    const id = ids[index] ?? '';
    try {
      await store.append(stream, head, [{ id, type: 'Tested', data: {}, metadata: {} }]);
      head++;
      index++;
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) throw error;
      head = error.actual;
    }
  }
  return ids;
}
