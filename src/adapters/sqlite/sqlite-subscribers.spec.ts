import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { event } from '../../../test/contract/event-store.fixture.js';
import { type EventStore, NO_STREAM, type RecordedEvent, START } from '../../event-store/event-store.js';
import type { JsonObject } from '../../kernel/index.js';
import { SqliteEventStore } from './sqlite-event-store.js';

let folder: string;
let path: string;
const stores: SqliteEventStore[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-hub-'));
  path = join(folder, 'events.db');
});
afterEach(async () => {
  await Promise.all(stores.splice(0).map((store) => store.close()));
  rmSync(folder, { recursive: true });
});

async function open(): Promise<SqliteEventStore> {
  const store = await SqliteEventStore.open(path);
  stores.push(store);
  return store;
}

/** The events that a subscriber gets after a position, up to the `count`th. */
async function follow(store: EventStore, after: number, count: number): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = [];
  const ended = new AbortController();
  if (count === 0) return seen;
  for await (const batch of store.subscribe(after, ended.signal)) {
    seen.push(...batch);
    if (seen.length >= count) ended.abort();
  }
  return seen;
}

/** Values that JSON text does not keep as they are, beside those that it keeps. */
const values = fc.oneof(
  fc.jsonValue({ stringUnit: 'binary' }),
  fc.constantFrom<unknown>(undefined, -0, NaN, '\ud800', [[undefined, -0]], { a: { b: undefined } }, new Date(0)),
  fc.constantFrom<unknown>(JSON.rawJSON('12345678901234567890'), JSON.parse('{"__proto__": 1}'), ['x'], Array(2)),
);
const data = fc.dictionary(fc.string({ unit: 'binary' }), values) as fc.Arbitrary<JsonObject>;

interface Step {
  readonly store: number;
  readonly events: readonly JsonObject[];
  /** Whether it waits for all before it; otherwise it races with them. */
  readonly waits: boolean;
  /** Whether a subscriber to each store begins after it, at the start of the log. */
  readonly subscribes: boolean;
}
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    store: fc.nat(1),
    events: fc.array(data, { minLength: 1, maxLength: 4 }),
    waits: fc.boolean(),
    subscribes: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('subscribers to a file', () => {
  it('get every event once, in order, as it is read back, while two processes append', async () => {
    const both = [await open(), await open()] as const;
    await fc.assert(
      fc.asyncProperty(steps, fc.uuid(), async (plan, name) => {
        const start = await both[0].head();
        const count = plan.reduce((sum, { events }) => sum + events.length, 0);
        const seen = both.map((store) => follow(store, start, count));
        const appends: Promise<void>[] = [];
        for (const [index, { store, events, waits, subscribes }] of plan.entries()) {
          if (waits) await Promise.all(appends);
          const batch = events.map((each) => ({ ...event(each), metadata: { hash: 'h', more: each } }));
          appends.push((both[store] as EventStore).append(`${name}-${index}`, NO_STREAM, batch));
          if (subscribes) seen.push(...both.map((each) => follow(each, start, count)));
        }
        await Promise.all(appends);
        const stored = await both[0].readAll(start, count);
        for (const each of await Promise.all(seen)) expect(each).toStrictEqual(stored);
      }),
      { numRuns: 60 },
    );
  });

  it('get what their own process appends as the objects that it appended', async () => {
    const store = await open();
    await store.append('a', NO_STREAM, [event()]);
    const seen = follow(store, await store.head(), 3);
    const [first, second, third] = [event({ n: 1 }), event({ n: 2 }), event({ n: 3, not: undefined })];
    await store.append('a', 0, [first, second]);
    await store.append('a', 2, [third]);
    const [one, two, three] = await seen;
    expect(one?.data).toBe(first.data);
    expect(two?.metadata).toBe(second.metadata);
    expect(three?.data).toStrictEqual({ n: 3 });
  });

  it('get what their own process appends after whoever appended it has gone on', async () => {
    const store = await open();
    const order: string[] = [];
    const ended = new AbortController();
    const following = (async () => {
      for await (const [{ revision } = { revision: -1 }] of store.subscribe(START, ended.signal)) {
        if (revision !== 1) continue;
        order.push('subscriber');
        ended.abort();
      }
    })();
    await store.append('a', NO_STREAM, [event()]);
    await new Promise((resolve) => setTimeout(resolve, 50)); // it waits for news by now
    await store.append('a', 0, [event()]);
    for (let step = 0; step < 50; step++) await Promise.resolve();
    order.push('call');
    await following;
    expect(order).toEqual(['call', 'subscriber']);
  });

  it('get an event that was moved here with the time it was first recorded', async () => {
    const store = await open();
    const seen = follow(store, START, 1);
    const recordedAt = '2026-03-04T12:00:00.123Z';
    await store.append('a', NO_STREAM, [{ ...event(), metadata: { hash: 'h', recordedAt } }]);
    expect(await seen).toMatchObject([{ recordedAt }]);
  });

  it('get what another process commits when theirs appends nothing', async () => {
    const [mine, other] = [await open(), await open()];
    const seen = follow(mine, START, 2);
    await mine.append('a', NO_STREAM, [event()]);
    await other.append('b', NO_STREAM, [event()]);
    expect(await seen).toStrictEqual(await other.readAll(START, 10));
  });

  it('that are slow get more than a page in order', async () => {
    const store = await open();
    await store.append('first', NO_STREAM, [event()]);
    const seen: RecordedEvent[] = [];
    const ended = new AbortController();
    for await (const batch of store.subscribe(START, ended.signal)) {
      seen.push(...batch);
      if (seen.length >= 1_200) ended.abort();
      else if (seen.length < 10) {
        const appends = Array.from({ length: 300 }, (_, n) =>
          store.append(`s-${n}`, NO_STREAM, [event(), event(), event(), event()]),
        );
        await Promise.all(appends);
      }
    }
    expect(seen).toStrictEqual(await store.readAll(START, 2_000));
  });
});
