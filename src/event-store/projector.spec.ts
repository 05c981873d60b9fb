import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import {
  bringUpToDate,
  EventFeed,
  type NewEvent,
  NO_STREAM,
  Projector,
  rebuild,
  type Projection,
  START,
} from './index.js';

type Count = { readonly count: number };

const counts: Projection<Count> = {
  view: { name: 'counts-1', indexes: [] },
  rowId: ({ type, stream }) => (type === 'Counted' || type === 'Poison' ? stream : undefined),
  step(row, { type }) {
    if (type === 'Poison') throw new Error('this can’t be');
    return { count: (row?.count ?? 0) + 1 };
  },
};

let ids = 0;
const event = (type: string): NewEvent => ({
  id: `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}`,
  type,
  data: {},
  metadata: {},
});
const counted = (times: number) => Array.from({ length: times }, () => event('Counted'));

const stops: AbortController[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop.abort()));

function setup() {
  const store = new MemoryEventStore();
  const readModels = new MemoryReadModelStore();
  const projector = new Projector(store, readModels, counts);
  const feed = new EventFeed(store);
  const catchUp = () => bringUpToDate(store, readModels, [counts]);
  const countOf = async (stream: string) => (await readModels.load(counts.view, [stream])).get(stream)?.doc['count'];
  const run = () => {
    const stop = new AbortController();
    stops.push(stop);
    return projector.run(feed, stop.signal);
  };
  return { store, readModels, projector, feed, catchUp, countOf, run };
}

describe('a projector', () => {
  it('takes in what is there and leaves the checkpoint at the head', async () => {
    const { store, readModels, catchUp, countOf } = setup();
    await store.append('a', NO_STREAM, counted(3));
    await store.append('b', NO_STREAM, [...counted(1), event('Other')]);
    await catchUp();
    expect([await countOf('a'), await countOf('b')]).toEqual([3, 1]);
    expect(await readModels.checkpoint(counts.view)).toBe(await store.head());
  });

  it('follows new events while it runs', async () => {
    const { store, countOf, run } = setup();
    void run();
    await store.append('a', NO_STREAM, counted(2));
    await expect.poll(() => countOf('a')).toBe(2);
    await store.append('a', 1, counted(5));
    await expect.poll(() => countOf('a')).toBe(7);
  });

  it('counts nothing twice when two of them share a view', async () => {
    const { store, readModels, feed, countOf, run } = setup();
    const second = new Projector(store, readModels, counts);
    const stop = new AbortController();
    stops.push(stop);
    void run();
    void second.run(feed, stop.signal);
    for (let revision = NO_STREAM; revision < 49; revision += 5) await store.append('a', revision, counted(5));
    await expect.poll(() => countOf('a')).toBe(50);
  });

  it('lets others go after a hundred steps, however many of them there are', async () => {
    const { store, readModels } = setup();
    await store.append('a', NO_STREAM, counted(350));
    let [steps, most] = [0, 0];
    const counting = (name: string): Projection<Count> => ({
      ...counts,
      view: { name, indexes: [] },
      step(row, recorded) {
        most = Math.max(most, ++steps);
        return counts.step(row, recorded);
      },
    });
    let others = setImmediate(function go() {
      steps = 0;
      others = setImmediate(go);
    });
    await bringUpToDate(store, readModels, ['x-1', 'y-1', 'z-1'].map(counting));
    clearImmediate(others);
    expect(most).toBe(100);
  });

  it('resumes where it stopped', async () => {
    const { store, catchUp, countOf } = setup();
    await store.append('a', NO_STREAM, counted(3));
    await catchUp();
    await store.append('a', 2, counted(1));
    await catchUp();
    expect(await countOf('a')).toBe(4);
  });

  it('makes a view anew that is lost while an event comes which needs the rows before it', async () => {
    const { store, readModels, feed, countOf } = setup();
    const strict: Projection<Count> = {
      ...counts,
      step(row, recorded) {
        if (row === undefined && recorded.revision > 0) throw new Error('the first is missing');
        return counts.step(row, recorded);
      },
    };
    const stop = new AbortController();
    stops.push(stop);
    const running = new Projector(store, readModels, strict).run(feed, stop.signal);
    await store.append('a', NO_STREAM, counted(1));
    await expect.poll(() => countOf('a')).toBe(1);
    await readModels.replace(counts.view, { name: 'nothing', indexes: [] });
    await store.append('a', 0, counted(1));
    await expect.poll(() => countOf('a')).toBe(2);
    stop.abort();
    await running;
  });

  it('stops at a poison event, and says which', async () => {
    const { store, projector, run } = setup();
    await store.append('a', NO_STREAM, [...counted(1), event('Poison')]);
    await expect(run()).rejects.toThrow('counts-1 stopped at Poison, revision 1 of a: Error: this can’t be');
    expect(projector.failure?.message).toContain('Poison');
  });
});

