// One subscription for all who follow the log in a process.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerWithHistory } from '../../test/support/ledger/history.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { PROJECTIONS } from '../operations/index.js';
import {
  bringUpToDate,
  EventFeed,
  type FeedSettings,
  type NewEvent,
  NO_STREAM,
  type Projection,
  Projector,
  type RecordedEvent,
  START,
} from './index.js';

let ids = 0;
const events = (count: number, bytes = 0): NewEvent[] =>
  Array.from({ length: count }, () => ({
    id: `00000000-0000-4000-8000-${String(ids++).padStart(12, '0')}`,
    type: 'Counted',
    data: { text: 'x'.repeat(bytes) },
    metadata: {},
  }));

/** Counts what it is asked for. */
class CountingStore extends MemoryEventStore {
  readonly subscriptions = { begun: 0, open: 0 };
  /** Of each event that was handed out: how often. */
  readonly sent = new Map<number, number>();
  /** Whether subscriptions and reads fail. */
  broken = false;

  override async readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    if (this.broken) throw new Error('no server');
    return this.#count(await super.readAll(after, limit));
  }

  override async *subscribe(after: number, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    this.subscriptions.begun++;
    this.subscriptions.open++;
    try {
      for await (const batch of super.subscribe(after, signal)) {
        if (this.broken) throw new Error('no server');
        yield this.#count(batch);
      }
    } finally {
      this.subscriptions.open--;
    }
  }

  #count(batch: readonly RecordedEvent[]): readonly RecordedEvent[] {
    for (const { position } of batch) this.sent.set(position, (this.sent.get(position) ?? 0) + 1);
    return batch;
  }
}

let ended: AbortController;
beforeEach(() => (ended = new AbortController()));
afterEach(() => ended.abort());

function setup(settings: FeedSettings = {}) {
  const store = new CountingStore();
  const feed = new EventFeed(store, settings);
  let revision = NO_STREAM;
  const write = async (count: number, bytes = 0): Promise<void> => {
    await store.append('a', revision, events(count, bytes));
    revision += count;
  };
  /** Follows the log; where a gate is given, it takes no batch before that opens. */
  const follow = (after = START, gate?: Promise<void>) => {
    const stop = new AbortController();
    ended.signal.addEventListener('abort', () => stop.abort());
    const seen: RecordedEvent[] = [];
    const read = async (): Promise<void> => {
      for await (const batch of feed.follow(after, stop.signal)) {
        seen.push(...batch.events);
        await gate;
      }
    };
    return { seen, leave: () => stop.abort(), done: read() };
  };
  const positions = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
  const expectSeen = async (seen: readonly RecordedEvent[], to: number, from = 0): Promise<void> => {
    await expect.poll(() => seen.length, { interval: 5 }).toBe(to - from);
    expect(seen.map(({ position }) => position)).toEqual(positions(from, to));
  };
  return { store, feed, write, follow, expectSeen };
}

describe('the feed of events', () => {
  it('asks for one subscription and gets each event once, however many follow and from wherever', async () => {
    const { store, write, follow, expectSeen } = setup();
    await write(1_000);
    const followers = Array.from({ length: 11 }, () => follow());
    for (const { seen } of followers) await expectSeen(seen, 1_000);
    const late = follow(600);
    for (let times = 0; times < 20; times++) await write(30);
    for (const { seen } of followers) await expectSeen(seen, 1_600);
    await expectSeen(late.seen, 1_600, 601);
    expect(store.subscriptions).toEqual({ begun: 1, open: 1 });
    expect(followers.every(({ seen }) => seen[1_500] === followers[0]?.seen[1_500])).toBe(true);
    /** Those that the late one did not have to read for itself. */
    const others = [...store.sent].filter(([position]) => position <= 600 || position >= 1_200);
    expect(new Set(others.map(([, times]) => times))).toEqual(new Set([1]));
  });

  it('ends its subscription with the last who follows, and begins another with the next', async () => {
    const { store, write, follow, expectSeen } = setup();
    const [first, second] = [follow(), follow()];
    await write(1);
    await expectSeen(second.seen, 1);
    first.leave();
    await first.done;
    await write(1);
    await expectSeen(second.seen, 2);
    expect(store.subscriptions).toEqual({ begun: 1, open: 1 });
    second.leave();
    await second.done;
    await expect.poll(() => store.subscriptions.open).toBe(0);
    await write(3);
    const third = follow(1);
    await expectSeen(third.seen, 5, 2);
    expect(store.subscriptions).toEqual({ begun: 2, open: 1 });
  });

  it.each([
    ['events', { events: 100, bytes: Infinity }, 0],
    ['bytes', { events: Infinity, bytes: 100_000 }, 1_000],
  ])(
    'holds so many %s and no more; who stands still holds nobody up, and reads by itself what is gone',
    async (_, limits, bytes) => {
      const { store, feed, write, follow, expectSeen } = setup({ limits });
      const { promise, resolve: open } = Promise.withResolvers<void>();
      const [quick, slow] = [follow(), follow(START, promise)];
      for (let times = 0; times < 50; times++) {
        await write(10, bytes);
        await expectSeen(quick.seen, (times + 1) * 10);
        expect(feed.held).toBeLessThanOrEqual(100);
      }
      expect(slow.seen.length).toBeLessThan(400);
      open();
      await expectSeen(slow.seen, 500);
      await write(10);
      await expectSeen(slow.seen, 510);
      await expectSeen(quick.seen, 510);
      expect(store.subscriptions).toEqual({ begun: 1, open: 1 });
    },
  );

  it('holds what one of those who follow has not taken yet, and lets go of it when the last has', async () => {
    const { store, feed, write, follow, expectSeen } = setup();
    const { promise, resolve: open } = Promise.withResolvers<void>();
    const quick = follow();
    const slow = follow(START, promise);
    await expect.poll(() => store.subscriptions.open).toBe(1);
    for (let times = 1; times <= 5; times++) {
      await write(10);
      await expectSeen(quick.seen, times * 10);
    }
    expect(feed.held).toBe(50);
    open();
    await expectSeen(slow.seen, 50);
    expect(feed.held).toBe(0);
    await write(10);
    for (const { seen } of [quick, slow]) await expectSeen(seen, 60);
    expect(feed.held).toBe(0);
  });

  it('holds nothing for those who have left', async () => {
    const { feed, write, follow, expectSeen } = setup();
    const { promise, resolve: open } = Promise.withResolvers<void>();
    const [quick, slow] = [follow(), follow(START, promise)];
    await write(10);
    await expectSeen(quick.seen, 10);
    slow.leave();
    open();
    await slow.done;
    expect(feed.held).toBe(0);
  });

  it('takes its subscription up again where it broke, and nobody who follows notices', async () => {
    const troubles: unknown[] = [];
    const { store, write, follow, expectSeen } = setup({ onTrouble: (error) => troubles.push(error) });
    const followers = [follow(), follow(), follow()];
    await write(1);
    for (const { seen } of followers) await expectSeen(seen, 1);
    store.broken = true;
    await write(5);
    await expect.poll(() => troubles.length).toBe(1);
    store.broken = false;
    for (const { seen } of followers) await expectSeen(seen, 6);
    expect(store.subscriptions.open).toBe(1);
    expect(troubles).toHaveLength(1);
  });

  it('tells who is behind when the log can’t be read', async () => {
    const { store, follow } = setup();
    store.broken = true;
    await expect(follow().done).rejects.toThrow('no server');
  });
});

