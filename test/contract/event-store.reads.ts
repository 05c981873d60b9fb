import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { NO_STREAM, type NewEvent } from '../../src/event-store/event-store.js';
import type { JsonObject } from '../../src/kernel/index.js';
import { event, events, idsOf, newStream, readAllOf, stored, type Fixture } from './event-store.fixture.js';

export function reads(fixture: Fixture): void {
  it('returns what was written, whatever JSON it is', async () => {
    const { store, stream } = fixture;
    const data: JsonObject = {
      text: 'Grüße, 你好, 👩‍👩‍👧‍👦, \u0000, "\\", \u2028',
      amount: '0.000003750000',
      numbers: [0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER],
      nested: { deep: [{ er: { empty: {}, none: null, list: [], yes: true } }] },
      'key with "quotes"': '',
      long: 'x'.repeat(200_000),
    };
    const written: NewEvent = { id: randomUUID(), type: 'Tested', data, metadata: { hash: 'ä', more: [data] } };
    await store.append(stream, NO_STREAM, [written]);
    const [recorded] = await stored(fixture);
    expect(recorded).toMatchObject({ ...written, stream, revision: 0 });
    expect(recorded?.data).toEqual(data);
    expect(Math.abs(Date.parse(recorded?.recordedAt ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it('of an event that was moved here tells when it was first recorded', async () => {
    const { store, stream } = fixture;
    const before = await store.head();
    const metadata = { hash: 'h', recordedAt: '2026-03-04T12:00:00.123Z' };
    await store.append(stream, NO_STREAM, [{ ...event(), metadata }]);
    const first = { recordedAt: metadata.recordedAt, metadata };
    expect(await stored(fixture)).toMatchObject([first]);
    expect((await readAllOf(store, before, 100)).find((each) => each.stream === stream)).toMatchObject(first);
  });

  it('of a stream comes in pages', async () => {
    const { store, stream } = fixture;
    const batch = events(5);
    await store.append(stream, NO_STREAM, batch);
    expect(idsOf(await store.readStream(stream, 0, 2))).toEqual(idsOf(batch.slice(0, 2)));
    expect(idsOf(await store.readStream(stream, 2, 2))).toEqual(idsOf(batch.slice(2, 4)));
    expect(idsOf(await store.readStream(stream, 4, 2))).toEqual(idsOf(batch.slice(4)));
    expect(await store.readStream(stream, 5, 2)).toEqual([]);
  });

  it('of a stream that does not exist is empty', async () => {
    expect(await stored(fixture)).toEqual([]);
  });

  it('of all streams comes in pages, in the order of commits', async () => {
    const { store, stream } = fixture;
    const before = await store.head();
    const other = newStream();
    const [first, second, third] = [events(3), events(2), events(2)];
    await store.append(stream, NO_STREAM, first);
    await store.append(other, NO_STREAM, second);
    await store.append(stream, 2, third);
    const mine = (await readAllOf(store, before, 2)).filter((each) => [stream, other].includes(each.stream));
    expect(idsOf(mine)).toEqual(idsOf([...first, ...second, ...third]));
  });

  it('of envelopes gives what stands around the data of the same events', async () => {
    const { store, stream } = fixture;
    const before = await store.head();
    const moved = { hash: 'h', more: [1], position: 7, recordedAt: '2026-03-04T12:00:00.123Z' };
    await store.append(stream, NO_STREAM, [{ ...event(), metadata: moved }, ...events(2)]);
    const expected = (await stored(fixture)).map(({ id: _id, type: _type, data: _data, ...envelope }) => envelope);
    const envelopes = await store.readEnvelopes(before, 100);
    expect(envelopes.filter((each) => each.stream === stream)).toMatchObject(expected);
    expect(await store.readEnvelopes(before, 2)).toMatchObject(envelopes.slice(0, 2));
  });

  it('of a stream and of all streams gives an event the same position', async () => {
    const { store, stream } = fixture;
    const before = await store.head();
    await store.append(stream, NO_STREAM, events(3));
    await store.append(stream, 2, events(1));
    const positions = (await stored(fixture)).map(({ position }) => position);
    const all = (await readAllOf(store, before, 100)).filter((each) => each.stream === stream);
    expect(all.map(({ position }) => position)).toEqual(positions);
  });

  it('of the head gives the position of the last event', async () => {
    const { store, stream } = fixture;
    await store.append(stream, NO_STREAM, events(2));
    const last = (await stored(fixture)).at(-1)?.position ?? Number.NaN;
    expect(await store.head()).toBeGreaterThanOrEqual(last);
    expect((await readAllOf(store, last, 10)).filter((each) => each.stream === stream)).toEqual([]);
  });
}
