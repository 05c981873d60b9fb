// Uses an event store as a process does that has something to do once: opens it, appends, follows for a moment, closes it. Nothing here
// ends the process.
import { randomUUID } from 'node:crypto';
import { EventStoreDbEventStore } from '../../../src/adapters/eventstoredb/eventstoredb-event-store.js';

const store = await EventStoreDbEventStore.open(process.argv[2] ?? '');
const stream = `child-${randomUUID()}`;
const before = await store.head();
await store.append(stream, -1, [{ id: randomUUID(), type: 'Tested', data: {}, metadata: {} }]);
for await (const batch of store.subscribe(before, new AbortController().signal)) {
  if (batch.some((event) => event.stream === stream)) break;
}
await store.close();
