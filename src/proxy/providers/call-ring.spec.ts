import { describe, expect, it } from 'vitest';
import { CallRing } from './call-ring.js';

const NOW = 1_000_000;
const filled = (...outcomes: readonly boolean[]): CallRing => {
  const ring = new CallRing();
  outcomes.forEach((failed, index) =>
    ring.add(NOW + index, { milliseconds: index + 1, failed, status: failed ? 503 : 200 }),
  );
  return ring;
};
const [good, bad] = [false, true];

describe('the last calls of a provider', () => {
  it('are counted with their failures, and timed without them', () => {
    const calls = filled(...Array.from({ length: 99 }, () => good), bad);
    expect(calls.since(NOW)).toEqual({
      state: 'operational',
      calls: 100,
      failed: 1,
      p50: 50,
      p95: 95,
      lastAt: NOW + 99,
      lastFailure: { at: NOW + 99, status: 503 },
    });
  });

  it('say nothing where there was none in the window', () => {
    expect(new CallRing().since(0)).toMatchObject({ state: 'idle', calls: 0, p50: undefined, lastAt: undefined });
    expect(filled(bad, good).since(NOW + 2)).toMatchObject({
      state: 'idle',
      calls: 0,
      lastAt: NOW + 1,
      lastFailure: { at: NOW, status: 503 },
    });
    expect(filled(bad, good, good).since(NOW + 1)).toMatchObject({ calls: 2, failed: 0 });
  });

  it('make it degraded from one failure in twenty on, and down after five failures in a row', () => {
    const some = Array.from({ length: 19 }, () => good);
    expect(filled(bad, ...some).since(0).state).toBe('degraded');
    expect(filled(bad, ...some, good).since(0).state).toBe('operational');
    expect(filled(...some, bad, bad, bad, bad).since(0).state).toBe('degraded');
    expect(filled(...some, bad, bad, bad, bad, bad).since(0).state).toBe('down');
    expect(filled(bad, bad, bad, bad, bad, good).since(0).state).toBe('degraded');
  });

  it('fail after all when an answer that had begun breaks off', () => {
    const ring = new CallRing();
    const number = ring.add(NOW, { milliseconds: 1, failed: false, status: 0 });
    ring.failLater(number, NOW + 5);
    expect(ring.since(0)).toMatchObject({ calls: 1, failed: 1, lastFailure: { at: NOW + 5, status: 0 } });
  });

  it('are forgotten beyond a thousand, also one that breaks off too late', () => {
    const ring = filled(bad, ...Array.from({ length: 1_024 }, () => good));
    ring.failLater(0, NOW);
    expect(ring.since(0)).toMatchObject({ calls: 1_024, failed: 0 });
  });
});
