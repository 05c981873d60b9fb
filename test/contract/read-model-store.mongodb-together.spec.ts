// What comes in the same turn of the event loop and is one command for the server, and each of it answered as if alone.
import { beforeEach, describe, expect, it } from 'vitest';
import type { MongoReadModelStore } from '../../src/adapters/mongodb/mongodb-read-model-store.js';
import { START } from '../../src/event-store/index.js';
import { mongoFixture } from '../support/mongodb/mongodb-fixture.js';
import { hasMongoServer } from '../support/mongodb/mongodb-server.js';
import { markAt, newView, row } from './read-model-store.fixture.js';

describe.skipIf(!hasMongoServer)('read models on a MongoDB server, of one turn of the event loop', () => {
  const fixture = mongoFixture();
  const views = [newView(), newView(), newView(), newView()];
  let store: MongoReadModelStore;
  /** What the server was told to do. */
  const commands: string[] = [];

  beforeEach(async () => {
    store = fixture.opened(fixture.proxy.url, { selectionTimeoutMs: 20_000, operationTimeoutMs: 30_000 });
    for (const view of views) await store.apply(view, { rows: [], checkpoint: { from: START, to: 0 } });
    commands.length = 0;
    fixture.proxy.onRequest = (message) => {
      const [command] = /update|findAndModify|find/.exec(message.subarray(20, 60).toString('latin1')) ?? [];
      if (command !== undefined) commands.push(command);
      return 'pass';
    };
  });

  const step = (from: number, to: number) => ({ rows: [], checkpoint: { from, to, mark: markAt(to) } });
  const standing = () => Promise.all(views.map((view) => store.checkpoint(view)));

  it('move the checkpoints of all views in one update', async () => {
    expect(await Promise.all(views.map((view) => store.apply(view, step(0, 5))))).toEqual([true, true, true, true]);
    expect(commands).toEqual(['update']);
    expect(await standing()).toEqual([5, 5, 5, 5]);
    expect(await Promise.all(views.map((view) => store.mark(view)))).toEqual(views.map(() => markAt(5)));
  });

  it('move those that can be moved when another process has moved one of them', async () => {
    const [, moved = newView()] = views;
    await fixture.store.apply(moved, step(0, 3));
    const applied = await Promise.all(views.map((view) => store.apply(view, step(0, 5))));
    expect(applied).toEqual([true, false, true, true]);
    expect(await standing()).toEqual([5, 3, 5, 5]);
    expect(await store.mark(moved)).toEqual(markAt(3));
  });

  it('move one checkpoint once', async () => {
    const [view = newView(), other = newView()] = views;
    const applied = await Promise.all([view, other, view].map((each) => store.apply(each, step(0, 5))));
    expect(applied.filter(Boolean)).toHaveLength(2);
    expect(applied[1]).toBe(true);
    expect(await standing()).toEqual([5, 5, 0, 0]);
  });

  it('move each checkpoint by one of several processes, step by step', async () => {
    const stores = [store, fixture.store, fixture.opened()];
    for (let from = 0; from < 20; from++) {
      const asked = stores.flatMap((each) => views.map((view) => ({ each, view })));
      const applied = await Promise.all(asked.map(({ each, view }) => each.apply(view, step(from, from + 1))));
      for (const view of views) expect(applied.filter((yes, n) => yes && asked[n]?.view === view)).toEqual([true]);
      expect(await standing()).toEqual([from + 1, from + 1, from + 1, from + 1]);
    }
  });

  it('read the rows of a view in one look, each reader its own', async () => {
    const [view = newView()] = views;
    await store.apply(view, { rows: [row('a', 1), row('b', 2), row('c', 3)] });
    commands.length = 0;
    const loaded = await Promise.all([['a'], ['b', 'absent'], ['a', 'c']].map((ids) => store.load(view, ids)));
    expect(loaded.map((rows) => [...rows.values()])).toEqual([
      [row('a', 1)],
      [row('b', 2)],
      [row('a', 1), row('c', 3)],
    ]);
    expect(commands, 'one for the rows, one for where they are').toEqual(['find', 'find']);
  });

  it('write the rows of a view in one update, and of two of the same row the later', async () => {
    const [view = newView()] = views;
    await store.apply(view, { rows: [row('a', 1), row('b', 9)] });
    commands.length = 0;
    const writes = [[row('a', 7)], [row('b', 8), row('c', 1)], [row('a', 6)]];
    const applied = await Promise.all(writes.map((rows) => store.apply(view, { rows })));
    expect(applied).toEqual([true, true, true]);
    expect(commands.filter((command) => command === 'update').length, 'and one more for the row that was newer').toBe(
      2,
    );
    expect(await store.find(view, {})).toEqual([row('a', 7), row('b', 9), row('c', 1)]);
  });

  it('fail alone where only one is at fault', async () => {
    const [view = newView()] = views;
    const outcomes = await Promise.allSettled([
      store.apply(view, { rows: [row('a', 0.5)] }),
      store.apply(view, { rows: [row('b', 2)] }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await store.find(view, {})).toEqual([row('b', 2)]);
  });
});
