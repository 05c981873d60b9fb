import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SQLITE } from './result-codes.js';
import { SqliteThread, type Statement, type Unit } from './sqlite-thread.js';
import type { SqliteWorker } from './sqlite-worker.js';

let folder: string;
let path: string;
let thread: SqliteThread;
let batches: number[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'token-hub-'));
  path = join(folder, 'file.db');
  batches = [];
  thread = await SqliteThread.open(path, { onBatch: (units) => batches.push(units) });
  await thread.run([{ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT) STRICT', params: [] }]);
  batches.length = 0;
});
afterEach(async () => {
  await thread.close();
  rmSync(folder, { recursive: true });
});

const insert = (id: number, text = ''): Statement => ({ sql: 'INSERT INTO t VALUES (?, ?)', params: [id, text] });
const update = (id: number, changes: number): Statement => ({
  sql: 'UPDATE t SET text = ? WHERE id >= ?',
  params: ['new', id],
  changes,
});

function ids(name = 'file.db'): unknown[] {
  using database = new DatabaseSync(join(folder, name), { readOnly: true });
  return database
    .prepare('SELECT id FROM t ORDER BY id')
    .all()
    .map(({ id }) => id);
}

/** Ends the thread as a fault of its own would. */
const endWorkerOf = (of: SqliteThread): Promise<number> =>
  (Reflect.get(Reflect.get(of, 'worker') as SqliteWorker, 'thread') as Worker).terminate();

async function outcomes(...units: readonly Unit[]): Promise<string[]> {
  const settled = await Promise.allSettled(units.map((unit) => thread.run(unit)));
  return settled.map((each) => (each.status === 'fulfilled' ? 'stored' : (each.reason as Error).name));
}

