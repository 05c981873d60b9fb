import { describe, expect, it } from 'vitest';
import { coinsIn, purse, put, rattle, take } from '../../test/support/ledger/purse.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { Rejection } from '../kernel/index.js';
import { Availability } from './availability.js';
import { EventStoreUnavailable, type RecordedEvent } from './event-store.js';
import { StreamWriter } from './stream-writer.js';

const STREAM = 'purse-1';

/** A store whose reads can be made to fail or to never answer. */
class Store extends MemoryEventStore {
  reads: 'sound' | 'failing' | 'never answering' = 'sound';
  readonly readFrom: number[] = [];

  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    this.readFrom.push(from);
    if (this.reads === 'failing') throw new EventStoreUnavailable('the read failed');
    if (this.reads === 'never answering') await new Promise<never>(() => {});
    return super.readStream(stream, from, limit);
  }
}

/** What can't succeed is given up soon; what can has all the time that a busy machine may take. */
const GIVEN_UP_SOON = { appendDeadlineMs: 250 };

function setUp({ appendTimeoutMs = 80, appendDeadlineMs = 20_000 } = {}) {
  const store = new Store();
  const settings = { store, decider: purse, appendTimeoutMs, appendDeadlineMs };
  const recorded = () => store.readStream(STREAM, 0, 10_000);
  return { store, writer: new StreamWriter(settings), other: new StreamWriter(settings), recorded };
}

describe('an append', () => {
  it.each(['lose-reply', 'store-and-never-answer', 'fail-before-storing', 'never-answer'] as const)(
    'that meets %s is stored once, and answered',
    async (fault) => {
      const { store, writer, recorded } = setUp();
      store.faults.push(fault);
      expect(await writer.execute(STREAM, put(1))).toHaveLength(1);
      expect(await recorded()).toHaveLength(1);
    },
  );

  it('whose reply was lost is found, though another writer went on from there', async () => {
    const { store, writer, other, recorded } = setUp();
    store.faults.push('store-and-never-answer');
    const lost = writer.execute(STREAM, put(5));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await other.execute(STREAM, take(1));
    expect(await lost).toHaveLength(1);
    expect((await recorded()).map(({ type }) => type)).toEqual(['CoinsPut', 'CoinsTaken']);
    expect(await writer.execute(STREAM, take(4))).toHaveLength(4);
  });

  it('that failed is decided again when another writer was first', async () => {
    const { store, writer, other, recorded } = setUp();
    await writer.execute(STREAM, put(1));
    store.faults.push('fail-before-storing');
    const slow = writer.execute(STREAM, take(1));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await other.execute(STREAM, take(1));
    expect(await slow).toBeInstanceOf(Rejection);
    expect(await recorded()).toHaveLength(2);
  });

  it.each(['store-and-never-answer', 'lose-reply'] as const)(
    'that meets %s is found in the stream long before its time is over',
    async (fault) => {
      const { store, writer, recorded } = setUp({ appendTimeoutMs: 10_000, appendDeadlineMs: 30_000 });
      store.faults.push(fault, 'never-answer', 'never-answer');
      const started = performance.now();
      expect(await writer.execute(STREAM, put(1))).toHaveLength(1);
      expect(performance.now() - started).toBeLessThan(9_000);
      expect(await recorded()).toHaveLength(1);
      expect(await writer.read(STREAM, coinsIn)).toBe(1);
    },
  );

  it('that is never answered is decided again as soon as another writer was first', async () => {
    const { store, writer, other, recorded } = setUp({ appendTimeoutMs: 10_000, appendDeadlineMs: 30_000 });
    await writer.execute(STREAM, put(1));
    store.faults.push('never-answer');
    const started = performance.now();
    const slow = writer.execute(STREAM, take(1));
    await new Promise((resolve) => setTimeout(resolve, 10));
    await other.execute(STREAM, take(1));
    expect(await slow).toBeInstanceOf(Rejection);
    expect(performance.now() - started).toBeLessThan(9_000);
    expect(await recorded()).toHaveLength(2);
  });

  it('that takes as long as the one before it is not looked for: a slow store is not given more to do', async () => {
    const { store, writer } = setUp({ appendTimeoutMs: 10_000, appendDeadlineMs: 30_000 });
    store.appendDelayMs = 150;
    await writer.execute(STREAM, put(1));
    expect(store.readFrom.length, 'the first is, once its stream was read').toBeGreaterThan(1);
    store.readFrom.length = 0;
    await writer.execute(STREAM, put(1));
    expect(store.readFrom).toEqual([]);
  });

  it('is looked for by few reads at once, of however many streams', async () => {
    const { store, writer } = setUp({ appendTimeoutMs: 10_000, appendDeadlineMs: 30_000 });
    let [underWay, most] = [0, 0];
    const readStream = store.readStream.bind(store);
    const streams = Array.from({ length: 40 }, (_, index) => `purse-${index}`);
    await Promise.all(streams.map((stream) => writer.read(stream, coinsIn)));
    store.readStream = async (...args) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 30));
      return readStream(...args).finally(() => underWay--);
    };
    store.faults.push(...streams.map(() => 'store-and-never-answer' as const));
    await Promise.all(streams.map((stream) => writer.execute(stream, put(1))));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
  });

  it('that is never answered has an unknown outcome within the deadline', async () => {
    const { store, writer } = setUp({ appendTimeoutMs: 1_500, appendDeadlineMs: 2_000 });
    store.faults.push(...Array.from({ length: 50 }, () => 'never-answer' as const));
    const started = performance.now();
    await expect(writer.execute(STREAM, put(1))).rejects.toThrow(EventStoreUnavailable);
    expect(performance.now() - started, 'two whole tries take longer').toBeLessThan(3_000);
  });

  it('of unknown outcome fails all commands in it, and none that comes after the store is well again', async () => {
    const { store, writer, recorded } = setUp(GIVEN_UP_SOON);
    store.faults.push(...Array.from({ length: 50 }, () => 'fail-before-storing' as const));
    const batch = [put(1), put(2), rattle()].map((command) => writer.execute(STREAM, command));
    const statuses = (await Promise.allSettled(batch)).map(({ status }) => status);
    expect(statuses).toEqual(['rejected', 'rejected', 'rejected']);
    store.faults.length = 0;
    expect(await writer.execute(STREAM, take(1))).toBeInstanceOf(Rejection);
    expect(await writer.execute(STREAM, put(1))).toHaveLength(1);
    expect(await recorded()).toHaveLength(1);
  });

  it('of unknown outcome that was stored after all is not repeated by a retry', async () => {
    const { store, writer, recorded } = setUp(GIVEN_UP_SOON);
    await writer.execute(STREAM, put(1));
    store.faults.push('store-and-never-answer', ...Array.from({ length: 50 }, () => 'never-answer' as const));
    store.reads = 'failing';
    const command = put(1);
    await expect(writer.execute(STREAM, command)).rejects.toThrow(EventStoreUnavailable);
    store.faults.length = 0;
    store.reads = 'sound';
    expect(await writer.execute(STREAM, command)).toEqual([]);
    expect(await recorded()).toHaveLength(2);
  });
});

