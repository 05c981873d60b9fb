// Uses an event store as a process does that has something to do once: opens it, appends, follows for a moment, closes it. Nothing here
// ends the process.
import { randomUUID } from 'node:crypto';
import { registerHooks } from 'node:module';

// The sources as they are: an import of "./x.js" finds "./x.ts".
registerHooks({
  resolve(specifier, context, next) {
    const ours = specifier.startsWith('.') && context.parentURL?.includes('/node_modules/') === false;
    return next(ours ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
const { EventStoreDbEventStore } = await import('../../../src/adapters/eventstoredb/eventstoredb-event-store.js');

const store = await EventStoreDbEventStore.open(process.argv[2] ?? '');
const stream = `child-${randomUUID()}`;
const before = await store.head();
await store.append(stream, -1, [{ id: randomUUID(), type: 'Tested', data: {}, metadata: {} }]);
for await (const batch of store.subscribe(before, new AbortController().signal)) {
  if (batch.some((event) => event.stream === stream)) break;
}
await store.close();
