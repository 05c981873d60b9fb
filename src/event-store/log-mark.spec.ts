// A read model and the log it was made from: what happens when the ledger was moved, or an older copy of it was restored.
import { describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import {
  bringUpToDate,
  EventFeed,
  type EventStore,
  logFault,
  type NewEvent,
  type RecordedEvent,
  Projector,
  type Projection,
  rebuild,
} from './index.js';

const counts: Projection<{ readonly count: number }> = {
  view: { name: 'counts-1', indexes: [] },
  rowId: ({ stream }) => stream,
  step: (row) => ({ count: (row?.count ?? 0) + 1 }),
};

let ids = 0;
const counted = (times: number): NewEvent[] =>
  Array.from({ length: times }, () => ({
    id: `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}`,
    type: 'Counted',
    data: {},
    metadata: { hash: `h${ids}` },
  }));

/** A log with these events in stream `a`, behind so many of another. */
async function logOf(events: readonly NewEvent[], before = 0): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  if (before > 0) await store.append('other', -1, counted(before));
  await store.append('a', -1, events);
  return store;
}

/** Read models that have seen these events of a log. */
async function seen(store: EventStore): Promise<MemoryReadModelStore> {
  const readModels = new MemoryReadModelStore();
  await bringUpToDate(store, readModels, [counts]);
  return readModels;
}

const catchUp = (store: EventStore, readModels: MemoryReadModelStore) => bringUpToDate(store, readModels, [counts]);
const countOf = async (readModels: MemoryReadModelStore) =>
  (await readModels.load(counts.view, ['a'])).get('a')?.doc['count'];

describe('a read model', () => {
  it('goes on from the log it was made from', async () => {
    const store = await logOf(counted(3));
    const readModels = await seen(store);
    await store.append('a', 2, counted(2));
    expect(await logFault(store, readModels, counts.view)).toBeUndefined();
    await catchUp(store, readModels);
    expect(await countOf(readModels)).toBe(5);
  });

  it.each([1, 4])('does not go on from its ledger in another store, with %d other events before', async (before) => {
    const events = counted(3);
    const readModels = await seen(await logOf(events));
    const moved = await logOf(events, before);
    expect(await logFault(moved, readModels, counts.view)).toMatchObject({ kind: 'elsewhere' });
    await expect(catchUp(moved, readModels)).rejects.toThrow(
      'counts-1 was made from this ledger in another store, whose positions differ. Rebuild it with "tokenhub replay"',
    );
    expect(await countOf(readModels)).toBe(3);
  });

  it.each([
    ['older', 0],
    ['older, and has grown to the same length', 2],
    ['older, and has grown longer', 5],
  ])('does not go on from a copy of its ledger that is %s', async (_what, more) => {
    const events = counted(4);
    const readModels = await seen(await logOf(events));
    const copy = await logOf(events.slice(0, 2));
    if (more > 0) await copy.append('a', 1, counted(more));
    await expect(catchUp(copy, readModels)).rejects.toThrow(
      'counts-1 has seen revision 3 of a, which this ledger does not have: an older copy of the ledger was restored, its end was lost, or this is another ledger. First let "tokenhub verify" name what is missing.',
    );
    expect(await countOf(readModels)).toBe(4);
  });

  it('does not go on when it does not tell what it was made from', async () => {
    const store = await logOf(counted(3));
    const readModels = new MemoryReadModelStore();
    await readModels.apply(counts.view, { rows: [], checkpoint: { from: -1, to: 1 } });
    await expect(catchUp(store, readModels)).rejects.toThrow('has no record of the ledger it was made from');
  });

  it.each([2, 1_000_000_000])('does not go on from a checkpoint that was moved past what it saw, to %d', async (to) => {
    const store = await logOf(counted(2));
    const readModels = await seen(store);
    await store.append('a', 1, counted(1));
    await readModels.apply(counts.view, { rows: [], checkpoint: { from: 1, to } });
    expect(await logFault(store, readModels, counts.view)).toMatchObject({ kind: 'moved' });
    await expect(catchUp(store, readModels)).rejects.toThrow(
      `counts-1 stands at position ${to} of the ledger, but the newest event it took in is at 1: somebody moved its checkpoint. Rebuild it`,
    );
    await rebuild(store, readModels, [counts]);
    expect(await countOf(readModels)).toBe(3);
  });

  it('of an earlier build, whose mark is beside it, goes on from its log and from no other', async () => {
    const events = counted(3);
    const store = await logOf(events);
    const readModels = await seen(store);
    const earlier = async (to: number) => {
      const { stream, revision, position, metadata } = (await store.readAll(to - 1, 1))[0] as RecordedEvent;
      const row = { id: 'newest', position, doc: { stream, revision, hash: metadata['hash'] as string } };
      await readModels.apply({ name: 'counts-1-mark', indexes: [] }, { rows: [row] });
      await readModels.apply(counts.view, { rows: [], checkpoint: { from: to - 1, to } });
    };
    await store.append('a', 2, counted(1));
    await earlier(3); // a gateway of that build has taken in one event more
    expect(await logFault(store, readModels, counts.view)).toBeUndefined();
    expect(await logFault(await logOf(events), readModels, counts.view)).toMatchObject({ kind: 'ahead' });
    await store.append('a', 3, counted(1));
    await catchUp(store, readModels);
    expect(await readModels.mark(counts.view)).toMatchObject({ revision: 4 });
  });

  it('that is kept by a running projector stops it, with the reason', async () => {
    const events = counted(3);
    const readModels = await seen(await logOf(events));
    const moved = await logOf(events, 1);
    const projector = new Projector(moved, readModels, counts);
    await expect(projector.run(new EventFeed(moved), new AbortController().signal)).rejects.toThrow('in another store');
    expect(projector.failure?.message).toContain('in another store');
  });

  it('that is rebuilt goes on from the log it was rebuilt from, wherever that has its events', async () => {
    const events = counted(3);
    for (const [before, after] of [[0, 4] as const, [4, 0] as const]) {
      const readModels = await seen(await logOf(events, before));
      const moved = await logOf(events, after);
      await rebuild(moved, readModels, [counts]);
      await moved.append('a', 2, counted(2));
      await catchUp(moved, readModels);
      expect(await countOf(readModels)).toBe(5);
    }
  });

  it('is rebuilt from nothing when an earlier rebuild of another log was cancelled', async () => {
    const events = counted(2_500); // more than a page, so that there is something to cancel
    const old = await logOf(events);
    const readModels = await seen(old);
    const stop = new AbortController();
    await rebuild(old, readModels, [counts], { onProgress: () => stop.abort(), signal: stop.signal });
    const moved = await logOf(events, 1_000);
    await rebuild(moved, readModels, [counts]);
    expect(await countOf(readModels)).toBe(2_500);
    expect(await logFault(moved, readModels, counts.view)).toBeUndefined();
  });
});
