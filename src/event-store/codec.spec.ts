import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../kernel/index.js';
import { upcast, type Upcasters } from './codec.js';
import type { RecordedEvent } from './event-store.js';

const recorded = (type: string, data: JsonObject): RecordedEvent => ({
  id: '0b0ff7a6-6e4d-5d5e-9d3a-0d2f3b6c4c11',
  type,
  data,
  metadata: {},
  stream: 'parcel-1',
  revision: 7,
  position: 70,
  recordedAt: '2026-03-04T12:00:00.000Z',
});

// Version 1 knew a weight in kilograms, version 2 grams, version 3 also says of what the weight is.
const upcasters: Upcasters = {
  ParcelWeighed: [
    ({ kilograms, ...rest }) => ({ ...rest, v: 2, grams: Number(kilograms) * 1_000 }),
    ({ grams, ...rest }) => ({ ...rest, v: 3, weight: { gross: grams ?? null } }),
  ],
};

describe('upcasting', () => {
  it('takes data without a version as version 1, through every step', () =>
    expect(upcast(upcasters, recorded('ParcelWeighed', { kilograms: 2, at: 'noon' }))).toEqual({
      v: 3,
      weight: { gross: 2_000 },
      at: 'noon',
    }));

  it('enters at the version the data has', () =>
    expect(upcast(upcasters, recorded('ParcelWeighed', { v: 2, grams: 5 }))).toEqual({ v: 3, weight: { gross: 5 } }));

  it('leaves the newest version as it is', () => {
    const newest = { v: 3, weight: { gross: 5 } };
    expect(upcast(upcasters, recorded('ParcelWeighed', newest))).toBe(newest);
  });

  it('leaves types that never changed as they are', () => {
    const data = { grams: 5 };
    expect(upcast(upcasters, recorded('ParcelLost', data))).toBe(data);
  });

  it('is done once for all who share an event', () => {
    const event = recorded('ParcelWeighed', { kilograms: 2 });
    expect(upcast(upcasters, event)).toBe(upcast(upcasters, { ...event }));
  });

  it('never changes what was recorded', () => {
    const event = recorded('ParcelWeighed', { kilograms: 2 });
    upcast(upcasters, event);
    expect(event.data).toEqual({ kilograms: 2 });
  });

  it.each([
    ['ParcelWeighed', 4, 3],
    ['ParcelLost', 2, 1],
  ])('refuses %s of version %i, written by a newer release', (type, v, newest) =>
    expect(() => upcast(upcasters, recorded(type, { v }))).toThrow(
      `${type} 7 of parcel-1 has version ${v}; this release knows up to ${newest}: upgrade it`,
    ),
  );

  it.each([0, -1, 1.5, '2', true])('refuses %j, which is no version', (v) =>
    expect(() => upcast(upcasters, recorded('ParcelWeighed', { v, grams: 5 }))).toThrow(/version/),
  );
});
