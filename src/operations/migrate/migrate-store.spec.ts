import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import {
  type EventStore,
  ForwardingEventStore,
  EventStoreUnavailable,
  type NewEvent,
  type RecordedEvent,
  START,
} from '../../event-store/index.js';
import { MigrationRefused, StoreMigration } from './migrate-store.js';

const MAX_APPEND_BYTES = 1024 * 1024;

async function ledger(): Promise<MemoryEventStore> {
  const { store, ...made } = await ledgerWithHistory();
  await made.open('a');
  await made.open('b');
  for (const charge of ['c1', 'c2', 'c3']) {
    await made.hold('a', charge);
    await made.hold('b', `b-${charge}`);
    await made.settle('a', charge, 100);
  }
  return store;
}

const event = (data: NewEvent['data'] = {}): NewEvent => ({
  id: randomUUID(),
  type: 'Tested',
  data,
  metadata: { hash: 'h' },
});
const all = (store: EventStore) => store.readAll(START, 10_000);

/** A store with the first events of another. */
async function beginningOf(source: EventStore, count: number): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  for (const { stream, revision, recordedAt, metadata, ...rest } of (await all(source)).slice(0, count)) {
    await store.append(stream, revision - 1, [{ ...rest, metadata: { ...metadata, recordedAt } }]);
  }
  return store;
}

/** A store that changes what is read from it. */
function tampered(store: EventStore, change: (page: readonly RecordedEvent[]) => readonly RecordedEvent[]): EventStore {
  return new (class extends ForwardingEventStore {
    override readAll = async (...args: Parameters<EventStore['readAll']>) => change(await store.readAll(...args));
  })(store);
}

