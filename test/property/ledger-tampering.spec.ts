// Whoever can write to the event store, and has not the key of the ledger, changes nothing that `verify` does not find: random edits, removals,
// exchanges, truncations, insertions, and all of these with every hash made right again.
import { generateKeyPairSync } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../src/adapters/memory/memory-read-model-store.js';
import { type EventStore, type RecordedEvent, type Row, START } from '../../src/event-store/index.js';
import { type JsonObject, SystemClock } from '../../src/kernel/index.js';
import { PROJECTIONS, verify } from '../../src/operations/index.js';
import { startingPriceList } from '../../src/pricing/index.js';
import { AuthenticatedEventStore, LedgerKeys, Sealer, Seals } from '../../src/seals/index.js';
import { EditedStore, rehashed } from '../support/ledger/edited-store.js';
import { ledgerWithHistory } from '../support/ledger/history.js';
import { MemoryPlace } from '../support/seals/memory-place.js';

const RUNS = 64;
const keys = new LedgerKeys([generateKeyPairSync('ed25519').privateKey]);
const place = new MemoryPlace();
const sealsOf = (store: EventStore): Seals => new Seals(store, new MemoryReadModelStore(), keys, [place]);

/** Events that a checkpoint seals, and then that checkpoint. */
let log: readonly RecordedEvent[];
let sealed: number;
/** The same, events that nothing seals yet, and read models that have seen them all. */
let unsealed: readonly RecordedEvent[];
let readModels: MemoryReadModelStore;
beforeAll(async () => {
  const models = startingPriceList().filter(({ model }) => model === 'gpt-4o'); // the others only take time
  const made = await ledgerWithHistory(new AuthenticatedEventStore(new MemoryEventStore(), keys), models);
  const seal = () => new Sealer(sealsOf(made.store), made.store, new SystemClock()).seal();
  for (const account of ['a', 'b']) {
    await made.open(account);
    await made.hold(account, `${account}1`);
    await made.settle(account, `${account}1`, 1_000);
    await made.hold(account, `${account}2`);
    await made.release(account, `${account}2`);
    await made.topUp(account, `t-${account}`);
    await seal();
  }
  log = await made.store.readAll(START, 1_000);
  sealed = log.length - 1;
  await made.open('c');
  await made.hold('c', 'c1');
  await made.settle('c', 'c1', 500);
  await made.topUp('b', 't-c');
  await made.project();
  unsealed = await made.store.readAll(START, 1_000);
  readModels = made.readModels;
});

const faultsOf = async (events: readonly RecordedEvent[]): Promise<readonly string[]> => {
  const store = new EditedStore(events);
  return (await verify(store, readModels, { seals: sealsOf(store), readModels: false })).faults;
};

interface Choice {
  readonly which: number;
  readonly other: number;
  readonly text: string;
}
const choice: fc.Arbitrary<Choice> = fc.record({
  which: fc.nat(),
  other: fc.nat(),
  text: fc.stringMatching(/^[a-z0-9]{1,8}$/),
});

type Edit = (events: readonly RecordedEvent[], choice: Choice) => readonly RecordedEvent[];

/** Changes one event that is sealed. */
const one =
  (change: (event: RecordedEvent, choice: Choice) => Partial<RecordedEvent>): Edit =>
  (events, chosen) => {
    const at = chosen.which % sealed;
    const event = events[at] as RecordedEvent;
    return events.with(at, { ...event, ...change(event, chosen) });
  };

const fieldOf = (value: JsonObject, other: number): string =>
  Object.keys(value)[other % Object.keys(value).length] ?? '';

const uuidOf = (number: number): string => `00000000-0000-4000-8000-${String(number % 10 ** 12).padStart(12, '0')}`;

