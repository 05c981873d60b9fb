import { describe, expect, it } from 'vitest';
import { fromInstant, SystemClock, toInstant } from './clock.js';

describe('instants', () => {
  it('are ISO 8601 in UTC with milliseconds, and can be read back', () => {
    expect(toInstant(1_772_625_600_000)).toBe('2026-03-04T12:00:00.000Z');
    expect(fromInstant('2026-03-04T12:00:00.000Z')).toBe(1_772_625_600_000);
  });

  it('are refused when they are none', () => expect(() => fromInstant('yesterday')).toThrow(RangeError));
});

describe('the system clock', () => {
  it('tells milliseconds since the epoch', () => {
    const before = Date.now();
    const now = new SystemClock().now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
