// Whatever is published and withdrawn in whatever order: at every instant one version at most is in force, the same one everywhere.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rejection, toInstant } from '../kernel/index.js';
import { PriceBook } from './price-book.js';
import { type PriceListCommand, priceListDecider } from './price-list.decider.js';
import type { PriceListEvent } from './price-list.js';
import {
  evolveVersions,
  inForceAt,
  inForceBetween,
  inForceUntil,
  type PriceVersion,
  stateOf,
} from './price-versions.js';

const DAY = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const day = fc.integer({ min: 0, max: 30 }).map((days) => START + days * DAY);

type Wish = { readonly effectiveFromMs: number } | { readonly withdraw: number };
const wish: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({ effectiveFromMs: day }),
  fc.record({ withdraw: fc.integer({ min: 1, max: 8 }) }),
);

/** The stream that comes of wishes on successive days; what is refused leaves nothing. */
function streamOf(wishes: readonly Wish[]): PriceListEvent[] {
  const events: PriceListEvent[] = [];
  let state = priceListDecider.initial();
  for (const [index, wanted] of wishes.entries()) {
    const outcome = priceListDecider.decide(commandOf(wanted, index), state);
    if (outcome instanceof Rejection) continue;
    for (const event of outcome) state = priceListDecider.evolve(state, event);
    events.push(...outcome);
  }
  return events;
}

function commandOf(wanted: Wish, index: number): PriceListCommand {
  const order = { commandId: `c${index}`, at: START + index * DAY, by: 'u1', reason: 'a test' };
  if ('withdraw' in wanted) return { ...order, type: 'WithdrawPrices', version: wanted.withdraw };
  return {
    ...order,
    type: 'PublishPrices',
    effectiveFrom: toInstant(wanted.effectiveFromMs),
    models: [{ model: 'm', bands: [{ price: { input: String(index), output: '1' } }] }],
    acceptWarnings: true,
    knownModels: [{ id: 'm' }],
  };
}

const stream = fc.array(wish, { maxLength: 20 }).map(streamOf);
const versionsOf = (events: readonly PriceListEvent[]): readonly PriceVersion[] =>
  events.reduce<readonly PriceVersion[]>(evolveVersions, []);

describe('the version in force', () => {
  it('at any instant of a period is one of those in force in it, and each of these is at some instant', () => {
    fc.assert(
      fc.property(stream, day, fc.integer({ min: 1, max: 10 }), (events, from, days) => {
        const versions = versionsOf(events);
        const instants = Array.from({ length: days }, (_, index) => from + index * DAY);
        const inForce = new Set(instants.map((at) => inForceAt(versions, at)?.version));
        inForce.delete(undefined);
        const between = inForceBetween(versions, from, from + days * DAY).map(({ version }) => version);
        expect(new Set(between)).toEqual(inForce);
      }),
    );
  });

  it('is one at most at any instant, effective by then, and never a withdrawn one', () => {
    fc.assert(
      fc.property(stream, day, (events, at) => {
        const versions = versionsOf(events);
        const now = inForceAt(versions, at);
        expect(now?.withdrawn).toBeUndefined();
        expect(Date.parse(now?.effectiveFrom ?? toInstant(at))).toBeLessThanOrEqual(at);
        const states = versions.map((version) => stateOf(versions, version, at));
        expect(states.filter((state) => state === 'in_force')).toHaveLength(now === undefined ? 0 : 1);
      }),
    );
  });

  it('is in force from its instant until the one that is told as its end', () => {
    fc.assert(
      fc.property(stream, day, (events, at) => {
        const versions = versionsOf(events);
        const now = inForceAt(versions, at);
        const end = now && inForceUntil(versions, now);
        if (now === undefined) return;
        expect(inForceAt(versions, Date.parse(now.effectiveFrom))?.version).toBe(now.version);
        if (end === undefined) return;
        expect(at).toBeLessThan(Date.parse(end));
        expect(inForceAt(versions, Date.parse(end) - 1)?.version).toBe(now.version);
        expect(inForceAt(versions, Date.parse(end))?.version).not.toBe(now.version);
      }),
    );
  });

  it('is what a gateway charges by that knows the same events, however often it heard of them', () => {
    fc.assert(
      fc.property(stream, fc.nat(20), day, (events, known, at) => {
        const prefix = events.slice(0, known);
        const book = new PriceBook();
        for (const event of [...prefix, ...prefix]) book.apply(event);
        expect(book.inForce(at)?.version).toBe(inForceAt(versionsOf(prefix), at)?.version);
      }),
    );
  });

  it('was never a version that is withdrawn later, at the instants before its withdrawal', () => {
    fc.assert(
      fc.property(stream, (events) => {
        events.forEach((event, index) => {
          if (event.type !== 'PriceListWithdrawn') return;
          const before = inForceAt(versionsOf(events.slice(0, index)), Date.parse(event.data.at));
          expect(before?.version).not.toBe(event.data.version);
        });
      }),
    );
  });

  it('goes by the order of the instants where no version was published for an earlier one: as in ledgers of earlier releases', () => {
    fc.assert(
      fc.property(fc.array(day, { maxLength: 10 }), day, (days, at) => {
        const events = streamOf(days.toSorted((a, b) => a - b).map((effectiveFromMs) => ({ effectiveFromMs })));
        const versions = versionsOf(events);
        const newest = versions.findLast(({ effectiveFrom }) => Date.parse(effectiveFrom) <= at);
        expect(inForceAt(versions, at)?.version).toBe(newest?.version);
      }),
    );
  });
});
