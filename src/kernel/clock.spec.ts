import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInstant, readInstant, SystemClock, toInstant } from './clock.js';

describe('instants', () => {
  it('are ISO 8601 in UTC with milliseconds, and can be read back', () => {
    expect(toInstant(1_772_625_600_000)).toBe('2026-03-04T12:00:00.000Z');
    expect(fromInstant('2026-03-04T12:00:00.000Z')).toBe(1_772_625_600_000);
  });

  it('are written as Date writes them', () => {
    const anyInstant = fc.date({ noInvalidDate: true }).map(Number);
    const near = fc.integer({ min: 0, max: 200_000 }).map((ms) => Date.UTC(2026, 2, 4) + ms);
    const property = fc.property(fc.array(fc.oneof(anyInstant, near)), (instants) => {
      expect(instants.map(toInstant)).toEqual(instants.map((each) => new Date(each).toISOString()));
    });
    fc.assert(property);
    expect(toInstant(0.5)).toBe('1970-01-01T00:00:00.000Z');
    for (const none of [Number.NaN, Infinity, 8.64e15 + 1_000]) expect(() => toInstant(none)).toThrow(RangeError);
  });

  it('are refused when they are none', () => expect(() => fromInstant('yesterday')).toThrow(RangeError));
});

describe('what people write', () => {
  it.each([
    ['2027-01-01T00:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01t00:00:00.5z', '2027-01-01T00:00:00.500Z'],
    ['2027-01-01 00:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01T00:00Z', '2027-01-01T00:00:00.000Z'],
    ['2027-01-01T00:00:00+08:00', '2026-12-31T16:00:00.000Z'],
    ['2027-01-01T00:00:00 08:00', '2026-12-31T16:00:00.000Z'],
    ['2027-01-01T00:00:00-00:30', '2027-01-01T00:30:00.000Z'],
    ['2027-01-01T00:00:00.123456789Z', '2027-01-01T00:00:00.123Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => expect(toInstant(readInstant(text))).toBe(instant));

  it.each([
    ['tomorrow', 'is neither a day'],
    ['', 'is neither a day'],
    ['2027', 'is neither a day'],
    ['2027-01', 'is neither a day'],
    ['2027-1-1', 'is neither a day'],
    ['01/02/2027', 'is neither a day'],
    ['1800000000', 'is neither a day'],
    [' 2027-01-01', 'is neither a day'],
    ['2027-01-01T00:00:00Z now', 'is neither a day'],
    ['2027-01-01T00:00:00', 'has no time zone'],
    ['2026-02-30', 'is not a day of the calendar'],
    ['2026-02-29T00:00:00Z', 'is not a day of the calendar'],
    ['2026-13-01', 'is not a day of the calendar'],
    ['2026-00-10', 'is not a day of the calendar'],
    ['2026-04-31T12:00:00+02:00', 'is not a day of the calendar'],
    ['2026-04-30T25:00:00Z', 'is not a time of day'],
    ['2026-04-30T12:60:00Z', 'is not a time of day'],
    ['2026-04-30T12:00:00+99:00', 'is not a time of day'],
    ['0000-01-01T00:00:00+01:00', 'is outside the years'],
    ['9999-12-31T23:59:59-01:00', 'is outside the years'],
  ])('%j is refused, and why', (text, why) => expect(() => readInstant(text)).toThrow(why));
});

describe('the system clock', () => {
  it('tells milliseconds since the epoch', () => {
    const before = Date.now();
    const now = new SystemClock().now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