describe('a command that waits only so long', () => {
  const inMs = (milliseconds: number) => ({ giveUpAt: performance.now() + milliseconds });

  it('for its turn is withdrawn then, for good, and those that wait with it are not', async () => {
    const { store, writer, recorded } = setUp({ appendTimeoutMs: 100, appendDeadlineMs: 5_000 });
    store.faults.push('never-answer');
    const first = writer.execute(STREAM, put(1));
    await expect.poll(() => store.appends, { interval: 1 }).toBe(1);
    const hasty = writer.execute(STREAM, put(2), inMs(20));
    const patient = writer.execute(STREAM, put(4));
    expect(await hasty).toMatchObject({ code: 'withdrawn' });
    expect(await Promise.all([first, patient])).toMatchObject([[{ data: { coins: 1 } }], [{ data: { coins: 4 } }]]);
    expect((await recorded()).map(({ data }) => data['coins'])).toEqual([1, 4]);
    expect(await writer.read(STREAM, coinsIn)).toBe(5);
  });

  it('but had its turn by then is stored, however long that takes', async () => {
    const { store, writer, recorded } = setUp({ appendTimeoutMs: 600, appendDeadlineMs: 20_000 });
    store.faults.push('never-answer');
    expect(await writer.execute(STREAM, put(1), inMs(500))).toHaveLength(1);
    expect(await recorded()).toHaveLength(1);
  });
});

describe('a store that is known to be down', () => {
  it('is not read for a state: a state in memory is returned, any other is refused at once', async () => {
    const store = new Store();
    const availability = new Availability(store, { downAfterMs: 0, probeEveryMs: 60_000 });
    const writer = new StreamWriter({ store, decider: purse, availability, appendTimeoutMs: 200 });
    await writer.execute(STREAM, put(1));
    store.reads = 'never answering';
    store.probe = () => Promise.reject(new Error('down'));
    await expect(writer.read('purse-2', coinsIn)).rejects.toThrow('no answer');
    await expect(writer.read('purse-2', coinsIn)).rejects.toThrow('the event store is down');
    await expect(writer.read(STREAM, coinsIn, { fresh: true })).rejects.toThrow('the event store is down');
    expect(await writer.read(STREAM, coinsIn)).toBe(1);
    expect(await writer.execute(STREAM, put(1)), 'an append is tried all the same').toHaveLength(1);
    store.reads = 'sound';
    expect(await writer.read('purse-2', coinsIn)).toBe(0);
  });
});

describe('a read', () => {
  it.each(['failing', 'never answering'] as const)(
    '%s fails the commands and readers that need it, not the next',
    async (fault) => {
      const { store, writer } = setUp(GIVEN_UP_SOON);
      store.reads = fault;
      await expect(writer.execute(STREAM, put(1))).rejects.toThrow(EventStoreUnavailable);
      await expect(writer.read(STREAM, coinsIn)).rejects.toThrow(EventStoreUnavailable);
      store.reads = 'sound';
      expect(await writer.execute(STREAM, put(1))).toHaveLength(1);
      expect(await writer.read(STREAM, coinsIn)).toBe(1);
    },
  );

  it('failing fails the reader that wants to be fresh, however it meets commands, and nothing else', async () => {
    const { store, writer } = setUp();
    const unhandled: unknown[] = [];
    const note = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', note);
    await writer.execute(STREAM, put(1));
    for (let ticks = 0; ticks < 12; ticks++) {
      const commands = [writer.execute(STREAM, rattle())];
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      store.reads = 'failing';
      commands.push(writer.execute(STREAM, rattle()));
      await expect(writer.read(STREAM, coinsIn, { fresh: true })).rejects.toThrow(EventStoreUnavailable);
      await Promise.allSettled(commands);
      store.reads = 'sound';
      expect(await writer.read(STREAM, coinsIn)).toBe(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
