import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteEventStore } from '../../src/adapters/sqlite/sqlite-event-store.js';
import { eventStoreContract } from './event-store.contract.js';

eventStoreContract('SQLite', {
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
    const path = join(folder, 'new', 'events.db');
    let store = await SqliteEventStore.open(path);
    return {
      store,
      async reopen() {
        await store.close();
        store = await SqliteEventStore.open(path);
        return store;
      },
      async close() {
        await store.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});
