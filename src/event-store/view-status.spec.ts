import { describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { newId } from '../kernel/index.js';
import { emptyView, NO_STREAM, START, viewLease, viewStatuses } from './index.js';

const view = { name: 'counts-1', indexes: [] };
const MINUTE = 60_000;

/** Ten events, and a view that has seen those up to `seen`. */
async function setup(seen: number) {
  const [store, readModels] = [new MemoryEventStore(), new MemoryReadModelStore()];
  const events = Array.from({ length: 10 }, (_, n) => ({
    id: `00000000-0000-4000-8000-00000000000${n}`,
    type: 'Counted',
    data: {},
    metadata: {},
  }));
  await store.append('a', NO_STREAM, events);
  if (seen > START) await readModels.apply(view, { rows: [], checkpoint: { from: START, to: seen } });
  const look = async (laterMs = 0) => {
    const [status] = await viewStatuses(store, readModels, { views: [view], now: Date.now() + laterMs });
    return status;
  };
  const keep = (laterMs = 0) =>
    viewLease(readModels, view, newId()).acquire(Date.now() + laterMs, { release: '1.0.0' });
  return { readModels, look, keep };
}

describe('a view', () => {
  it('is live when it is kept and has seen all events', async () => {
    const { look, keep } = await setup(9);
    await keep();
    const status = await look();
    expect(status).toMatchObject({ state: 'live', position: 9, lagSeconds: 0, done: 1 });
    expect(status).not.toHaveProperty('lag'); // positions, which on an EventStoreDB are bytes
  });

  it('is live when only the newest are missing, and being built when they have been missing for longer', async () => {
    const { look, keep } = await setup(4);
    await keep();
    expect(await look()).toMatchObject({ state: 'live', done: 0.5 });
    const later = await look(3_000);
    expect(later).toMatchObject({ state: 'building', done: 0.5 });
    expect(later?.lagSeconds).toBeGreaterThanOrEqual(3);
  });

  it('is idle when nobody keeps it, though it has seen all events', async () => {
    expect(await (await setup(9)).look()).toMatchObject({ state: 'idle', lagSeconds: 0, inUse: false });
    expect(await (await setup(4)).look(MINUTE)).toMatchObject({ state: 'idle', inUse: false });
  });

  it('that no one wrote to has the whole log before it', async () => {
    const { look, keep } = await setup(START);
    await keep(MINUTE);
    expect(await look(MINUTE)).toMatchObject({ state: 'building', position: START, done: 0 });
  });

  it('is stopped when it has seen events that the log does not have', async () => {
    const { look } = await setup(12);
    expect(await look()).toMatchObject({
      state: 'stopped',
      lagSeconds: 0,
      reason: expect.stringContaining('tokenhub replay') as string,
    });
  });

  it('is stopped when its keeper says so, for as long as there is one', async () => {
    const { readModels, look } = await setup(9);
    const lease = viewLease(readModels, view, newId());
    const note = { release: '1.0.0', stopped: 'counts-1 stopped at Poison' };
    await lease.acquire(Date.now(), note);
    const stopped = { state: 'stopped', reason: note.stopped, release: '1.0.0', inUse: true };
    expect(await look()).toMatchObject(stopped);
    await lease.release(Date.now());
    expect(await look(MINUTE)).toMatchObject({ state: 'idle', release: '1.0.0', inUse: false });
  });

  it('counts as used for a moment after its keeper is gone, when another may be about to take over', async () => {
    const { readModels, look } = await setup(9);
    expect(await look()).toMatchObject({ inUse: false, release: undefined });
    const lease = viewLease(readModels, view, newId());
    await lease.acquire(Date.now(), { release: '1.0.0' });
    await lease.release(Date.now());
    expect(await look()).toMatchObject({ inUse: true });
    expect(await look(MINUTE)).toMatchObject({ inUse: false });
  });

  it('is as new when it was emptied', async () => {
    const { readModels, look } = await setup(9);
    await readModels.apply(view, { rows: [{ id: 'a', position: 9, doc: {} }] });
    await emptyView(readModels, view);
    expect(await look()).toMatchObject({ position: START });
    expect(await readModels.find(view, {})).toEqual([]);
  });
});
