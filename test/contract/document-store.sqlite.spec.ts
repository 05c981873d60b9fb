import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SqliteDocumentStore } from '../../src/adapters/sqlite/sqlite-document-store.js';
import { until } from '../support/gateway/until.js';
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

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

it('has what was removed in no file a moment later, also while it stays open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
  folders.push(folder);
  const files = async () => {
    const contents = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), 'latin1')));
    return contents.join('');
  };
  const store = await SqliteDocumentStore.open(join(folder, 'people.db'));
  const people = { name: 'people-1', unique: ['email'], indexes: [] } as const;
  await store.insert(people, 'ada', { email: 'marker@example.com' });
  expect(await files()).toContain('marker@example.com');
  await store.remove(people, { where: { id: 'ada' } });
  await until('the file without it', async () => !(await files()).includes('marker@example.com'));
  await store.close();
});
