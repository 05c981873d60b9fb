// Two processes on one busy stream: conflicts are cheap after the first, and neither keeps the other out.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { coinsIn, copyOfPurse, purse, purseSnapshots, put, take } from '../../test/support/ledger/purse.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { Rejection } from '../kernel/index.js';
import type { RecordedEvent } from './event-store.js';
import { Snapshots } from './snapshots.js';
import { StreamWriter } from './stream-writer.js';
import { verifyChain } from './verify-chain.js';

const STREAM = 'purse-1';
const LONG = 500;

/** A store that notes from which revision it was read, and takes its time for it. */
class Store extends MemoryEventStore {
  readonly readFrom: number[] = [];
  readDelayMs = 0;

  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    this.readFrom.push(from);
    await delay(this.readDelayMs);
    return super.readStream(stream, from, limit);
  }
}

function setUp() {
  const store = new Store();
  let copies = 0;
  const copy: typeof copyOfPurse = (state) => (copies++, copyOfPurse(state));
  const snapshots = new Snapshots(new MemoryReadModelStore(), purseSnapshots);
  const newWriter = () => new StreamWriter({ store, decider: purse, copy, snapshots, appendTimeoutMs: 10_000 });
  const [one, other] = [newWriter(), newWriter()];
  const putMany = (count: number) => Promise.all(Array.from({ length: count }, () => one.execute(STREAM, put(1))));
  return { store, one, other, putMany, copies: () => copies };
}

describe('a conflict', () => {
  it('on a long stream is read from where it began, after the first', async () => {
    const { store, one, other, putMany } = setUp();
    await putMany(LONG);
    await other.execute(STREAM, put(1));
    await one.execute(STREAM, put(1)); // the first conflict
    for (let turn = 0; turn < 20; turn++) {
      await other.execute(STREAM, put(1));
      store.readFrom.length = 0;
      await one.execute(STREAM, take(2));
      expect(store.readFrom).toHaveLength(1);
      expect(Math.min(...store.readFrom)).toBeGreaterThanOrEqual(LONG);
    }
    expect(await one.read(STREAM, coinsIn, { fresh: true })).toBe(LONG + 2 - 20);
    expect(await verifyChain(await store.readStream(STREAM, 0, 1_000))).toBeUndefined();
  });

  it('leaves nothing behind of what was decided before it', async () => {
    const { one, other, putMany } = setUp();
    await putMany(1);
    await other.execute(STREAM, put(1));
    await one.execute(STREAM, put(1));
    await other.execute(STREAM, take(3));
    // Decided on three coins, then again on none.
    expect(await one.execute(STREAM, take(3))).toBeInstanceOf(Rejection);
    expect(await one.execute(STREAM, put(2))).toHaveLength(1);
    expect(await one.read(STREAM, coinsIn)).toBe(2);
    expect(await other.read(STREAM, coinsIn, { fresh: true })).toBe(2);
  });

  it('of two processes on the same command leaves what the first of them decided', async () => {
    const { store, one, other, putMany } = setUp();
    await putMany(1);
    await other.read(STREAM, coinsIn);
    // As two sweepers have it that release one hold: the same command, a moment later.
    const [first, second] = [put(1), put(2)].map((command) => ({ ...command, commandId: 'the-same' }));
    await Promise.all([one.execute(STREAM, first!), other.execute(STREAM, second!)]);
    await other.execute(STREAM, put(1));
    const events = await store.readStream(STREAM, 0, 100);
    expect(await verifyChain(events)).toBeUndefined();
    const coins = await one.read(STREAM, coinsIn, { fresh: true });
    expect([events.length, coins]).toEqual([3, await other.read(STREAM, coinsIn)]);
  });

  it('with a store that was put back to an older state is read anew', async () => {
    const { store, one, other, putMany } = setUp();
    await putMany(3);
    await other.execute(STREAM, put(1));
    await one.execute(STREAM, put(1));
    const restored = new MemoryEventStore();
    const events = await store.readStream(STREAM, 0, 2);
    await restored.append(STREAM, -1, events);
    store.readStream = restored.readStream.bind(restored);
    store.append = restored.append.bind(restored);
    expect(await one.execute(STREAM, take(2))).toHaveLength(2);
    expect(await restored.readStream(STREAM, 0, 100)).toHaveLength(4);
  });
});

