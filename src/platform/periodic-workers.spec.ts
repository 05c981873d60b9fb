import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventStoreUnavailable } from '../event-store/index.js';
import { PeriodicWorker, PeriodicWorkers } from './periodic-workers.js';

const lines: Record<string, unknown>[] = [];
const logger = pino({ base: undefined, timestamp: false }, { write: (line: string) => lines.push(JSON.parse(line)) });
const workers = new PeriodicWorkers(logger);
afterEach(async () => {
  await workers.onApplicationShutdown();
  lines.length = 0;
});

describe('periodic work', () => {
  it('runs at once, then again a pause after the last turn has ended, and never twice at a time', async () => {
    const starts: number[] = [];
    const ends: number[] = [];
    const turn = async (): Promise<void> => {
      starts.push(performance.now());
      await delay(30);
      ends.push(performance.now());
    };
    workers.start({ name: 'work', everyMs: 20, turn });
    await expect.poll(() => ends.length).toBeGreaterThan(2);
    for (const [index, start] of starts.slice(1).entries()) expect(start - (ends[index] ?? 0)).toBeGreaterThan(15);
  });

  it('waits before the first turn where it is to', async () => {
    let turns = 0;
    workers.start({ name: 'work', everyMs: 1, firstAfterMs: 60_000, turn: () => Promise.resolve(turns++) });
    await delay(20);
    expect(turns).toBe(0);
  });

  it('goes on after a failure, of which the log tells once, as of its end', async () => {
    let turns = 0;
    const turn = async (): Promise<void> => {
      if (++turns <= 3) throw new EventStoreUnavailable('no route to it');
    };
    workers.start({ name: 'the sweep', everyMs: 1, turn });
    await expect.poll(() => turns).toBeGreaterThan(5);
    expect(lines).toEqual([
      { level: 50, outage: 'the sweep', reason: 'no route to it', msg: 'the sweep failed; it runs again' },
      { level: 30, msg: 'the sweep works again' },
    ]);
  });

  it('shows the stack of a fault of ours', async () => {
    workers.start({
      name: 'the sweep',
      everyMs: 60_000,
      turn: () => Promise.reject(new TypeError('undefined is not a sweep')),
    });
    await expect
      .poll(() => lines)
      .toMatchObject([{ err: { type: 'TypeError' }, msg: 'the sweep failed; it runs again' }]);
  });
});

describe('a shutdown', () => {
  it('waits for the turn under way, tells it to end, and starts no other', async () => {
    const done: string[] = [];
    const turn = async (signal: AbortSignal): Promise<void> => {
      await delay(60_000, undefined, { signal }).catch(() => undefined);
      await delay(20);
      done.push('turn');
    };
    const worker = workers.start({ name: 'work', everyMs: 1, turn });
    await delay(5);
    await worker.stop();
    done.push('stop');
    await delay(20);
    expect(done).toEqual(['turn', 'stop']);
  });

  it('goes on without a turn that does not end', async () => {
    vi.useFakeTimers();
    const endless = () => new Promise<void>(() => undefined);
    const worker = new PeriodicWorker({ name: 'the sweep', everyMs: 1, turn: endless }, logger);
    const stopped = worker.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    vi.useRealTimers();
    await stopped;
    expect(lines).toEqual([{ level: 40, msg: 'the sweep did not end within 5 s; the shutdown goes on' }]);
  });
});