describe('a migration', () => {
  it('moves every event, and tells how many of how many streams', async () => {
    const [source, destination] = [await ledger(), new MemoryEventStore()];
    const report = await new StoreMigration(source, destination).run();
    expect(report).toEqual({ streams: 3, events: 16, moved: 16, goesOn: false, faults: [] });
    expect(await destination.head()).toBe(await source.head());
  });

  it('keeps the times at which events were first recorded, over any number of moves', async () => {
    const source = await ledger();
    const before = await all(source);
    await delay(5);
    const [there, further] = [new MemoryEventStore(), new MemoryEventStore()];
    await new StoreMigration(source, there).run();
    await new StoreMigration(there, further).run();
    for (const store of [there, further]) {
      expect((await all(store)).map(({ recordedAt }) => recordedAt)).toEqual(before.map((each) => each.recordedAt));
    }
  });

  it('continues after what is there, and does nothing when all of it is', async () => {
    const source = await ledger();
    const destination = await beginningOf(source, 5);
    expect(await new StoreMigration(source, destination).run()).toMatchObject({ events: 16, moved: 11, faults: [] });
    const { appends } = destination;
    expect(await new StoreMigration(source, destination).run()).toMatchObject({ events: 16, moved: 0, faults: [] });
    expect(destination.appends).toBe(appends);
  });

  it('goes back to where it came from, with what was written since', async () => {
    const [old, server] = [await ledger(), new MemoryEventStore()];
    await new StoreMigration(old, server).run();
    await server.append('new', -1, [event()]);
    const report = await new StoreMigration(server, old).run();
    expect(report).toMatchObject({ events: 17, moved: 1 });
    expect((await all(old)).at(-1)).toMatchObject({ stream: 'new', revision: 0 });
  });

  it('joins events of one stream that follow each other, up to 200 and well below what a server takes', async () => {
    const source = new MemoryEventStore();
    await source.append(
      'small',
      -1,
      Array.from({ length: 500 }, () => event()),
    );
    for (let revision = -1; revision < 10; revision++) {
      await source.append('large', revision, [event({ text: 'ü'.repeat(100_000) })]);
    }
    await source.append('small', 499, [event()]);
    const destination = new MemoryEventStore();
    const sizes: number[] = [];
    const append = destination.append.bind(destination);
    destination.append = async (stream, expected, events) => {
      expect(Buffer.byteLength(JSON.stringify(events))).toBeLessThan(MAX_APPEND_BYTES);
      sizes.push(events.length);
      await append(stream, expected, events);
    };
    await new StoreMigration(source, destination).run();
    expect(sizes).toEqual([200, 200, 100, 2, 2, 2, 2, 2, 1, 1]);
  });

  it('tells how far it is, stage by stage, up to the head', async () => {
    const [source, destination] = [await ledger(), new MemoryEventStore()];
    const told: [string, number, number][] = [];
    const onProgress = (stage: string, { position, events }: { position: number; events: number }) =>
      void told.push([stage, position, events]);
    const migration = new StoreMigration(source, destination, { onProgress });
    await migration.run();
    const head = await source.head();
    expect(told.splice(0)).toEqual([
      ['move', head, 16],
      ['verify', head, 16],
    ]);
    await migration.run();
    expect(told).toEqual([
      ['compare', head, 16],
      ['verify', head, 16],
    ]);
  });

  it('tries again while the destination can’t be reached', async () => {
    const source = await ledger();
    const destination = new MemoryEventStore({ faults: ['fail-before-storing', 'lose-reply', 'lose-reply'] });
    const troubles: unknown[] = [];
    const migration = new StoreMigration(source, destination, { onTrouble: (error) => troubles.push(error) });
    expect(await migration.run()).toMatchObject({ events: 16, faults: [] });
    expect(troubles).toHaveLength(3);
  });

  it('gives up when it can’t be reached for long, and continues the next time', async () => {
    const source = await ledger();
    const destination = await beginningOf(source, 5);
    destination.faults.push(...Array.from({ length: 50 }, () => 'fail-before-storing' as const));
    const migration = new StoreMigration(source, destination, { patienceMs: 100 });
    await expect(migration.run()).rejects.toThrow(EventStoreUnavailable);
    destination.faults.length = 0;
    expect(await migration.run()).toMatchObject({ moved: 11, faults: [] });
  });

  it('ends when it is told to, at the end of an append', async () => {
    const [source, destination] = [await ledger(), new MemoryEventStore()];
    const stop = new AbortController();
    const append = destination.append.bind(destination);
    destination.append = async (...args) => {
      await append(...args);
      if (destination.appends === 3) stop.abort();
    };
    const stopped = new StoreMigration(source, destination, { signal: stop.signal }).run();
    await expect(stopped).rejects.toThrow(/abort/i);
    expect(destination.appends).toBe(3);
    expect(await new StoreMigration(source, destination).run()).toMatchObject({ events: 16, faults: [] });
  });
});

describe('a migration is refused', () => {
  const refusal = async (source: EventStore, destination: EventStore): Promise<string> => {
    const before = await destination.head();
    const error: unknown = await new StoreMigration(source, destination).run().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MigrationRefused);
    expect(await destination.head()).toBe(before);
    return (error as Error).message;
  };

  it('where there are events of something else', async () => {
    const destination = new MemoryEventStore();
    await destination.append('orders', -1, [event()]);
    expect(await refusal(await ledger(), destination)).toBe(
      'The destination holds something other than a beginning of the source. ' +
        'Event 1 of the log is revision 0 of price-list (PriceListPublished) in the source and revision 0 of orders (Tested) in the destination.',
    );
  });

  it('where another ledger has begun in the same way', async () => {
    const source = await ledger();
    const destination = await beginningOf(source, 6);
    await destination.append('account-z', -1, [event()]);
    expect(await refusal(source, destination)).toContain('Event 7 of the log');
  });

  it.each<[string, Partial<RecordedEvent>]>([
    ['data', { data: {} }],
    ['type', { type: 'Else' }],
    ['id', { id: randomUUID() }],
    ['hash', { metadata: {} }],
    ['time', { recordedAt: '2020-01-01T00:00:00.000Z' }],
  ])('where an event has another %s', async (what, change) => {
    const source = await ledger();
    const destination = await beginningOf(source, 6);
    const altered = tampered(destination, (page) => page.map((each, n) => (n === 4 ? { ...each, ...change } : each)));
    expect(await refusal(source, altered)).toContain(`differs in its ${what}.`);
  });

  it('where the ledger is already and has gone on', async () => {
    const source = await ledger();
    const destination = await beginningOf(source, 16);
    await destination.append('more', -1, [event()]);
    expect(await refusal(source, destination)).toContain('It goes on after the last of the 16 events of the source.');
  });

  it('when something else writes to the destination meanwhile', async () => {
    const [source, destination] = [await ledger(), new MemoryEventStore()];
    const append = destination.append.bind(destination);
    destination.append = async (stream, expected, events) => {
      if (stream === 'account-b' && expected === 2) await append(stream, expected, [event()]);
      await append(stream, expected, events);
    };
    await expect(new StoreMigration(source, destination).run()).rejects.toThrow(
      'Something else writes to the destination: account-b is at revision 3, not at 2.',
    );
  });

  it('by a destination that can’t hold an event, which is named', async () => {
    const [source, destination] = [await ledger(), new MemoryEventStore()];
    destination.append = () => Promise.reject(new RangeError('an append has 2000000 bytes'));
    await expect(new StoreMigration(source, destination).run()).rejects.toThrow(
      "The destination can't hold revision 0 of price-list: an append has 2000000 bytes.",
    );
  });
});

