// What only a cause can show about appends: servers that lose replies, repeat them, are killed, or hang.
import { setTimeout as delay } from 'node:timers/promises';
import { binaryEvent, EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type EventStoreDbOptions,
  EventStoreDbEventStore,
} from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { NO_STREAM, START, UnreadableEvent, WrongExpectedRevision } from '../../src/event-store/event-store.js';
import { StreamWriter } from '../../src/event-store/stream-writer.js';
import { verifyChain } from '../../src/event-store/verify-chain.js';
import { REAL_TIMING } from '../support/event-store-server/disk.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { APPEND_FAULTS, type AppendFault } from '../support/event-store-server/faults.js';
import { eventually, until } from '../support/gateway/until.js';
import { purse, put, putWithNote } from '../support/ledger/purse.js';
import { event, events, idsOf, newStream } from './event-store.fixture.js';

const SHORT = { deadlineMs: 400 };

let server: EventStoreServer;
let store: EventStoreDbEventStore;
let troubles: unknown[];

const open = (url: string, options: EventStoreDbOptions = {}): Promise<EventStoreDbEventStore> =>
  EventStoreDbEventStore.open(url, { onTrouble: (error) => troubles.push(error), ...options });

beforeEach(async () => {
  troubles = [];
  server = await EventStoreServer.start();
  store = await open(server.url);
});
afterEach(async () => {
  await store.close();
  await server.stop();
});

const writerOn = (target: EventStoreDbEventStore, appendTimeoutMs = 1_000) =>
  new StreamWriter({ store: target, decider: purse, appendTimeoutMs, appendDeadlineMs: 30_000 });

/** Has many purses filled at once, by each of the gateways, for as long as something happens, then checks that every coin is there once. */
async function expectExactlyOnce(
  happening: () => Promise<void>,
  target = store,
  ...others: EventStoreDbEventStore[]
): Promise<void> {
  const commands = new Map(Array.from({ length: 8 }, () => [newStream(), [] as string[]]));
  let over = false;
  const fill = async (writer: ReturnType<typeof writerOn>, [stream, done]: [string, string[]]): Promise<void> => {
    while (!over) {
      const round = [put(1), put(2)];
      // A command fails when the stream can't be read, and may be given again.
      await Promise.all(round.map((command) => eventually(() => writer.execute(stream, command))));
      done.push(...round.map(({ commandId }) => commandId));
      await delay(5);
    }
  };
  const happened = happening().finally(() => (over = true));
  const writers = [target, ...others].map((each) => writerOn(each));
  await Promise.all([happened, ...writers.flatMap((writer) => [...commands].map((each) => fill(writer, each)))]);
  for (const [stream, done] of commands) {
    const stored = await eventually(() => target.readStream(stream, 0, 10_000));
    expect(stored).toHaveLength(done.length);
    expect(new Set(stored.map(({ data }) => data['command']))).toEqual(new Set(done));
    expect(stored.map(({ revision }) => revision)).toEqual(done.map((_, revision) => revision));
    expect(await verifyChain(stored)).toBeUndefined();
  }
}

