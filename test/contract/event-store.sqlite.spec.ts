import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteEventStore } from '../../src/adapters/sqlite/sqlite-event-store.js';
import { UnreadableEvent } from '../../src/event-store/index.js';
import { eventStoreContract } from './event-store.contract.js';
import { event, events } from './event-store.fixture.js';

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

describe('a file that somebody wrote to past its triggers', () => {
  let folder: string;
  let path: string;
  let store: SqliteEventStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
    path = join(folder, 'events.db');
    store = await SqliteEventStore.open(path);
    await store.append('account-a', -1, events(2));
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });

  const edit = (sql: string): void => {
    using database = new DatabaseSync(path);
    database.exec(`DROP TRIGGER events_follow_each_other; DROP TRIGGER events_are_never_changed; ${sql}`);
  };

  it('shows the events that were put before the beginning of its log', async () => {
    expect(await store.readHidden(10)).toEqual([]);
    const copied = (position: number, revision: number): string =>
      `INSERT INTO events SELECT ${position}, stream, ${revision}, id, type, data, metadata, recorded_at FROM events WHERE position = 2;`;
    edit(copied(-1, 2) + copied(-7, 3));
    const hidden = await store.readHidden(10);
    expect(hidden.map(({ position, revision }) => [position, revision])).toEqual([
      [-7, 3],
      [-1, 2],
    ]);
    expect(await store.readHidden(1)).toHaveLength(1);
  });

  it('shows those of one stream, however many there are of others', async () => {
    const copied = (position: number, stream: string): string =>
      `INSERT INTO events SELECT ${position}, '${stream}', 2, id, type, data, metadata, recorded_at FROM events WHERE position = 2;`;
    edit(copied(-9, 'decoy') + copied(-1, 'account-a'));
    expect((await store.readHidden(1)).map(({ stream }) => stream)).toEqual(['decoy']);
    expect((await store.readHidden(1, 'account-a')).map(({ position }) => position)).toEqual([-1]);
  });

  it.each([
    ['a member that stands twice', `data = '{"amount":"9.00",' || substr(data, 2)`],
    ['a member that stands twice under an escaped name', `data = replace(data, '{"', '{"\\u006e":0,"')`],
    ['a member that stands twice in its metadata', `metadata = '{"mac":0,"mac":1}'`],
    ['space that nobody wrote', `data = data || ' '`],
  ])('tells an event with %s from those that were appended', async (_what, change) => {
    const rewritten = async () => store.rewritten(await store.readAll(-1, 10));
    const data = { amount: '1.00', n: -0, 7: 'é\ud800', deep: [{ x: 1e21 }] };
    await store.append('account-b', -1, [event(data)]);
    expect(await rewritten()).toEqual([]);
    edit(`UPDATE events SET ${change} WHERE position = 3`);
    expect((await rewritten()).map(({ position }) => position)).toEqual([3]);
    expect(await store.rewritten([])).toEqual([]);
  });

  it('says that a file is damaged', async () => {
    for (let n = 0; n < 20; n++) await store.append(`account-${n}x`, -1, events(20));
    await store.close();
    const size = statSync(path).size;
    const bytes = readFileSync(path);
    for (let at = 2 * 4_096; at < size; at += 4_096) bytes.fill(7, at, at + 4_096);
    writeFileSync(path, bytes);
    store = await SqliteEventStore.open(path);
    await expect(store.readAll(-1, 1_000)).rejects.toThrow(/^The event store is damaged \(.*\), .*: restore a backup/);
  });

  it.each(["data = '{'", "metadata = 'null'", "metadata = ''"])('names an event with %s', async (change) => {
    edit(`UPDATE events SET ${change} WHERE position = 2`);
    const named = /^Revision 1 of account-a \(.+\) at position 2 can’t be read/;
    await expect(store.readAll(-1, 10)).rejects.toThrow(named);
    await expect(store.readStream('account-a', 0, 10)).rejects.toThrow(UnreadableEvent);
  });
});