describe('a stream with one writer', () => {
  it('is never copied', async () => {
    const { putMany, copies } = setUp();
    for (let turn = 0; turn < 10; turn++) await putMany(5);
    expect(copies()).toBe(0);
  });

  it('is no longer copied when there was no conflict for a hundred batches', async () => {
    const { one, other, copies } = setUp();
    await one.execute(STREAM, put(1));
    await other.execute(STREAM, put(1));
    for (let turn = 0; turn < 150; turn++) await one.execute(STREAM, put(1));
    expect(copies()).toBe(1);
    await other.execute(STREAM, put(1));
    await one.execute(STREAM, put(1));
    expect(copies(), 'the next conflict is a first one').toBe(3);
  });
});

describe('what waits while an append is under way', () => {
  // Sent behind it, it would be stored behind any event that is there in its place (ADR 15).
  it('is decided anew when another process stored as many events first', async () => {
    const { store, one, other } = setUp();
    await one.execute(STREAM, put(1));
    await other.read(STREAM, coinsIn);
    store.appendDelayMs = 1_000; // for the other to be first
    const first = one.execute(STREAM, take(1));
    await expect.poll(() => store.appends, { interval: 1 }).toBe(2);
    const waiting = [take(1), put(3), take(2)].map((command) => one.execute(STREAM, command));
    store.appendDelayMs = 0;
    expect(await other.execute(STREAM, take(1))).toHaveLength(1);
    expect(await first).toBeInstanceOf(Rejection);
    expect((await Promise.all(waiting)).map((outcome) => outcome instanceof Rejection)).toEqual([true, false, false]);
    expect(await one.read(STREAM, coinsIn)).toBe(1);
    expect(await verifyChain(await store.readStream(STREAM, 0, 100))).toBeUndefined();
  });

  it('shares the next append, and never goes out before the answer', async () => {
    const { store, one } = setUp();
    let [underWay, most] = [0, 0];
    const append = store.append.bind(store);
    store.append = async (...args) => {
      most = Math.max(most, ++underWay);
      await append(...args).finally(() => underWay--);
    };
    store.appendDelayMs = 2;
    const busy = Array.from({ length: 20 }, async (_, index) => {
      await delay(index);
      for (let times = 0; times < 5; times++) await one.execute(STREAM, put(1));
    });
    await Promise.all(busy);
    expect(most).toBe(1);
    expect(store.appends).toBeLessThan(50);
    expect(await store.readStream(STREAM, 0, 1_000)).toHaveLength(100);
  });
});

describe('two busy writers', () => {
  it('both get in: one that never pauses by itself leaves room for the other', async () => {
    const { store, one, other } = setUp();
    store.appendDelayMs = store.readDelayMs = 3;
    let over = false;
    const busy = Array.from({ length: 4 }, async () => {
      while (!over) await one.execute(STREAM, put(1));
    });
    for (let times = 0; times < 3; times++) expect(await other.execute(STREAM, put(1))).toHaveLength(1);
    over = true;
    await Promise.all(busy);
  });

  it('share a purse to the last coin', async () => {
    const { store, one, other } = setUp();
    await one.execute(STREAM, put(100));
    store.appendDelayMs = store.readDelayMs = 1;
    const taker = async (writer: typeof one): Promise<number> => {
      for (let taken = 0; ; taken++) if ((await writer.execute(STREAM, take(1))) instanceof Rejection) return taken;
    };
    const taken = await Promise.all([one, one, one, other, other, other].map(taker));
    expect(taken.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(await store.readStream(STREAM, 0, 1_000)).toHaveLength(101);
  });
});
