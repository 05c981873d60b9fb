// What only a cause can show about servers that are not there: told of in time, used again when they are back, left without a trace.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStoreDbEventStore } from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { EventStoreUnavailable, NO_STREAM, START } from '../../src/event-store/event-store.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { eventually, until } from '../support/gateway/until.js';
import { forkTypeScript } from '../support/typescript-process.js';
import { events, newStream } from './event-store.fixture.js';

const DEADLINE_MS = 400;
/** What a loaded machine may add to a deadline. */
const SLACK_MS = 3_000;

let server: EventStoreServer;
let store: EventStoreDbEventStore;

const open = (url: string, deadlineMs = DEADLINE_MS): Promise<EventStoreDbEventStore> =>
  EventStoreDbEventStore.open(url, { deadlineMs });

beforeEach(async () => {
  server = await EventStoreServer.start();
  store = await open(server.url);
});
afterEach(async () => {
  await store.close();
  await server.stop();
});

it('is reached directly, whatever proxy the environment names', async () => {
  const proxy = createServer().listen(0, '127.0.0.1');
  const asked: unknown[] = [];
  proxy.on('connect', ({ url }, socket) => asked.push(url, socket.destroy()));
  await once(proxy, 'listening');
  vi.stubEnv('http_proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  try {
    await store.close();
    store = await open(server.url);
    expect(await store.readStream(newStream(), 0, 1)).toEqual([]);
    expect(asked).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    proxy.close();
  }
});

describe('a server that', () => {
  const expectFailureInTime = async (work: () => Promise<unknown>): Promise<void> => {
    const started = performance.now();
    await expect(work()).rejects.toBeInstanceOf(EventStoreUnavailable);
    expect(performance.now() - started).toBeLessThan(DEADLINE_MS + SLACK_MS);
  };
  const expectFailuresInTime = async (): Promise<void> => {
    await expectFailureInTime(() => store.head());
    await expectFailureInTime(() => store.append(newStream(), NO_STREAM, events(1)));
    await expectFailureInTime(() => store.readStream(newStream(), 0, 10));
    await expectFailureInTime(() => store.readAll(START, 10));
  };
  const expectItWorks = async (): Promise<void> => {
    await eventually(() => store.head());
    const stream = newStream();
    const batch = events(1);
    await eventually(() => store.append(stream, NO_STREAM, batch));
    expect(await eventually(() => store.readStream(stream, 0, 10))).toHaveLength(1);
  };

  it.each(['esdb://', 'esdb+discover://'])(
    'is down is told of in time, and used when it is back: %s',
    async (scheme) => {
      await store.close();
      store = await open(server.url.replace('esdb://', scheme));
      await expectItWorks();
      await server.goDown();
      await expectFailuresInTime();
      await expectFailuresInTime();
      await server.comeBack();
      await expectItWorks();
    },
  );

  it.each(['esdb://', 'esdb+discover://'])('is down at the start is used when it comes: %s', async (scheme) => {
    await store.close();
    await server.goDown();
    store = await open(server.url.replace('esdb://', scheme));
    await expectFailuresInTime();
    await server.comeBack();
    await expectItWorks();
  });

  it('was not discovered by an append is used when it comes, although that client never asks again', async () => {
    await store.close();
    store = await open(server.url.replace('esdb://', 'esdb+discover://'), 10_000);
    await server.goDown();
    await expect(store.append(newStream(), NO_STREAM, events(1))).rejects.toThrow('Failed to discover');
    await server.comeBack();
    await expectItWorks();
  });

  it('hangs is told of in time, and used when it goes on', async () => {
    await expectItWorks();
    server.faults.hung = true;
    await expectFailuresInTime();
    server.faults.hung = false;
    await expectItWorks();
  });

  it('hangs is used for appends, too, when it goes on, though it is read from all the while', async () => {
    await expectItWorks();
    server.faults.hung = true;
    await expectFailureInTime(() => store.head());
    // The next client asks what the server can do before its first append, and gets no answer.
    const appending = expectFailureInTime(() => store.append(newStream(), NO_STREAM, events(1)));
    await delay(DEADLINE_MS / 2);
    server.faults.hung = false;
    await eventually(() => store.head());
    await appending;
    const reading = setInterval(() => void store.head().catch(() => undefined), 20);
    await expectItWorks();
    clearInterval(reading);
  });

  it('takes no appends is told of in time by who asks, though it can be read, and takes them again', async () => {
    await expectItWorks();
    server.faults.appends.push('never-answer', 'refuse');
    await expectFailureInTime(() => store.probe());
    await expectFailureInTime(() => store.probe());
    await store.head();
    await store.probe();
  });

  it('does not answer an append fails no read', async () => {
    await store.close();
    store = await open(server.url, 2_500); // for reads that share a busy machine with four others
    await expectItWorks();
    const stream = newStream();
    await store.append(stream, NO_STREAM, events(900));
    server.faults.appends.push('never-answer');
    let over = false;
    const appending = expectFailureInTime(() => store.append(stream, 899, events(1))).finally(() => (over = true));
    const reading = Array.from({ length: 5 }, async () => {
      while (!over) expect(await store.readStream(stream, 0, 1_000)).toHaveLength(900);
    });
    await Promise.all([appending, ...reading]);
  });

  it('hangs at the start is used when it goes on', async () => {
    server.faults.hung = true;
    await expectFailuresInTime();
    server.faults.hung = false;
    await expectItWorks();
  });
});

describe('a closed store', () => {
  beforeEach(async () => {
    await store.close();
    store = await open(server.url, 10_000);
  });

  it('rejects everything, and may be closed again', async () => {
    await store.close();
    await store.close();
    await expect(store.append(newStream(), NO_STREAM, events(1))).rejects.toThrow(EventStoreUnavailable);
    await expect(store.head()).rejects.toThrow('closed');
  });

  it('rejects what was under way, and no read comes out short', async () => {
    const stream = newStream();
    await store.append(stream, NO_STREAM, events(900));
    server.faults.appends.push('never-answer');
    const pending = store.append(stream, 899, events(1));
    const reading = store.readStream(stream, 0, 1_000);
    const outcomes = Promise.allSettled([pending, reading]);
    await delay(5);
    await store.close();
    const [append, read] = await outcomes;
    expect(append.status).toBe('rejected');
    expect(read.status === 'fulfilled' ? read.value : events(900)).toHaveLength(900);
  });

  it('leaves no connection', async () => {
    await store.head();
    expect(server.connections).toBe(1);
    await store.close();
    await until('the connection is closed', () => server.connections === 0);
  });

  it('lets the process end', async () => {
    const script = new URL('../support/event-store-server/one-event.child.ts', import.meta.url);
    const child = forkTypeScript(script, [server.url]);
    const [code] = (await once(child, 'exit', { signal: AbortSignal.timeout(25_000) })) as [number];
    expect(code).toBe(0);
    expect(await store.readAll(START, 10)).toHaveLength(1);
  });
});

describe('a connection string', () => {
  it('that is none is refused, and no password shown', async () => {
    const wrong = open('esdb://admin:secret@host:port');
    await expect(wrong).rejects.toThrow('the connection string should have');
    await expect(wrong).rejects.not.toThrow(/secret/);
    const unescaped = open('esdb://admin:a@secret@host:2113');
    await expect(unescaped).rejects.toThrow('must be written as %40');
    await expect(unescaped).rejects.not.toThrow(/secret/);
    await expect(open('mongodb://localhost')).rejects.toThrow('esdb:// or esdb+discover://');
    await expect(open('esdb://localhost?throwOnAppendFailure=false')).rejects.toThrow('must not be false');
  });
});
