import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteDocumentStore } from '../../src/adapters/sqlite/sqlite-document-store.js';
import { documentStoreContract } from './document-store.contract.js';

documentStoreContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
  const path = join(folder, 'new', 'people.db');
  let stores = await Promise.all([SqliteDocumentStore.open(path), SqliteDocumentStore.open(path)]);
  const close = () => Promise.all(stores.map((store) => store.close()));
  return {
    store: stores[0],
    other: stores[1],
    async reopen() {
      await close();
      stores = await Promise.all([SqliteDocumentStore.open(path), SqliteDocumentStore.open(path)]);
      return stores[0];
    },
    async close() {
      await close();
      await rm(folder, { recursive: true });
    },
  };
});
