// Nobody can change the history of an account unseen.
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RecordedEvent, verifyChain } from '../../src/event-store/index.js';
import { chainHash, eventId, type JsonObject } from '../../src/kernel/index.js';
import type { AccountEvent } from '../../src/ledger/account.events.js';
import { anything, histories } from '../support/ledger/histories.js';
import { chained } from '../support/ledger/logs.js';
import { play } from '../support/ledger/play.js';

const STREAM = 'account-acc';

const record = (events: readonly AccountEvent[]): RecordedEvent[] =>
  chained(STREAM, events).map((event, revision) => {
    const recordedAt = String(event.data['at']);
    return { ...event, stream: STREAM, revision, position: revision, recordedAt };
  });

const streams = histories(anything).map((steps) => record(play(steps).events));
/** One event of a stream that has another after it, by a number that fits any stream. */
const one = (events: readonly RecordedEvent[], number: number): [RecordedEvent, number] => {
  const index = number % (events.length - 1);
  return [events[index] as RecordedEvent, index];
};
const renumbered = (events: readonly RecordedEvent[]): RecordedEvent[] =>
  events.map((event, revision) => ({ ...event, revision }));

/** A text with one character exchanged for another. */
function flipped(text: string, number: number, character: string): string {
  const at = number % text.length;
  fc.pre(text[at] !== character);
  return `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
}

/** Data with one character of its text exchanged; only what is still data, and other data, can be stored. */
function flippedData(data: JsonObject, number: number, character: string): JsonObject {
  try {
    const changed = JSON.parse(flipped(JSON.stringify(data), number, character)) as JsonObject;
    fc.pre(!isDeepStrictEqual(changed, data));
    return changed;
  } catch (error) {
    if (error instanceof SyntaxError) fc.pre(false);
    throw error;
  }
}

const flips: Record<string, (event: RecordedEvent, number: number, character: string) => Partial<RecordedEvent>> = {
  data: ({ data }, number, character) => ({ data: flippedData(data, number, character) }),
  type: ({ type }, number, character) => ({ type: flipped(type, number, character) }),
  id: ({ id }, number, character) => ({ id: flipped(id, number, character) }),
  stream: ({ stream }, number, character) => ({ stream: flipped(stream, number, character) }),
  hash: ({ metadata }, number, character) => ({
    metadata: { hash: flipped(String(metadata['hash']), number, character) },
  }),
};
const character = fc.constantFrom(...'0123456789abcdefABCDEF-.:TZ "{}[],xyz\u00e9'.split(''));

const inOneEvent = (property: fc.IAsyncProperty<[RecordedEvent[], number, number, string]>, numRuns = 150) =>
  fc.assert(property, { numRuns });

it('the chain of any history verifies', async () => {
  await fc.assert(
    fc.asyncProperty(streams, async (events) => {
      expect(await verifyChain(events)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

it.each(Object.keys(flips))('one character flipped in the %s of an event is found, in that event', async (field) => {
  const flip = flips[field] as (typeof flips)['data'];
  await inOneEvent(
    fc.asyncProperty(streams, fc.nat(), fc.nat(), character, async (events, which, where, by) => {
      const [event, index] = one(events, which);
      const changed = events.with(index, { ...event, ...flip(event, where, by) });
      expect(await verifyChain(changed)).toMatchObject({ revision: index });
    }),
  );
});

it('a removed event is found, though the rest is numbered anew', async () => {
  await fc.assert(
    fc.asyncProperty(streams, fc.nat(), async (events, which) => {
      const [, index] = one(events, which);
      const rest = events.toSpliced(index, 1);
      expect(await verifyChain(rest)).toMatchObject({ revision: index });
      expect(await verifyChain(renumbered(rest))).toMatchObject({ revision: index });
    }),
    { numRuns: 60 },
  );
});

it('swapped events are found, though they are numbered anew', async () => {
  await fc.assert(
    fc.asyncProperty(streams, fc.nat(), fc.nat(), async (events, which, other) => {
      const [first, from] = one(events, which);
      const to = from + 1 + (other % (events.length - 1 - from));
      const swapped = events.with(from, events[to] as RecordedEvent).with(to, first);
      expect(await verifyChain(swapped)).toMatchObject({ revision: from });
      expect(await verifyChain(renumbered(swapped))).toMatchObject({ revision: from });
    }),
    { numRuns: 60 },
  );
});

it('an inserted event is found, though it is given a hash that fits and the rest is numbered anew', async () => {
  await fc.assert(
    fc.asyncProperty(streams, fc.nat(), async (events, which) => {
      const [before, index] = one(events, which);
      const forged = { ...before, id: eventId(STREAM, 'forged', 0, '{}'), revision: index + 1 };
      const hash = chainHash(String(before.metadata['hash']), forged);
      const inserted = events.toSpliced(index + 1, 0, { ...forged, metadata: { hash } });
      expect(await verifyChain(inserted)).toMatchObject({ revision: index + 2 });
      expect(await verifyChain(renumbered(inserted))).toMatchObject({ revision: index + 2 });
    }),
    { numRuns: 60 },
  );
});
