import { expect, it } from 'vitest';
import { NO_STREAM, type EventStore, type RecordedEvent } from '../../src/event-store/event-store.js';
import { events, newStream, readAllOf, stored, type Fixture } from './event-store.fixture.js';

/** Reads a subscription until `count` events of `stream` came, and returns those. */
async function follow(store: EventStore, after: number, stream: string, count: number): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = [];
  const ended = new AbortController();
  for await (const batch of store.subscribe(after, ended.signal)) {
    seen.push(...batch.filter((recorded) => recorded.stream === stream));
    if (seen.length >= count) ended.abort();
  }
  return seen;
}

export function subscribers(fixture: Fixture): void {
  it('gets the events there are, then those that come', async () => {
    const { store, stream } = fixture;
    const before = await store.head();
    await store.append(stream, NO_STREAM, events(2));
    const seen = follow(store, before, stream, 4);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await store.append(stream, 1, events(2));
    expect(await seen).toEqual(await stored(fixture));
  });

  it('resumes after its position without gap or repeat while appends race', async () => {
    const { store, stream } = fixture;
    const before = await store.head();
    const append = async () => {
      for (let revision = -1; revision < 599; revision += 3) await store.append(stream, revision, events(3));
    };
    const seen: RecordedEvent[] = [];
    const read = async () => {
      while (seen.length < 600) {
        const more = await follow(store, seen.at(-1)?.position ?? before, stream, 1);
        if (more.length === 0) throw new Error('the store was closed');
        seen.push(...more);
      }
    };
    await Promise.all([append(), read()]);
    expect(seen).toEqual(await stored(fixture));
  });

  it('misses nothing of many streams, and neither does any other', async () => {
    const { store } = fixture;
    const before = await store.head();
    const streams = Array.from({ length: 20 }, newStream);
    const last = newStream();
    const several = Array.from({ length: 5 }, async () => {
      const seen: RecordedEvent[] = [];
      const ended = new AbortController();
      for await (const batch of store.subscribe(before, ended.signal)) {
        seen.push(...batch);
        if (batch.some((each) => each.stream === last)) ended.abort();
      }
      return seen.filter((each) => streams.includes(each.stream));
    });
    await Promise.all(
      streams.map(async (each) => {
        for (let revision = -1; revision < 49; revision++) await store.append(each, revision, events(1));
      }),
    );
    await store.append(last, NO_STREAM, events(1));
    const all = (await readAllOf(store, before, 500)).filter((each) => streams.includes(each.stream));
    expect(all).toHaveLength(1_000);
    for (const seen of await Promise.all(several)) expect(seen).toEqual(all);
  });

  it('ends when it is aborted, while it waits or before it begins', async () => {
    const { store, stream } = fixture;
    const waiting = new AbortController();
    setTimeout(() => waiting.abort(), 50);
    for (const signal of [waiting.signal, AbortSignal.abort()]) {
      const after = await store.head();
      for await (const batch of store.subscribe(after, signal)) {
        expect(batch.filter((each) => each.stream === stream)).toEqual([]);
      }
    }
  });

  it('may leave in the middle, and the store goes on', async () => {
    const { store, stream } = fixture;
    const before = await store.head();
    await store.append(stream, NO_STREAM, events(2));
    for await (const batch of store.subscribe(before, new AbortController().signal)) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    await store.append(stream, 1, events(1));
    expect(await stored(fixture)).toHaveLength(3);
  });
}
