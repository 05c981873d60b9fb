// Files that can't be written for a while: a full disk is an outage like that of a server, and ends by itself.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqliteDocumentStore } from '../../src/adapters/sqlite/sqlite-document-store.js';
import { SqliteReadModelStore } from '../../src/adapters/sqlite/sqlite-read-model-store.js';
import { DocumentsUnavailable } from '../../src/platform/documents/index.js';
import { ReadModelsUnavailable } from '../../src/event-store/index.js';
import { CAN_MOUNT, mountSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { newView, row } from './read-model-store.fixture.js';

/** More than SQLite has room for in what it has of the disk already. */
const LARGE = 'x'.repeat(2_000_000);

describe.runIf(CAN_MOUNT)('on a full disk', () => {
  let disk: SmallDisk;
  let documents: SqliteDocumentStore;
  let readModels: SqliteReadModelStore;
  beforeAll(async () => {
    disk = mountSmallDisk(32);
    documents = await SqliteDocumentStore.open(join(disk.folder, 'people.db'));
    readModels = await SqliteReadModelStore.open(join(disk.folder, 'read-models.db'));
  });
  afterAll(async () => {
    await documents.close();
    await readModels.close();
    disk.close();
  });

  it('documents and read models are unavailable, and there again once there is room', async () => {
    const people = { name: 'people-1', unique: ['email'], indexes: [] } as const;
    const view = newView();
    await documents.insert(people, 'ada', { email: 'ada@example.com' });
    await readModels.apply(view, { rows: [row('a', 1)] });
    disk.fillUp();
    await expect(documents.insert(people, 'bob', { email: LARGE })).rejects.toThrow(DocumentsUnavailable);
    await expect(documents.find({ ...people, name: 'others-1' }, {})).rejects.toThrow(DocumentsUnavailable);
    await expect(documents.insert(people, 'bob', { email: LARGE }), 'names the file').rejects.toThrow(
      `can't be used: ${join(disk.folder, 'people.db')}: `,
    );
    await expect(readModels.apply(view, { rows: [row('b', 1, { owner: LARGE })] })).rejects.toThrow(
      ReadModelsUnavailable,
    );
    expect((await documents.get(people, 'ada'))?.version).toBe(1);
    disk.free();
    expect(await documents.insert(people, 'bob', { email: 'bob@example.com' })).toBe(true);
    expect(await documents.insert(people, 'eve', { email: 'ada@example.com' })).toBe(false);
    expect(await readModels.apply(view, { rows: [row('b', 1)] })).toBe(true);
  });
});