describe('SqliteThread', () => {
  it('writes with WAL and synchronous FULL', () => {
    expect(thread.opened).toEqual({ journalMode: 'wal', synchronous: 2 });
  });

  it('commits together what comes together', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, id) => thread.run([insert(id)])));
    expect(batches).toEqual([50]);
  });

  it('gathers what comes during a commit for the next, at most 1,000 units or 8 MiB', async () => {
    const first = thread.run([insert(0)]);
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, ...Array.from({ length: 1_500 }, (_, id) => thread.run([insert(id + 1)]))]);
    expect(batches).toEqual([1, 1_000, 500]);
    batches.length = 0;
    const mebibyte = 'x'.repeat(1024 * 1024);
    await Promise.all(Array.from({ length: 9 }, (_, id) => thread.run([insert(id + 2_000, mebibyte)])));
    expect(batches).toEqual([7, 2]);
  });

  it('takes back a unit that fails, whole, and keeps the others of its batch', async () => {
    expect(
      await outcomes(
        [insert(1)],
        [insert(2), insert(1)],
        [insert(1)],
        [insert(3), update(3, 1)],
        [insert(4), update(1, 99)],
        [update(1, 99)],
        [{ sql: 'INSERT INTO nowhere VALUES (1)', params: [] }],
        [insert(5), insert(6)],
      ),
    ).toEqual([
      'stored',
      'SqliteFailure',
      'SqliteFailure',
      'stored',
      'UnitRefused',
      'UnitRefused',
      'SqliteFailure',
      'stored',
    ]);
    expect(ids()).toEqual([1, 3, 5, 6]);
    expect(batches).toEqual([8]);
  });

  it('returns what the statements of each unit return, and nothing of one that fails', async () => {
    const returning = (id: number): Statement => ({
      ...insert(id, `t${id}`),
      sql: 'INSERT INTO t VALUES (?, ?) RETURNING id, text',
      returns: 2,
    });
    const units = [[returning(1)], [returning(2), returning(1)], [insert(3)], [returning(4), insert(5), returning(6)]];
    const settled = await Promise.allSettled(units.map((unit) => thread.run(unit)));
    expect(settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.name))).toEqual([
      [1, 't1'],
      'SqliteFailure',
      [],
      [4, 't4', 6, 't6'],
    ]);
  });

  it('takes back a unit that fails alone', async () => {
    expect(await outcomes([insert(1), insert(2), update(1, 3)])).toEqual(['UnitRefused']);
    expect(ids()).toEqual([]);
    await thread.run([insert(1)]);
    await expect(thread.run([insert(2), insert(1)])).rejects.toMatchObject({ errcode: SQLITE.CONSTRAINT_PRIMARYKEY });
    expect(ids()).toEqual([1]);
  });

  it('rejects the batch when another process keeps the lock, and goes on', async () => {
    using other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const blocked = await Promise.allSettled([thread.run([insert(1)]), thread.run([insert(2)])]);
    expect(blocked).toMatchObject([{ reason: { errcode: SQLITE.BUSY } }, { reason: { errcode: SQLITE.BUSY } }]);
    other.exec('ROLLBACK');
    expect(await outcomes([insert(1)])).toEqual(['stored']);
    expect(ids()).toEqual([1]);
  });

  it('writes what was accepted before it closes, and nothing after', async () => {
    const accepted = Array.from({ length: 2_500 }, (_, id) => thread.run([insert(id)]));
    const closed = thread.close();
    await expect(thread.run([insert(9_999)])).rejects.toThrow('closed');
    await Promise.all([...accepted, closed, thread.close()]);
    expect(ids()).toHaveLength(2_500);
  });

  it('rejects what waits and what comes later when the thread dies', async () => {
    const waiting = Promise.allSettled([thread.run([insert(1)]), thread.run([insert(2)])]);
    await endWorkerOf(thread);
    expect(await waiting).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    await expect(thread.run([insert(3)])).rejects.toThrow('the SQLite thread has ended');
  });

  it('says why a file can not be opened', async () => {
    await expect(SqliteThread.open(join(folder, 'no', 'file.db'))).rejects.toThrow('unable to open database file');
  });

  describe('shared by several files', () => {
    const open = (name: string): Promise<SqliteThread> => SqliteThread.open(join(folder, name), { shared: true });
    const create = [{ sql: 'CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT) STRICT', params: [] }];

    it('writes to each what it was given, and goes on until the last of them is closed', async () => {
      const [one, other] = await Promise.all([open('one.db'), open('other.db')]);
      expect(Reflect.get(one, 'worker')).toBe(Reflect.get(other, 'worker'));
      expect(Reflect.get(one, 'worker')).not.toBe(Reflect.get(thread, 'worker'));
      await Promise.all([one.run(create), other.run(create)]);
      await Promise.all([one.run([insert(1)]), other.run([insert(1)])]);
      await expect(one.run([insert(2), insert(1)])).rejects.toMatchObject({ errcode: SQLITE.CONSTRAINT_PRIMARYKEY });
      await one.close();
      await other.run([insert(2)]);
      expect(ids('one.db')).toEqual([1]);
      expect(ids('other.db')).toEqual([1, 2]);
      const again = await open('one.db');
      await Promise.all([other.close(), again.run([insert(3)])]);
      await again.close();
      expect(ids('one.db')).toEqual([1, 3]);
    });

    it('is none of the others’ concern when one can not be opened', async () => {
      const one = await open('one.db');
      await expect(open(join('no', 'file.db'))).rejects.toThrow('unable to open database file');
      await one.run(create);
      await one.close();
    });

    it('is replaced when it has died', async () => {
      const [one, other] = await Promise.all([open('one.db'), open('other.db')]);
      await endWorkerOf(one);
      await expect(one.run(create)).rejects.toThrow('the SQLite thread has ended');
      await expect(other.run(create)).rejects.toThrow('the SQLite thread has ended');
      const again = await open('one.db');
      await Promise.all([one.close(), other.close()]);
      await again.run(create);
      await again.close();
    });
  });
});
