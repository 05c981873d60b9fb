import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutageLines, throughOutages } from './outage-lines.js';

interface Line {
  readonly msg: string;
  readonly at: number;
  readonly times?: number;
  readonly items?: readonly object[];
}

let lines: Line[];
let started: number;
const logger = () =>
  pino(
    { base: undefined, timestamp: false, hooks: { logMethod: throughOutages(new OutageLines()) } },
    { write: (text: string) => void lines.push({ ...(JSON.parse(text) as Line), at: performance.now() - started }) },
  );

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  lines = [];
  started = performance.now();
});
afterEach(() => void vi.useRealTimers());

describe('lines about an outage', () => {
  it('are at most ten in ten seconds, however many kinds there are, and count what they do not show', () => {
    const log = logger();
    const kinds = ['calls', 'requests', 'sweeper', 'expirer', 'views', 'store', 'people'];
    for (let ms = 0; ms < 10_000; ms += 10) {
      for (const outage of kinds) log.warn({ outage, msg: outage });
      vi.advanceTimersByTime(10);
    }
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(new Set(lines.map(({ msg }) => msg))).toEqual(new Set(kinds));
    vi.advanceTimersByTime(60_000);
    const told = lines.reduce((sum, { times = 1 }) => sum + times, 0);
    expect(told).toBe(kinds.length * 1_000);
  });

  it('come at once when it begins, and once where nothing more happens', () => {
    logger().error({ outage: 'store', reason: 'ECONNREFUSED', msg: 'away' });
    expect(lines).toMatchObject([{ level: 50, reason: 'ECONNREFUSED', msg: 'away', at: 0 }]);
    expect(lines[0]).not.toHaveProperty('outage');
    expect(lines[0]).not.toHaveProperty('times');
    vi.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(1);
  });

  it('lose no item: each is told, soon', () => {
    const log = logger();
    for (let n = 0; n < 500; n++) log.warn({ outage: 'holds', item: { n }, msg: 'settled later' });
    vi.advanceTimersByTime(5_000);
    expect(lines.flatMap(({ items = [] }) => items)).toEqual(Array.from({ length: 500 }, (_, n) => ({ n })));
    expect(lines.length).toBeLessThanOrEqual(5);
  });

  it('hold up no other line', () => {
    const log = logger();
    log.warn({ outage: 'store', msg: 'away' });
    log.warn({ outage: 'store', msg: 'away' });
    for (let n = 0; n < 5; n++) log.info({ n, msg: 'call' });
    expect(lines.map(({ msg }) => msg)).toEqual(['away', 'call', 'call', 'call', 'call', 'call']);
  });
});
