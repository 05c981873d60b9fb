import { describe, expect, it } from 'vitest';
import { chainHash, GENESIS } from '../kernel/index.js';
import type { RecordedEvent } from './event-store.js';
import { verifyChain } from './verify-chain.js';

/** A stream of events as a store gives it back, with their hashes. */
function chain(length: number, stream = 'parcel-1'): RecordedEvent[] {
  let hash = GENESIS;
  return Array.from({ length }, (_, revision) => {
    const id = `0b0ff7a6-6e4d-5d5e-9d3a-${String(revision).padStart(12, '0')}`;
    const link = { stream, revision, type: 'ParcelWeighed', id, data: { grams: revision } };
    hash = chainHash(hash, link);
    return { ...link, metadata: { hash }, position: revision, recordedAt: '2026-03-04T12:00:00.000Z' };
  });
}

const sound = chain(5);
const at2 = sound[2] as RecordedEvent;
const changed = (change: Partial<RecordedEvent>): RecordedEvent[] => sound.with(2, { ...at2, ...change });

/** The same events, as they come from a store. */
async function* inTurn(events: readonly RecordedEvent[]) {
  for (const event of events) yield await Promise.resolve(event);
}

describe('verifying a chain', () => {
  it('finds no fault in what was written', async () => expect(await verifyChain(sound)).toBeUndefined());

  it('finds no fault in nothing', async () => expect(await verifyChain([])).toBeUndefined());

  it('takes events as they come from a store', async () => {
    expect(await verifyChain(inTurn(sound))).toBeUndefined();
  });

  it.each<[string, Partial<RecordedEvent>]>([
    ['data', { data: { grams: 3 } }],
    ['an added field', { data: { grams: 2, note: '' } }],
    ['data without canonical JSON', { data: { grams: NaN } }],
    ['the type', { type: 'ParcelLost' }],
    ['the id', { id: '0b0ff7a6-6e4d-5d5e-9d3a-000000000003' }],
    ['the hash', { metadata: { hash: GENESIS } }],
    ['the letter case of the hash', { metadata: { hash: String(at2.metadata['hash']).toUpperCase() } }],
    ['a hash that is gone', { metadata: {} }],
  ])('finds a change of %s, where it is', async (_what, change) =>
    expect(await verifyChain(changed(change))).toEqual({
      revision: 2,
      sentence: expect.stringMatching(/^The hash of revision 2 of parcel-1 \(\w+\) does not match/),
    }),
  );

  it('finds an event of another stream', async () =>
    expect(await verifyChain(changed({ stream: 'parcel-2' }))).toEqual({
      revision: 2,
      sentence: 'Revision 2 of parcel-1 is an event of parcel-2.',
    }));

  it.each([
    ['a removed event', sound.toSpliced(2, 1), 3],
    ['a repeated event', sound.toSpliced(2, 0, sound[1] as RecordedEvent), 1],
    ['swapped events', [...sound.slice(0, 2), ...sound.slice(2, 4).toReversed(), ...sound.slice(4)], 3],
  ])('finds %s', async (_what, events, inPlace) =>
    expect(await verifyChain(events)).toEqual({
      revision: 2,
      sentence: `Revision 2 of parcel-1 is missing: revision ${inPlace} stands in its place.`,
    }),
  );

  it('finds a removed event though those after it were numbered anew', async () => {
    const renumbered = sound.toSpliced(2, 1).map((event, revision) => ({ ...event, revision }));
    expect(await verifyChain(renumbered)).toMatchObject({ revision: 2 });
  });

  it('finds an event whose hash was made to fit, at the one after it', async () => {
    const data = { grams: 9 };
    const hash = chainHash(String(sound[1]?.metadata['hash']), { ...at2, data });
    expect(await verifyChain(changed({ data, metadata: { hash } }))).toMatchObject({ revision: 3 });
  });

  it('finds a stream that does not begin with its first event', async () =>
    expect(await verifyChain(sound.slice(1))).toMatchObject({ revision: 0 }));

  it('does not see that the end was cut off: a checkpoint does', async () =>
    expect(await verifyChain(sound.slice(0, 3))).toBeUndefined());
});