describe('an append', () => {
  it('is checked against the revision, which an option by a wrong name would not be', async () => {
    const stream = newStream();
    await store.append(stream, NO_STREAM, events(2));
    await expect(store.append(stream, 0, events(1))).rejects.toBeInstanceOf(WrongExpectedRevision);
    await expect(store.append(stream, NO_STREAM, events(1))).rejects.toBeInstanceOf(WrongExpectedRevision);
    expect(await store.readStream(stream, 0, 10)).toHaveLength(2);
  });

  it('that the server finds too large is refused for good', async () => {
    const stream = newStream();
    server.faults.maxAppendBytes = 10_000;
    await expect(store.append(stream, NO_STREAM, [event({ text: 'x'.repeat(10_000) })])).rejects.toMatchObject({
      name: 'AppendRefused',
    });
    await store.append(stream, NO_STREAM, [event({ text: 'x'.repeat(9_000) })]);
    expect(await store.readStream(stream, 0, 10)).toHaveLength(1);
  });

  it('never has more than the server takes, however much is to be written at once', async () => {
    const stream = newStream();
    const writer = writerOn(store);
    const tooLarge = writer.execute(stream, putWithNote(1, 1_100_000));
    const commands = Array.from({ length: 40 }, (_, n) => putWithNote(n, 100_000));
    const outcomes = Promise.all(commands.map((command) => writer.execute(stream, command)));
    await expect(tooLarge).rejects.toMatchObject({ name: 'AppendRefused' });
    await outcomes;
    const stored = await store.readStream(stream, 0, 100);
    expect(stored.map(({ data }) => data['coins'])).toEqual(commands.map(({ coins }) => coins));
  });

  it('of a server that takes less than others is split', async () => {
    const stream = newStream();
    server.faults.maxAppendBytes = 50_000;
    const writer = writerOn(store);
    const commands = Array.from({ length: 10 }, (_, n) => putWithNote(n, n === 4 ? 60_000 : 20_000));
    const outcomes = await Promise.allSettled(commands.map((command) => writer.execute(stream, command)));
    expect(outcomes.map(({ status }) => status)).toEqual(commands.map((_, n) => (n === 4 ? 'rejected' : 'fulfilled')));
    const stored = await store.readStream(stream, 0, 100);
    expect(stored.map(({ data }) => data['coins'])).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9]);
    expect(await verifyChain(stored)).toBeUndefined();
  });

  it('that is sent while the same one is under way is left unanswered until its deadline, as the real server leaves it', async () => {
    await store.close();
    store = await open(server.url, { deadlineMs: 1_500 });
    const stream = newStream();
    const batch = events(2);
    await store.append(stream, NO_STREAM, events(1));
    server.faults.appendDelayMs = 20;
    const started = performance.now();
    const [first, second] = await Promise.allSettled([store.append(stream, 0, batch), store.append(stream, 0, batch)]);
    expect(performance.now() - started).toBeGreaterThan(1_400);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    expect(second).toMatchObject({ reason: { name: 'EventStoreUnavailable' } });
    expect(String((second as PromiseRejectedResult).reason)).toContain('deadline-exceeded');
    expect(troubles, 'and its client is not given up for it').toEqual([]);
    expect(await store.readStream(stream, 0, 10)).toHaveLength(3);
  });

  it('of two gateways that decide one command at once is answered to both as soon as it is stored', async () => {
    const other = await open(server.url);
    server.faults.appendDelayMs = 50;
    const stream = newStream();
    const command = put(1);
    const started = performance.now();
    const outcomes = await Promise.all([store, other].map((each) => writerOn(each, 20_000).execute(stream, command)));
    expect(performance.now() - started).toBeLessThan(3_800); // the deadline is 4 s
    expect(outcomes.flat()).toMatchObject([{ type: 'CoinsPut' }, { type: 'CoinsPut' }]);
    expect(await store.readStream(stream, 0, 10)).toHaveLength(1);
    await other.close();
  });

  it('that the server is slow to store is sent again, and not waited for longer than the first takes', async () => {
    await store.close();
    store = await open(server.url, { deadlineMs: 1_500 });
    server.faults.appendDelayMs = 1_800;
    const stream = newStream();
    const started = performance.now();
    expect(await writerOn(store, 20_000).execute(stream, put(1))).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(2_950); // the second would be told nothing before 3 s
    expect(await store.readStream(stream, 0, 10)).toHaveLength(1);
  });

  it('can be repeated after the server was killed', async () => {
    const stream = newStream();
    const [first, second] = [events(2), events(2)];
    await store.append(stream, NO_STREAM, first);
    await store.append(stream, 1, second);
    await server.restart();
    await eventually(() => store.head());
    await store.append(stream, NO_STREAM, first);
    await store.append(stream, 1, second);
    expect(idsOf(await store.readStream(stream, 0, 10))).toEqual(idsOf([...first, ...second]));
  });
});

