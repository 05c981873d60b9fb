import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteReadModelStore } from '../../src/adapters/sqlite/sqlite-read-model-store.js';
import { readModelStoreContract } from './read-model-store.contract.js';

readModelStoreContract('SQLite', {
  async open() {
    const folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
    const path = join(folder, 'new', 'read-models.db');
    let store = await SqliteReadModelStore.open(path);
    return {
      store,
      async reopen() {
        await store.close();
        store = await SqliteReadModelStore.open(path);
        return store;
      },
      async close() {
        await store.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});
