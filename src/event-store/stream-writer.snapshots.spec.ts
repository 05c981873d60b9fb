import { describe, expect, it } from 'vitest';
import { coinsIn, purse, purseSnapshots, put, take } from '../../test/support/ledger/purse.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import type { RecordedEvent } from './event-store.js';
import { Snapshots } from './snapshots.js';
import { StreamWriter } from './stream-writer.js';
import { verifyChain } from './verify-chain.js';

const STREAM = 'purse-1';
/** As of a state that does not grow. */
const small = { ...purseSnapshots, entries: () => 0 };

/** A store that notes from which revision it was read. */
class Store extends MemoryEventStore {
  readonly readFrom: number[] = [];

  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    this.readFrom.push(from);
    return super.readStream(stream, from, limit);
  }
}

/** A read model store that is down. */
class Down extends MemoryReadModelStore {
  override load(): Promise<never> {
    return Promise.reject(new Error('down'));
  }
  override apply(): Promise<never> {
    return Promise.reject(new Error('down'));
  }
}

function setUp({ readModels = new MemoryReadModelStore(), snapshotEvery = 10 } = {}) {
  const store = new Store();
  const snapshots = new Snapshots(readModels, purseSnapshots);
  const failures: unknown[] = [];
  const onSnapshotFailure = (error: unknown) => void failures.push(error);
  const writerOn = (events: MemoryEventStore = store) =>
    new StreamWriter({ store: events, decider: purse, snapshots, snapshotEvery, onSnapshotFailure });
  return { store, snapshots, readModels, failures, writerOn };
}

async function fill(writer: StreamWriter<unknown, ReturnType<typeof put>, never>, events: number): Promise<void> {
  for (let count = 0; count < events; count++) await writer.execute(STREAM, put(1));
}

describe('snapshots', () => {
  it('are made every so many events, with the hash of the last', async () => {
    const { store, snapshots, writerOn } = setUp();
    const writer = writerOn();
    await fill(writer as never, 9);
    expect(await snapshots.load(STREAM)).toBeUndefined();
    await fill(writer as never, 4);
    const [tenth] = await store.readStream(STREAM, 9, 1);
    expect(await snapshots.load(STREAM)).toMatchObject({
      revision: 9,
      hash: tenth?.metadata['hash'],
      state: { coins: 10 },
    });
  });

  it('spare the next process the events before them', async () => {
    const { store, writerOn } = setUp();
    await fill(writerOn() as never, 12);
    store.readFrom.length = 0;
    expect(await writerOn().read(STREAM, coinsIn)).toBe(12);
    expect(Math.min(...store.readFrom)).toBeGreaterThanOrEqual(9);
  });

  it.each([
    ['none', 10],
    ['a thousand and more', 1_200],
  ])('are gone on from with %s after them, and so is the chain', async (_what, events) => {
    const { store, writerOn } = setUp({ snapshotEvery: 10 });
    await fill(writerOn() as never, 10);
    await fill(new StreamWriter({ store, decider: purse }) as never, events - 10);
    const next = writerOn();
    expect(await next.read(STREAM, coinsIn)).toBe(events);
    expect(await next.execute(STREAM, put(1))).toHaveLength(1);
    expect(await verifyChain(await store.readStream(STREAM, 0, 10_000))).toBeUndefined();
    expect(await writerOn().read(STREAM, coinsIn)).toBe(events + 1);
  });

  it('are used after a conflict', async () => {
    const { store, writerOn } = setUp();
    const [writer, other] = [writerOn(), writerOn()];
    await fill(writer as never, 12);
    await other.execute(STREAM, take(1));
    store.readFrom.length = 0;
    expect(await writer.execute(STREAM, take(11))).toHaveLength(11);
    expect(Math.min(...store.readFrom)).toBeGreaterThanOrEqual(9);
  });

  it('are made at once for a stream that was found long', async () => {
    const { store, readModels, snapshots, writerOn } = setUp();
    await fill(new StreamWriter({ store, decider: purse }) as never, 25);
    await writerOn().read(STREAM, coinsIn);
    expect((await snapshots.load(STREAM))?.revision).toBe(24);
    await readModels.close();
  });

  it('are also kept as milestones, by writing and by loading', async () => {
    const { store, readModels } = setUp();
    const kept = (every: number) => new Snapshots(readModels, small, every);
    const writer = new StreamWriter({ store, decider: purse, snapshots: kept(20), snapshotEvery: 10 });
    await fill(writer as never, 65);
    expect((await kept(20).before(STREAM, 55))?.state).toMatchObject({ coins: 40 });
    const revisions = [19, 20, 39, 65].map(async (revision) => (await kept(20).before(STREAM, revision))?.revision);
    expect(await Promise.all(revisions)).toEqual([undefined, 19, 19, 59]);
  });

  it('are made while a long stream is loaded, and others have their turn meanwhile', async () => {
    const { store, readModels } = setUp();
    await fill(new StreamWriter({ store, decider: purse }) as never, 2_500);
    const snapshots = new Snapshots(readModels, small, 1_000);
    let [turns, done] = [0, false];
    const turn = (): void => void (done || (turns++, setImmediate(turn)));
    setImmediate(turn);
    await new StreamWriter({ store, decider: purse, snapshots }).read(STREAM, coinsIn);
    done = true;
    expect(turns).toBeGreaterThanOrEqual(2);
    expect((await snapshots.before(STREAM, 1_500))?.revision).toBe(999);
    expect((await snapshots.before(STREAM, 2_400))?.revision).toBe(1_999);
  });

  it('cost speed only when they can’t be read or written', async () => {
    const { failures, writerOn } = setUp({ readModels: new Down() });
    await fill(writerOn() as never, 12);
    expect(await writerOn().read(STREAM, coinsIn)).toBe(12);
    expect(failures.length).toBeGreaterThan(0);
  });

  it('are not believed when the stream is another than they were made of', async () => {
    const { writerOn } = setUp();
    await fill(writerOn() as never, 12);
    const restored = new Store();
    const writer = writerOn(restored);
    expect(await writer.read(STREAM, coinsIn)).toBe(0);
    expect(await writer.execute(STREAM, put(1))).toHaveLength(1);
    await fill(writer as never, 14);
    expect(await writerOn(restored).read(STREAM, coinsIn)).toBe(15);
  });
});