describe('a projector whose store fails', () => {
  it('tells of it and goes on when the store is back', async () => {
    const { store, readModels, feed, countOf, projector } = setup();
    const stop = new AbortController();
    stops.push(stop);
    let down = true;
    const apply = readModels.apply.bind(readModels);
    readModels.apply = (view, batch) => (down ? Promise.reject(new Error('the disk is full')) : apply(view, batch));
    const troubles: unknown[] = [];
    void projector.run(feed, stop.signal, { onTrouble: (error) => troubles.push(error) });
    await store.append('a', NO_STREAM, counted(2));
    await expect.poll(() => troubles.length).toBeGreaterThan(0);
    down = false;
    await expect.poll(() => countOf('a')).toBe(2);
    expect(projector.failure).toBeUndefined();
  });
});

describe('rebuilding', () => {
  it('repairs rows that are wrong, and reports its progress', async () => {
    const { store, readModels, catchUp, countOf } = setup();
    await store.append('a', NO_STREAM, counted(3));
    await catchUp();
    await readModels.apply(counts.view, { rows: [{ id: 'a', position: 1_000, doc: { count: 99 } }] });
    const seen: number[] = [];
    await rebuild(store, readModels, [counts], { onProgress: ({ events }) => seen.push(events) });
    expect(await countOf('a')).toBe(3);
    expect(seen).toEqual([3]);
  });

  it('leaves the live rows alone when it is cancelled, and resumes', async () => {
    const { store, readModels, catchUp, countOf } = setup();
    await store.append('a', NO_STREAM, counted(3));
    await catchUp();
    await rebuild(store, readModels, [counts], { signal: AbortSignal.abort() });
    expect(await countOf('a')).toBe(3);
    await rebuild(store, readModels, [counts]);
    expect(await countOf('a')).toBe(3);
  });

  it('goes on behind a running projector, which then takes in what came meanwhile', async () => {
    const { store, readModels, countOf, run } = setup();
    await store.append('a', NO_STREAM, counted(3));
    void run();
    await expect.poll(() => countOf('a')).toBe(3);
    await rebuild(store, readModels, [counts]);
    await store.append('a', 2, counted(4));
    await expect.poll(() => countOf('a')).toBe(7);
  });

  /** Stands between a rebuild and its switch, the first time. */
  const beforeSwitch = (readModels: MemoryReadModelStore, then: () => Promise<void>) => {
    const replace = readModels.replace.bind(readModels);
    readModels.replace = async (...views) => {
      readModels.replace = replace;
      await then();
      return replace(...views);
    };
  };

  it('never takes back what readers have seen', async () => {
    const { store, readModels, catchUp, countOf } = setup();
    await store.append('a', NO_STREAM, counted(3));
    await catchUp();
    beforeSwitch(readModels, async () => {
      await store.append('a', 2, counted(2));
      await catchUp();
    });
    expect(await rebuild(store, readModels, [counts])).toMatchObject([{ isWhole: true }]);
    expect([await countOf('a'), await readModels.checkpoint(counts.view)]).toEqual([5, 4]);
  });

  it('leaves a whole view when another rebuild has put its own there first', async () => {
    const { store, readModels, countOf } = setup();
    await store.append('a', NO_STREAM, counted(3));
    beforeSwitch(readModels, async () => void (await rebuild(store, readModels, [counts])));
    expect(await rebuild(store, readModels, [counts])).toMatchObject([{ isWhole: true }]);
    expect([await countOf('a'), await readModels.checkpoint(counts.view)]).toEqual([3, 2]);
  });

  it('takes back a view that has seen more than there is, because the log was restored from an older copy', async () => {
    const { store, readModels, countOf } = setup();
    await store.append('a', NO_STREAM, counted(3));
    const gone = { rows: [{ id: 'a', position: 9, doc: { count: 10 } }], checkpoint: { from: START, to: 9 } };
    await readModels.apply(counts.view, gone);
    expect(await rebuild(store, readModels, [counts])).toMatchObject([{ isWhole: true }]);
    expect([await countOf('a'), await readModels.checkpoint(counts.view)]).toEqual([3, 2]);
  });

  it.each([
    { view: 'that only moves its checkpoint', type: 'Other' },
    { view: 'that writes a row', type: 'Counted' },
  ])('$view does so in the same turn of the event loop as others', async ({ type }) => {
    const { store, readModels, feed } = setup();
    let turn = 0;
    const turns = setInterval(() => turn++, 1);
    const steps: number[] = [];
    const apply = readModels.apply.bind(readModels);
    readModels.apply = async (...what) => {
      steps.push(turn);
      await delay(Math.random() * 20); // as servers answer
      return apply(...what);
    };
    const stop = new AbortController();
    stops.push(stop);
    const views = Array.from({ length: 10 }, (_, n) => ({ ...counts, view: { name: `others-${n}`, indexes: [] } }));
    for (const projection of views) void new Projector(store, readModels, projection).run(feed, stop.signal);
    for (let revision = NO_STREAM; steps.length < 60; revision++) {
      await store.append('a', revision, [event(type)]);
      await delay(10);
    }
    clearInterval(turns);
    // The first steps come when each has read the log. Those after it would come in as many turns as there are.
    const later = steps.slice(20);
    expect(new Set(later).size).toBeLessThan(later.length / 2);
  });
});