const edits: Readonly<Record<string, Edit>> = {
  'a field of data': one(({ data }, { other, text }) => ({ data: { ...data, [fieldOf(data, other)]: text } })),
  'a field of data that is gone': one(({ data }, { other }) => {
    const { [fieldOf(data, other)]: _gone, ...left } = data;
    return { data: left };
  }),
  'a type': one((_event, { text }) => ({ type: text })),
  'an id': one((_event, { other }) => ({ id: uuidOf(other) })),
  'a time': one(({ recordedAt }, { other }) => ({
    recordedAt: new Date(Date.parse(recordedAt) + (other % 2_000_000) - 1_000_000).toISOString(),
  })),
  'metadata that is added': one(({ metadata }, { text }) => ({ metadata: { ...metadata, [text]: text } })),
  'a MAC of another event': (events, { which, other }) => {
    const [at, from] = [which % sealed, other % sealed];
    const event = events[at] as RecordedEvent;
    const metadata = { ...event.metadata, mac: events[from]?.metadata['mac'] };
    return events.with(at, { ...event, metadata });
  },
  'a position': one((_event, { other }) => ({ position: (other % sealed) + 0.5 })),
  'a position in its metadata': one(({ metadata, position }, { other }) => ({
    metadata: { ...metadata, position: position + 1 + (other % 99) },
  })),
  'an event that is gone': (events, { which }) => events.toSpliced(which % sealed, 1),
  'several events that are gone': (events, { which, other }) =>
    events.filter((_, at) => at >= sealed || (at * (which % 97) + other) % 5 !== 0),
  'a stream that is gone': (events, { which }) => {
    const { stream } = events[which % sealed] as RecordedEvent;
    return events.filter((event) => event.stream !== stream);
  },
  'the end of a stream that is gone': (events, { which }) => {
    const { stream, revision } = events[which % sealed] as RecordedEvent;
    return events.filter((event) => event.stream !== stream || event.revision < revision);
  },
  'two events in each other’s place': (events, { which, other }) => {
    const [i, j] = [which % sealed, other % sealed];
    const [a, b] = [events[i], events[j]] as [RecordedEvent, RecordedEvent];
    const moved = events.with(i, { ...b, position: a.position });
    return moved.with(j, { ...a, position: b.position }).toSorted((x, y) => x.position - y.position);
  },
  'the end of the log that is gone': (events, { which }) => events.slice(0, which % events.length),
  'a copy of an event, somewhere else': (events, { which, other }) => {
    const event = events[which % sealed] as RecordedEvent;
    const revision =
      1 + Math.max(...events.filter(({ stream }) => stream === event.stream).map((each) => each.revision));
    const copy = { ...event, revision, id: uuidOf(other), position: (other % events.length) + 0.5 };
    return [...events, copy].toSorted((x, y) => x.position - y.position);
  },
};

/** What was changed and not found, if anything. */
const missed = (edit: Edit, { events = log, find = faultsOf, numRuns = RUNS } = {}) =>
  fc.check(
    fc.asyncProperty(choice, async (chosen) => {
      const edited = edit(events, chosen);
      fc.pre(!isDeepStrictEqual(edited, events));
      return (await find(edited)).length > 0;
    }),
    { numRuns },
  );

describe.each(Object.entries(edits))('%s', (_what, edit) => {
  it('is found', async () => {
    expect(await missed(edit)).toMatchObject({ failed: false });
  });

  it('is found when every hash was made right again', async () => {
    expect(await missed((events, chosen) => rehashed(edit(events, chosen)))).toMatchObject({ failed: false });
  });
});

/** With the rows of the read models, as gateways had made them. */
const faultsOfAll = async (events: readonly RecordedEvent[]): Promise<readonly string[]> => {
  const store = new EditedStore(events);
  return (await verify(store, readModels, { seals: sealsOf(store) })).faults;
};

/** Removals among the events that nothing seals. */
const unsealedEdits: Readonly<Record<string, Edit>> = {
  'an event that is gone': (events, { which }) =>
    events.toSpliced(log.length + (which % (events.length - log.length)), 1),
  'the end of a stream that is gone': (events, { which }) => {
    const { stream, revision } = events[log.length + (which % (events.length - log.length))] as RecordedEvent;
    return events.filter((event) => event.stream !== stream || event.revision < revision);
  },
  'the end of the log that is gone': (events, { which }) =>
    events.slice(0, log.length + (which % (events.length - log.length))),
};

describe.each(Object.entries(unsealedEdits))('in the last minute, %s', (_what, edit) => {
  it('is found by the read models, rehashed or not', async () => {
    const how = { events: unsealed, find: faultsOfAll, numRuns: RUNS / 8 };
    expect(await missed(edit, how)).toMatchObject({ failed: false });
    expect(await missed((events, chosen) => rehashed(edit(events, chosen)), how)).toMatchObject({ failed: false });
  });
});

it('a row of a read model that was changed is found, and which', async () => {
  const changed = fc.asyncProperty(fc.nat(), fc.nat(), async (which, other) => {
    const { view } = PROJECTIONS[which % PROJECTIONS.length] as (typeof PROJECTIONS)[number];
    const rows = await readModels.find(view, { limit: 100 });
    fc.pre(rows.length > 0);
    const row = rows[other % rows.length] as Row;
    const store = new EditedStore(unsealed);
    const find = readModels.find.bind(readModels);
    readModels.find = async (...query) =>
      (await find(...query)).map((each) =>
        query[0] === view && each.id === row.id ? { ...each, doc: { ...each.doc, forged: 'yes' } } : each,
      );
    const { faults } = await verify(store, readModels, { seals: sealsOf(store) });
    readModels.find = find;
    return isDeepStrictEqual(faults, [`${view.name} ${row.id}: forged differs; live: "yes", rebuilt: absent`]);
  });
  expect(await fc.check(changed, { numRuns: RUNS / 8 })).toMatchObject({ failed: false });
});

it('a ledger that nobody touched has no faults', async () => {
  expect(await faultsOf(log)).toEqual([]);
  expect(await faultsOfAll(unsealed)).toEqual([]);
});