describe('each accepted command is stored once', () => {
  beforeEach(async () => {
    await store.close();
    store = await open(server.url, SHORT);
  });

  it.each(APPEND_FAULTS)('when appends meet %s', async (fault) => {
    await expectExactlyOnce(async () => {
      for (let times = 0; times < 5; times++) {
        server.faults.appends.push(fault);
        await until('an append has met it', () => server.faults.appends.length === 0);
      }
    });
  });

  it('when all of it happens together', async () => {
    const faults: AppendFault[] = [
      'lose-reply',
      'drop-after-storing',
      'reply-twice',
      'not-leader',
      'drop-before-storing',
    ];
    server.faults.appendDelayMs = 3;
    await expectExactlyOnce(async () => {
      for (const fault of [...faults, ...faults.toReversed()]) {
        server.faults.appends.push(fault);
        await delay(40);
      }
    });
  });

  it('when connections are cut while more is under way than they hold', async () => {
    await store.close();
    store = await open(server.url, { deadlineMs: 5_000 });
    const text = 'x'.repeat(200_000);
    const streams = Array.from({ length: 20 }, newStream);
    const batch = [event({ text }), event({ text })];
    const written = streams.map(async (stream) => {
      await eventually(() => store.append(stream, NO_STREAM, batch));
    });
    for (let times = 0; times < 5; times++) {
      await delay(20);
      server.cutConnections();
    }
    await Promise.all(written);
    for (const stream of streams)
      expect(idsOf(await eventually(() => store.readStream(stream, 0, 10)))).toEqual(idsOf(batch));
  });

  it('when the server is killed and started again, and again', async () => {
    await expectExactlyOnce(async () => {
      for (let times = 0; times < 4; times++) {
        await delay(30);
        await server.goDown();
        await delay(100);
        await server.comeBack();
      }
    });
  });

  it('when two gateways write to the same streams, and the server is killed and started again', async () => {
    const other = await open(server.url, SHORT);
    server.faults.appendDelayMs = 2;
    const killed = async (): Promise<void> => {
      for (let times = 0; times < 3; times++) {
        await delay(150);
        await server.restart();
      }
    };
    await expectExactlyOnce(killed, store, other);
    await other.close();
  });

  it('when the server hangs for a while', async () => {
    await expectExactlyOnce(async () => {
      await delay(20);
      server.faults.hung = true;
      await delay(3 * SHORT.deadlineMs);
      server.faults.hung = false;
    });
  });

  it('when another store of the process is closed, which fails the appends of all', async () => {
    server.faults.appendDelayMs = 15;
    await expectExactlyOnce(async () => {
      for (let times = 0; times < 5; times++) {
        const other = await open(server.url);
        await eventually(() => other.append(newStream(), NO_STREAM, events(1)));
        await other.close();
      }
    });
  });

  it('when the cluster has to be discovered again', async () => {
    const discovering = await open(server.url.replace('esdb://', 'esdb+discover://'), SHORT);
    await expectExactlyOnce(async () => {
      await delay(30);
      await server.goDown();
      await delay(2 * SHORT.deadlineMs);
      await server.comeBack();
    }, discovering);
    await discovering.close();
  });
});

describe('an event in a stream of ours that another program wrote, and that is no JSON', () => {
  const foreign = async (stream: string): Promise<void> => {
    const client = EventStoreDBClient.connectionString(server.url);
    await client.appendToStream(stream, [binaryEvent({ type: 'Foreign', data: Buffer.of(0) })]);
    await client.dispose();
  };

  it('ends no reading of it before its end in silence', async () => {
    const stream = newStream();
    await store.append(stream, NO_STREAM, events(1));
    await foreign(stream);
    await store.append(stream, 1, events(1));
    expect(await store.readStream(stream, 0, 1)).toHaveLength(1);
    const reading = store.readStream(stream, 0, 2);
    await expect(reading).rejects.toBeInstanceOf(UnreadableEvent);
    await expect(reading).rejects.toThrow(`revision 1 of ${stream} (Foreign)`);
    expect(troubles, 'and the client is not given up for it').toEqual([]);
    expect(await store.readAll(START, 10)).toHaveLength(2);
  });

  it('is named to whoever writes to the stream', async () => {
    const stream = newStream();
    const writer = writerOn(store);
    await writer.execute(stream, put(1));
    await foreign(stream);
    await expect(writer.execute(stream, put(1))).rejects.toBeInstanceOf(UnreadableEvent);
  });
});

it('a reply that comes twice is contained', async () => {
  const stream = newStream();
  server.faults.appends.push('reply-twice');
  await store.append(stream, NO_STREAM, events(1));
  await until('the adapter has heard of it', () => troubles.length > 0);
  await store.append(stream, 0, events(1));
  expect(await store.readStream(stream, 0, 10)).toHaveLength(2);
});

it('of a stand-in with the timing of a real server takes its time alone, and shares it with others', async () => {
  const real = await EventStoreServer.start(undefined, undefined, REAL_TIMING);
  const timed = await open(real.url);
  const took = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  await timed.append(newStream(), NO_STREAM, events(1));
  const alone = await took(async () => {
    for (let times = 0; times < 20; times++) await timed.append(newStream(), NO_STREAM, events(1));
  });
  const atOnce = () => Promise.all(Array.from({ length: 20 }, () => timed.append(newStream(), NO_STREAM, events(1))));
  // The soonest of several: other programs only ever make it later.
  const together: number[] = [];
  for (let times = 0; times < 10; times++) together.push(await took(atOnce));
  expect(alone / 20).toBeGreaterThan(2);
  expect(Math.min(...together)).toBeLessThan(alone);
  await timed.close();
  await real.stop();
});
