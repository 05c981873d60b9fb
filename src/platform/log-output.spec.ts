import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogOutput } from './log-output.js';

let written: string[];
let output: LogOutput;
const logger = () => pino({ base: undefined, timestamp: false }, output);
const told = () => written.map((lines) => [...lines.matchAll(/"msg":"([^"]*)"/g)].map(([, msg]) => msg));

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  output = new LogOutput((lines) => void written.push(lines));
});
afterEach(() => void vi.useRealTimers());

describe('the lines of a log', () => {
  it('are written at once by a quiet gateway', () => {
    const log = logger();
    for (const msg of ['one', 'two', 'three']) {
      log.info(msg);
      expect(told().at(-1)).toEqual([msg]);
      vi.advanceTimersByTime(1_000);
    }
  });

  it('leave together, in their order, ten times a second', () => {
    const log = logger();
    for (let call = 0; call < 1_000; call++) {
      log.info(String(call));
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(100);
    expect(told().flat()).toEqual(Array.from({ length: 1_000 }, (_, call) => String(call)));
    expect(written.length).toBeLessThanOrEqual(12);
  });

  it('do not wait when one is a warning', () => {
    const log = logger();
    for (const msg of ['first', 'waits']) log.info(msg);
    expect(told()).toEqual([['first']]);
    log.warn('warning');
    expect(told()).toEqual([['first'], ['waits', 'warning']]);
  });

  it('do not wait when they are many', () => {
    const log = logger();
    log.info('first');
    const long = 'x'.repeat(10_000);
    for (let line = 0; line < 20; line++) log.info(long);
    expect(told().flat().length).toBeGreaterThan(10);
  });

  it('are all there at the end, and none waits after it', () => {
    const log = logger();
    for (const msg of ['first', 'waits']) log.info(msg);
    output.end();
    expect(told()).toEqual([['first'], ['waits']]);
    for (const msg of ['late', 'later']) log.info(msg);
    expect(told().slice(2)).toEqual([['late'], ['later']]);
  });
});
