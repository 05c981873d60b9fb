import { expect, it, vi } from 'vitest';
import { Seldom } from './index.js';

it('is due the first time, then once in so long, and at once after a reset', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const seldom = new Seldom(1_000);
    const after = (ms: number) => {
      vi.advanceTimersByTime(ms);
      return seldom.isDue();
    };
    expect([after(0), after(999), after(1), after(1)]).toEqual([true, false, true, false]);
    seldom.reset();
    expect(seldom.isDue()).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
