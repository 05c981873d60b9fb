// What SQLite adds to the contracts: what the database itself refuses, several processes on one file, and whose file it is.
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireGatewayLock } from '../../src/adapters/sqlite/gateway-lock.js';
import { SqliteDocumentStore } from '../../src/adapters/sqlite/sqlite-document-store.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/sqlite-event-store.js';
import { SqliteReadModelStore } from '../../src/adapters/sqlite/sqlite-read-model-store.js';
import { NO_STREAM } from '../../src/event-store/event-store.js';
import { CAN_MOUNT, mountSmallDisk } from '../support/small-disk.js';
import { events, idsOf } from './event-store.fixture.js';
import { newView, row } from './read-model-store.fixture.js';
import { appendOptimistically } from './optimistic-writer.js';
import { SecondProcess } from './second-process.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-hub-'));
  path = join(folder, 'events.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Opens the file as any other program would. */
const otherProgram = (): DatabaseSync => new DatabaseSync(path);

describe('the events table', () => {
  it('refuses every change of an event, whoever asks', async () => {
    const store = await SqliteEventStore.open(path);
    await store.append('account-1', NO_STREAM, events(2));
    using database = otherProgram();
    for (const change of [
      `UPDATE events SET data = '{}'`,
      'UPDATE events SET revision = revision + 1 WHERE revision = 1',
      'DELETE FROM events WHERE revision = 1',
      'DELETE FROM events',
    ]) {
      expect(() => database.exec(change)).toThrow('events are never changed');
    }
    expect(await store.readStream('account-1', 0, 10)).toHaveLength(2);
    await store.close();
  });

  it('refuses a gap in a stream, whoever writes', async () => {
    const store = await SqliteEventStore.open(path);
    await store.append('account-1', NO_STREAM, events(1));
    using database = otherProgram();
    const insert = `INSERT INTO events (stream, revision, id, type, data, metadata) VALUES ('account-1', ?, 'id', 'T', '{}', '{}')`;
    for (const revision of [-1, 0, 2]) {
      expect(() => database.prepare(insert).run(revision)).toThrow('wrong expected revision');
    }
    expect(() => database.prepare(insert.replace('INSERT', 'REPLACE')).run(0)).toThrow('wrong expected revision');
    await store.close();
  });
});

describe('two processes on one file', () => {
  it('append to one stream at exact revisions, and a subscriber here gets all of it in order', async () => {
    const store = await SqliteEventStore.open(path);
    const other = new SecondProcess('append', path, 'account-1', '200');
    expect(await other.message()).toBe('opened');
    const theirs = other.message();
    const ours = await appendOptimistically(store, 'account-1', 200);
    const stream: string[] = [];
    const ended = new AbortController();
    for await (const batch of store.subscribe(-1, ended.signal)) {
      stream.push(...idsOf(batch));
      if (stream.length >= 400) ended.abort();
    }
    const recorded = await store.readStream('account-1', 0, 1_000);
    expect(recorded.map(({ revision }) => revision)).toEqual(Array.from({ length: 400 }, (_, revision) => revision));
    expect(stream).toEqual(idsOf(recorded));
    expect(stream.filter((id) => ours.includes(id))).toEqual(ours);
    expect(stream.filter((id) => !ours.includes(id))).toEqual(await theirs);
    await store.close();
    await other.kill();
  });

  it('may both be the first to open it', async () => {
    const others = Array.from({ length: 3 }, () => new SecondProcess('append', path, `account-${randomUUID()}`, '5'));
    const messages = await Promise.all(others.map((other) => other.message()));
    expect(messages).toEqual(['opened', 'opened', 'opened']);
    await Promise.all(others.map((other) => other.kill()));
  });

  it('replace a view under each other without a missing table', async () => {
    const [one, two] = [await SqliteReadModelStore.open(path), await SqliteReadModelStore.open(path)];
    const live = newView();
    const rebuilt = { ...live, name: `${live.name}-rebuild` };
    await two.apply(rebuilt, { rows: [row('a', 1, { owner: 'x' })] });
    expect(await two.find(live, {})).toEqual([]);
    await one.replace(live, rebuilt);
    expect(await two.find(live, { where: { owner: 'x' } })).toHaveLength(1);
    await two.apply(rebuilt, { rows: [row('b', 1, { owner: 'y' })] });
    await one.replace(live, rebuilt);
    expect(await two.find(live, {})).toEqual([row('b', 1, { owner: 'y' })]);
    await two.apply(live, { rows: [row('c', 1)] });
    expect(await one.find(live, {})).toHaveLength(2);
    await Promise.all([one.close(), two.close()]);
  });
});

it('a file that was closed is whole by itself, so that a copy of it alone lacks nothing', async () => {
  const store = await SqliteEventStore.open(path);
  await store.append('account-1', NO_STREAM, events(2));
  await store.close();
  const readModels = await SqliteReadModelStore.open(join(folder, 'read-models.db'));
  await readModels.apply(newView(), { rows: [row('a', 1)] });
  await readModels.close();
  const documents = await SqliteDocumentStore.open(join(folder, 'people.db'));
  await documents.close();
  expect(readdirSync(folder).toSorted()).toEqual(['events.db', 'people.db', 'read-models.db']);
});

describe('a file that is not ours', () => {
  it('is refused and left as it is', async () => {
    writeFileSync(path, 'a shopping list, and long enough to be more than a header\n'.repeat(100));
    const before = readFileSync(path);
    await expect(SqliteEventStore.open(path)).rejects.toThrow(`${path} is not a token-hub event store`);
    expect(readFileSync(path)).toEqual(before);
  });

  it('is refused when it is the database of another program', async () => {
    otherProgram().exec('CREATE TABLE events (id TEXT)');
    const before = readFileSync(path);
    await expect(SqliteEventStore.open(path)).rejects.toThrow('is not a token-hub event store');
    expect(readFileSync(path)).toEqual(before);
  });

  it('is refused when it is a file of ours for something else', async () => {
    await (await SqliteReadModelStore.open(path)).close();
    await expect(SqliteEventStore.open(path)).rejects.toThrow('is not a token-hub event store');
  });

  it('is refused when somebody removed its events', async () => {
    await (await SqliteEventStore.open(path)).close();
    otherProgram().exec('DROP TABLE events');
    await expect(SqliteEventStore.open(path)).rejects.toThrow(`${path} lacks its table "events"`);
  });

  it.each([
    [SqliteEventStore, 'restore a backup'],
    [SqliteReadModelStore, 'stop the gateway and remove the file, with its -wal and -shm: it is made again'],
  ])('is refused when it is damaged, with what to do', async (Store, remedy) => {
    await (await Store.open(path)).close();
    otherProgram().exec('PRAGMA wal_checkpoint(TRUNCATE)');
    writeFileSync(path, readFileSync(path).fill(0xab, 100)); // all but the header
    await expect(Store.open(path)).rejects.toThrow(`${path} is damaged (database disk image is malformed): ${remedy}`);
  });

  it('is refused when a newer release wrote it', async () => {
    await (await SqliteEventStore.open(path)).close();
    otherProgram().exec('PRAGMA user_version = 2');
    await expect(SqliteEventStore.open(path)).rejects.toThrow(
      'written by a newer token-hub (schema 2; this release knows up to 1)',
    );
  });

  it.runIf(CAN_MOUNT)('says what to do when nobody may write to it', async () => {
    const disk = mountSmallDisk(1);
    const file = join(disk.folder, 'events.db');
    try {
      await (await SqliteEventStore.open(file)).close();
      disk.protect();
      await expect(SqliteEventStore.open(file)).rejects.toThrow('or copy them to a folder of your own');
    } finally {
      disk.close();
    }
  });

  it('is named when it can not be opened', async () => {
    await expect(SqliteEventStore.open(folder)).rejects.toThrow(`${folder} can't be opened as a token-hub event store`);
  });
});

describe('the gateway lock', () => {
  beforeEach(async () => (await SqliteEventStore.open(path)).close());

  it('lets one gateway use a file, and names the file to the second', () => {
    const lock = acquireGatewayLock(path);
    expect(() => acquireGatewayLock(path)).toThrow(`${path} is in use by another token-hub gateway`);
    lock.release();
    lock.release();
    acquireGatewayLock(path).release();
  });

  it('names itself and what to do where it can’t be written', () => {
    mkdirSync(`${path}.lock`);
    expect(() => acquireGatewayLock(path)).toThrow(
      /\.lock, which keeps .* can't be written: .*Give this user the right/s,
    );
  });

  it('is held across processes, and freed by kill -9', async () => {
    const other = new SecondProcess('lock', path);
    expect(await other.message()).toBe('locked');
    expect(() => acquireGatewayLock(path)).toThrow('Stop that gateway');
    await other.kill();
    acquireGatewayLock(path).release();
  });

  it('does not stand in the way of other programs on the file', async () => {
    const lock = acquireGatewayLock(path);
    const store = await SqliteEventStore.open(path);
    await store.append('account-1', NO_STREAM, events(1));
    expect(await store.head()).toBe(1);
    await store.close();
    lock.release();
  });
});