describe('the beat of a feed', () => {
  it('comes for all who wait for it in the same turn of the event loop, and for none too early', async () => {
    const { feed } = setup();
    let turn = 0;
    const turns = setInterval(() => turn++, 1);
    const waits = Array.from({ length: 10 }, async (_, n) => {
      const [atLeastMs, began] = [1 + 5 * n, performance.now()];
      await feed.beat(atLeastMs, ended.signal);
      expect(performance.now() - began).toBeGreaterThan(atLeastMs - 2); // timers may be a little early
      return turn;
    });
    const came = await Promise.all(waits);
    clearInterval(turns);
    // One beat, or two where the first came before the longest wait was over.
    expect(new Set(came).size).toBeLessThanOrEqual(2);
  });

  it('is not waited for any more after an abort', async () => {
    const { feed } = setup();
    const beat = feed.beat(60_000, ended.signal);
    ended.abort();
    await expect(beat).resolves.toBeUndefined();
    await expect(feed.beat(60_000, ended.signal), 'nor begun to be').resolves.toBeUndefined();
  });
});

/** Whoever changes it, or anything in it, throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe('projections that share events', () => {
  it('change none, each of them in the place of any', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.hold('a', 'c1');
    await made.settle('a', 'c1', 500);
    await made.topUp('a', 't1');
    const readAll = made.store.readAll.bind(made.store);
    made.store.readAll = async (...range) => frozen(await readAll(...range));
    await bringUpToDate(made.store, made.readModels, PROJECTIONS);
    for (const { view } of PROJECTIONS) expect(await made.readModels.checkpoint(view)).toBe(await made.store.head());
  });

  it('go on when one of them is stopped by an event, or its rows can’t be written', async () => {
    const { store, feed, write } = setup();
    const readModels = new MemoryReadModelStore();
    const counting = (name: string, step: () => void = () => undefined): Projection<{ readonly count: number }> => ({
      view: { name, indexes: [] },
      rowId: ({ stream }) => stream,
      step: (row) => {
        step();
        return { count: (row?.count ?? 0) + 1 };
      },
    });
    const stuck = counting('stuck-1');
    const apply = readModels.apply.bind(readModels);
    readModels.apply = (view, batch) => (view.name === 'stuck-1' ? new Promise<never>(() => {}) : apply(view, batch));
    const poisoned = counting('poisoned-1', () => {
      throw new Error('this can’t be');
    });
    const well = ['a-1', 'b-1', 'c-1'].map((name) => counting(name));
    const run = (projection: Projection) => new Projector(store, readModels, projection).run(feed, ended.signal);
    await write(1);
    void run(stuck);
    const poison = run(poisoned);
    for (const projection of well) void run(projection);
    await expect(poison).rejects.toThrow('poisoned-1 stopped at Counted');
    for (let times = 0; times < 5; times++) await write(100);
    for (const { view } of well) {
      await expect.poll(async () => (await readModels.load(view, ['a'])).get('a')?.doc).toEqual({ count: 501 });
    }
    expect(store.subscriptions).toEqual({ begun: 1, open: 1 });
  });
});
