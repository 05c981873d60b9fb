// What only a cause can show about subscriptions: dropped, silent, repeated, too slow, and servers that go away.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventStoreDbEventStore } from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { NO_STREAM, START, type RecordedEvent } from '../../src/event-store/event-store.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { eventually, until } from '../support/gateway/until.js';
import { events, idsOf, newStream } from './event-store.fixture.js';

let server: EventStoreServer;
let store: EventStoreDbEventStore;
let troubles: string[];
let stream: string;
let revision: number;
let ended: AbortController;

const open = (scheme = 'esdb://'): Promise<EventStoreDbEventStore> =>
  EventStoreDbEventStore.open(server.url.replace('esdb://', scheme), {
    deadlineMs: 1_000,
    silenceMs: 300,
    onTrouble: (error) => troubles.push(String(error)),
  });

beforeEach(async () => {
  troubles = [];
  stream = newStream();
  revision = NO_STREAM;
  ended = new AbortController();
  server = await EventStoreServer.start();
  store = await open();
});
afterEach(async () => {
  ended.abort();
  await store.close();
  await server.stop();
});

/** Appends, again and again when the server can't be reached. */
async function write(count: number): Promise<void> {
  const batch = events(count);
  await eventually(() => store.append(stream, revision, batch));
  revision += count;
}

interface Reader {
  readonly seen: RecordedEvent[];
  readonly done: Promise<void>;
}

function follow(after = START, pauseMs = 0): Reader {
  const seen: RecordedEvent[] = [];
  const read = async (): Promise<void> => {
    for await (const batch of store.subscribe(after, ended.signal)) {
      seen.push(...batch);
      if (pauseMs > 0) await delay(pauseMs);
    }
  };
  return { seen, done: read() };
}

/** A reader that is live. */
async function live(): Promise<Reader> {
  const reader = follow();
  await write(1);
  await until('the reader is live', () => reader.seen.length === 1);
  return reader;
}

/** All of the log came to the reader, each event once, in order. */
async function expectAll({ seen, done }: Reader): Promise<void> {
  await until('the reader has everything', () => seen.length > revision);
  await delay(50);
  ended.abort();
  await done;
  expect(idsOf(seen)).toEqual(idsOf(await eventually(() => store.readAll(START, 10_000))));
  expect(seen).toHaveLength(revision + 1);
}

describe('a subscriber gets everything once, in order,', () => {
  it('when its subscription is dropped, and dropped', async () => {
    const reader = await live();
    for (let times = 0; times < 5; times++) {
      server.dropSubscriptions();
      await write(3);
      await delay(20);
    }
    await expectAll(reader);
    expect(troubles.length).toBeGreaterThanOrEqual(1);
  });

  it('when connections are cut while it catches up and while it is live', async () => {
    for (let batch = 0; batch < 5; batch++) await write(400);
    const reader = follow(START, 1);
    for (let times = 0; times < 5; times++) {
      await delay(20);
      server.cutConnections();
      await write(2);
    }
    await expectAll(reader);
  });

  it('when the server is killed and started again', async () => {
    const reader = await live();
    for (let times = 0; times < 3; times++) {
      await server.goDown();
      await delay(50);
      await server.comeBack();
      await write(5);
    }
    await expectAll(reader);
  });

  it.each(['esdb://', 'esdb+discover://'])('when the server was not there at first: %s', async (scheme) => {
    await store.close();
    store = await open(scheme);
    await server.goDown();
    const reader = follow();
    await until('it has tried', () => troubles.length > 1);
    await server.comeBack();
    await write(3);
    await expectAll(reader);
  });

  it('when it falls silent without a word', async () => {
    const reader = await live();
    server.silenceSubscriptions();
    await write(3);
    await expectAll(reader);
    expect(troubles.join()).toContain('silent');
  });

  it('when the server hangs for a while', async () => {
    const reader = await live();
    server.faults.hung = true;
    await delay(800);
    server.faults.hung = false;
    await write(3);
    await expectAll(reader);
  });

  it('when events come twice, and older ones again', async () => {
    server.faults.duplicates = true;
    await write(20);
    const reader = follow();
    await until('the reader has caught up', () => reader.seen.length === 20);
    for (let times = 0; times < 5; times++) await write(4);
    await expectAll(reader);
  });

  it('when an append is larger than a live subscription may lag', async () => {
    const reader = await live();
    await write(500);
    await expectAll(reader);
    expect(troubles.join()).toContain('too slow');
  });

  it('when it is slow', async () => {
    const reader = follow(START, 30);
    for (let times = 0; times < 40; times++) await write(30);
    await expectAll(reader);
  });

  it('when another client of the process breaks', async () => {
    const reader = await live();
    const other = await EventStoreDbEventStore.open(server.url, { deadlineMs: 100 });
    server.faults.appends.push('never-answer');
    await expect(other.append(newStream(), NO_STREAM, events(1))).rejects.toThrow('unknown');
    await write(3);
    await other.close();
    await write(3);
    await expectAll(reader);
  });
});

it('a quiet log is no silence', async () => {
  const reader = await live();
  server.log.writeSystemEvent();
  await delay(1_000);
  expect(troubles).toEqual([]);
  await write(1);
  await expectAll(reader);
});

it('the server is left by whoever aborts, breaks off or closes', async () => {
  await write(1);
  const reader = follow();
  await until('it is subscribed', () => reader.seen.length === 1 && server.subscriptions === 1);
  ended.abort();
  await reader.done;
  await until('the one that aborted has left', () => server.subscriptions === 0);

  for await (const batch of store.subscribe(START, new AbortController().signal)) if (batch.length > 0) break;
  await until('the one that broke off has left', () => server.subscriptions === 0);

  ended = new AbortController();
  const last = follow();
  await until('it is subscribed', () => last.seen.length === 1);
  await store.close();
  await last.done;
  await until('the one that was closed has left', () => server.subscriptions === 0);
  expect(troubles).toEqual([]);
});

describe('events of the server itself', () => {
  it('are in no read and never the head, however many there are', async () => {
    expect(await store.head()).toBe(START);
    for (let times = 0; times < 300; times++) server.log.writeSystemEvent();
    expect(await store.head()).toBe(START);
    expect(await store.readAll(START, 10)).toEqual([]);
    await write(2);
    for (let times = 0; times < 1_500; times++) server.log.writeSystemEvent();
    const [first, second] = await store.readStream(stream, 0, 10);
    expect(await store.head()).toBe(second?.position);
    expect(idsOf(await store.readAll(START, 1))).toEqual([first?.id]);
    expect(idsOf(await store.readAll(first?.position ?? 0, 1))).toEqual([second?.id]);
    expect(await store.readAll(second?.position ?? 0, 10)).toEqual([]);
    const reader = follow(first?.position);
    await until('the second event came', () => reader.seen.length === 1);
    expect(idsOf(reader.seen)).toEqual([second?.id]);
  });
});
