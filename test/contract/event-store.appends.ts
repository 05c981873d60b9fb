import { describe, expect, it } from 'vitest';
import {
  EventStoreUnavailable,
  type NewEvent,
  NO_STREAM,
  WrongExpectedRevision,
} from '../../src/event-store/event-store.js';
import { event, events, idsOf, newStream, stored, type Fixture } from './event-store.fixture.js';

const conflict = (stream: string, expected: number, actual: number): object => ({
  name: 'WrongExpectedRevision',
  stream,
  expected,
  actual,
});

export function appends(fixture: Fixture): void {
  it('numbers the events of a stream from 0 without gaps, at growing positions', async () => {
    const { store, stream } = fixture;
    await store.append(stream, NO_STREAM, events(3));
    await store.append(stream, 2, events(2));
    const recorded = await stored(fixture);
    expect(recorded.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
    const positions = recorded.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
  });

  it('is refused at a stale revision, and stores nothing', async () => {
    const { store, stream } = fixture;
    await store.append(stream, NO_STREAM, events(2));
    await expect(store.append(stream, 0, events(1))).rejects.toMatchObject(conflict(stream, 0, 1));
    expect(await stored(fixture)).toHaveLength(2);
  });

  it('is refused ahead of the head, and stores nothing', async () => {
    const { store, stream } = fixture;
    await expect(store.append(stream, 0, events(1))).rejects.toMatchObject(conflict(stream, 0, NO_STREAM));
    await store.append(stream, NO_STREAM, events(1));
    await expect(store.append(stream, 5, events(1))).rejects.toMatchObject(conflict(stream, 5, 0));
    expect(await stored(fixture)).toHaveLength(1);
  });

  it('starts a stream once', async () => {
    const { store, stream } = fixture;
    await store.append(stream, NO_STREAM, events(1));
    await expect(store.append(stream, NO_STREAM, events(1))).rejects.toMatchObject(conflict(stream, NO_STREAM, 0));
  });

  it('is an instance of WrongExpectedRevision when refused', async () => {
    const { store, stream } = fixture;
    await expect(store.append(stream, 7, events(1))).rejects.toBeInstanceOf(WrongExpectedRevision);
  });

  it('stores a batch all or nothing', async () => {
    const { store, stream } = fixture;
    const batch = events(50);
    await store.append(stream, NO_STREAM, batch);
    expect(idsOf(await stored(fixture))).toEqual(idsOf(batch));
    await expect(store.append(stream, 48, events(50))).rejects.toMatchObject(conflict(stream, 48, 49));
    expect(idsOf(await stored(fixture))).toEqual(idsOf(batch));
  });

  it('lets exactly one of two racing writers win', async () => {
    const { store, stream } = fixture;
    for (let round = 0; round < 50; round++) {
      const attempts = [events(2), events(2)];
      const outcomes = await Promise.allSettled(attempts.map((batch) => store.append(stream, round * 2 - 1, batch)));
      const winner = attempts[outcomes.findIndex(({ status }) => status === 'fulfilled')];
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(idsOf(await store.readStream(stream, round * 2, 10))).toEqual(idsOf(winner ?? []));
    }
  });

  it('takes what follows an append that is under way, in the order of sending', async () => {
    const { store, stream } = fixture;
    const batches = Array.from({ length: 20 }, () => events(2));
    await Promise.all(batches.map((batch, index) => store.append(stream, index * 2 - 1, batch)));
    expect(idsOf(await stored(fixture))).toEqual(idsOf(batches.flat()));
  });

  // Why a writer waits for the answer before it sends what follows: ADR 15.
  it('takes an append for the next of any that stored as many events: a revision is a number, and says not whose', async () => {
    const { store, stream } = fixture;
    await store.append(stream, NO_STREAM, events(1));
    const [others, first, following] = [events(1), events(1), events(1)];
    const outcomes = await Promise.allSettled([
      store.append(stream, 0, others),
      store.append(stream, 0, first),
      store.append(stream, 1, following),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(idsOf(await stored(fixture)).slice(1)).toEqual(idsOf([...others, ...following]));
  });

  it('keeps 1,000 streams apart that are written at once', async () => {
    const { store } = fixture;
    const streams = Array.from({ length: 1_000 }, newStream);
    const batches = streams.map(() => events(3));
    await Promise.all(
      streams.map(async (each, index) => {
        await store.append(each, NO_STREAM, batches[index]?.slice(0, 1) ?? []);
        await store.append(each, 0, batches[index]?.slice(1) ?? []);
      }),
    );
    for (const [index, each] of streams.entries()) {
      expect(idsOf(await store.readStream(each, 0, 10))).toEqual(idsOf(batches[index] ?? []));
    }
  });

  describe('sent twice', () => {
    sentTwice(fixture);
  });
  describe('that no store could keep', () => {
    refused(fixture);
  });
}

function refused(fixture: Fixture): void {
  const sized = (bytes: number) => event({ text: 'x'.repeat(bytes) });
  const twice = event();
  const refusal = { name: 'AppendRefused' };

  it.each<[string, unknown[]]>([
    ['has no data', [{ ...event(), data: undefined }]],
    ['has data without JSON', [{ ...event(), data: { amount: 1n } }]],
    ['has metadata that is no object', [{ ...event(), metadata: 'text' }]],
    ['has an id that is no UUID', [{ ...event(), id: 'not-a-uuid' }]],
    ['has an id in capitals', [{ ...event(), id: event().id.toUpperCase().replace(/^./, 'A') }]],
    ['has an event without a type', [{ ...event(), type: '' }]],
    ["has an event of a server's own type", [{ ...event(), type: '$>' }]],
    ['has an event twice', [twice, twice]],
    ['has no event', []],
  ])('is refused for good: one that %s', async (_fault, list) => {
    const { store, stream } = fixture;
    await expect(store.append(stream, NO_STREAM, list as NewEvent[])).rejects.toMatchObject(refusal);
    await store.append(stream, NO_STREAM, events(1));
    expect(await stored(fixture)).toHaveLength(1);
  });

  it('is refused for good: one to a stream or at a revision that can not be', async () => {
    const { store, stream } = fixture;
    await expect(store.append('$settings', NO_STREAM, events(1))).rejects.toMatchObject(refusal);
    await expect(store.append('', NO_STREAM, events(1))).rejects.toMatchObject(refusal);
    await expect(store.append(stream, -2, events(1))).rejects.toMatchObject(refusal);
    expect(await stored(fixture)).toEqual([]);
  });

  it('is refused for good: one of more than 1 MiB', async () => {
    const { store, stream } = fixture;
    await store.append(stream, NO_STREAM, [sized(600_000), sized(448_000)]);
    await expect(store.append(stream, 1, [sized(600_000), sized(449_000)])).rejects.toThrow('the maximum is 1048576');
    await expect(store.append(stream, 1, [sized(600_000), sized(449_000)])).rejects.toMatchObject(refusal);
    await expect(store.append(stream, 1, [event({ text: 'ä'.repeat(600_000) })])).rejects.toMatchObject(refusal);
    expect(await stored(fixture)).toHaveLength(2);
  });
}

function sentTwice(fixture: Fixture): void {
  it('is stored once', async () => {
    const { store, stream } = fixture;
    const batch = events(2);
    await store.append(stream, NO_STREAM, batch);
    await store.append(stream, NO_STREAM, batch);
    expect(idsOf(await stored(fixture))).toEqual(idsOf(batch));
  });

  it('is stored once, also after later events', async () => {
    const { store, stream } = fixture;
    const [first, second, later] = [events(1), events(2), events(2)];
    await store.append(stream, NO_STREAM, first);
    await store.append(stream, 0, second);
    await store.append(stream, 2, later);
    await store.append(stream, 0, second);
    await store.append(stream, NO_STREAM, first);
    expect(idsOf(await stored(fixture))).toEqual(idsOf([...first, ...second, ...later]));
  });

  // A real EventStoreDB 23.10 left the second of such two without an answer until its deadline, 179 times of 200. What it does not know to be
  // replicated yet it drops, "and wait for the client to retry" (StorageWriterService.ActOnCommitCheckFailure, IdempotentNotReady).
  it('is stored once when both are under way together, and one of them may be left unanswered', async () => {
    const { store, stream } = fixture;
    const refusals: unknown[] = [];
    for (let round = 0; round < 50; round++) {
      const batch = events(2);
      const expected = round * 2 - 1;
      const both = [store.append(stream, expected, batch), store.append(stream, expected, batch)];
      for (const one of both) {
        one.catch((error: unknown) => {
          if (!(error instanceof EventStoreUnavailable)) refusals.push(error);
        });
      }
      await Promise.any(both);
    }
    const revisions = (await stored(fixture)).map(({ revision }) => revision);
    expect(revisions).toEqual(Array.from({ length: 100 }, (_, revision) => revision));
    expect(refusals).toEqual([]);
  });

  it('is refused when only a part of it is stored', async () => {
    const { store, stream } = fixture;
    const batch = events(2);
    await store.append(stream, NO_STREAM, batch);
    const [first, second] = batch;
    const others = [
      [first, event()],
      [event(), second],
      [first, second, event()],
    ].map((list) => list.filter((each) => each !== undefined));
    for (const other of others) {
      await expect(store.append(stream, NO_STREAM, other)).rejects.toMatchObject(conflict(stream, NO_STREAM, 1));
    }
    expect(idsOf(await stored(fixture))).toEqual(idsOf(batch));
  });
}