describe('verifying a move', () => {
  const faultsOf = async (source: EventStore, destination: EventStore) =>
    (await new StoreMigration(source, destination).verify()).faults;
  const moved = async () => {
    const source = await ledger();
    return { source, destination: await beginningOf(source, 16) };
  };

  it('finds nothing wrong with a ledger that has arrived, also when it has gone on since', async () => {
    const { source, destination } = await moved();
    expect(await new StoreMigration(source, destination).verify()).toMatchObject({ events: 16, faults: [] });
    await destination.append('more', -1, [event()]);
    expect(await new StoreMigration(source, destination).verify()).toMatchObject({ goesOn: true, faults: [] });
  });

  it('names every event that differs, and the chain that it breaks', async () => {
    const { source, destination } = await moved();
    const altered = tampered(destination, (page) =>
      page.map((each) => (each.type === 'CreditGranted' ? { ...each, data: { ...each.data, amount: '1.00' } } : each)),
    );
    expect(await faultsOf(source, altered)).toEqual([
      'The destination’s revision 2 of account-a (CreditGranted) differs in its data.',
      'The destination’s revision 2 of account-b (CreditGranted) differs in its data.',
      expect.stringMatching(/^The hash of revision 2 of account-a/),
      expect.stringMatching(/^The hash of revision 2 of account-b/),
    ]);
  });

  it('finds a chain that was broken before', async () => {
    const { store: source, ...made } = await ledgerWithHistory();
    await made.open('a');
    await source.append('account-a', 2, [event()]);
    const faults = await faultsOf(source, await beginningOf(source, 5));
    expect(faults).toEqual([expect.stringMatching(/^The hash of revision 3 of account-a \(Tested\) does not match/)]);
  });

  it('finds events that are missing at the end', async () => {
    const source = await ledger();
    expect(await faultsOf(source, await beginningOf(source, 15))).toEqual([
      'The source has events after the 15 that the destination has.',
    ]);
  });

  it('finds events in another order', async () => {
    const { source, destination } = await moved();
    const swapped = tampered(destination, (page) =>
      page.length < 2 ? page : [...page.slice(0, -2), ...page.slice(-2).toReversed()],
    );
    expect((await faultsOf(source, swapped))[0]).toMatch(/^Event 15 of the log is revision/);
  });

  it('finds a stream that ends elsewhere than the log', async () => {
    const { source, destination } = await moved();
    const readStream = destination.readStream.bind(destination);
    destination.readStream = async (stream, ...rest) => (stream === 'account-b' ? [] : readStream(stream, ...rest));
    expect(await faultsOf(source, destination)).toEqual([
      'account-b ends with revision 5 in the log, but not when the stream itself is read.',
    ]);
  });
});
