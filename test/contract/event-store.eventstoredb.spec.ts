import { afterAll } from 'vitest';
import { EventStoreDbEventStore } from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { eventStoreContract } from './event-store.contract.js';

// A real server, which may hold anything, or the stand-in.
const real = process.env['TEST_EVENTSTORE_URL'];
const standIn = real === undefined ? await EventStoreServer.start() : undefined;
afterAll(() => standIn?.stop());
const url = real ?? standIn?.url ?? '';
// A loaded machine takes its time for a thousand appends at once.
const open = (): Promise<EventStoreDbEventStore> => EventStoreDbEventStore.open(url, { deadlineMs: 20_000 });

eventStoreContract('EventStoreDB', {
  async open() {
    let store = await open();
    return {
      store,
      async reopen() {
        await store.close();
        store = await open();
        return store;
      },
      close: () => store.close(),
    };
  },
});
