import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReadModelsUnavailable } from '../../event-store/index.js';
import { Circuit, within } from './circuit.js';

const WITHIN_MS = 100;
const never = (): Promise<never> => new Promise(() => undefined);

describe('a circuit', () => {
  let end: AbortController;
  let told: unknown[];
  /** What the server does when it is probed. */
  let probe: () => Promise<unknown>;
  let probes: number;
  let circuit: Circuit;
  beforeEach(() => {
    end = new AbortController();
    told = [];
    probes = 0;
    probe = never;
    circuit = new Circuit({
      signal: end.signal,
      probe: () => {
        probes++;
        return probe();
      },
      onChange: (reason) => told.push(reason),
    });
  });
  afterEach(() => end.abort());

  it('gives what work comes to', async () => {
    expect(await circuit.run(async () => 'answer', WITHIN_MS)).toBe('answer');
    expect(told).toEqual([]);
  });

  it('waits once for a server that does not answer; then it refuses work without beginning it', async () => {
    await expect(circuit.run(never, WITHIN_MS)).rejects.toThrow(`MongoDB gave no answer in ${WITHIN_MS} ms`);
    let begun = 0;
    const since = performance.now();
    for (let n = 0; n < 20; n++) {
      await expect(circuit.run(async () => begun++, WITHIN_MS)).rejects.toThrow(ReadModelsUnavailable);
    }
    expect(performance.now() - since).toBeLessThan(20 * WITHIN_MS);
    expect(begun).toBe(0);
    expect(told).toEqual([expect.any(ReadModelsUnavailable)]);
  });

  it('does the same when work fails', async () => {
    await expect(circuit.run(() => Promise.reject(new Error('refused')), WITHIN_MS)).rejects.toThrow('refused');
    await expect(circuit.run(async () => 'answer', WITHIN_MS)).rejects.toThrow(ReadModelsUnavailable);
    expect(told).toEqual([new Error('refused')]);
  });

  it('lets work through again once a probe is answered in time, and says so', async () => {
    await circuit.run(never, WITHIN_MS).catch(() => undefined);
    await expect.poll(() => probes).toBeGreaterThan(1);
    await expect(circuit.run(async () => 'answer', WITHIN_MS)).rejects.toThrow(ReadModelsUnavailable);
    probe = async () => 'well';
    await expect.poll(() => circuit.run(async () => 'answer', WITHIN_MS).catch(() => undefined)).toBe('answer');
    expect(told).toEqual([expect.any(ReadModelsUnavailable), undefined]);
  });

  it('does not give up a server that answers others for one that fails', async () => {
    const late = circuit.run(never, WITHIN_MS);
    const answered = circuit.run(async () => 'answer', WITHIN_MS);
    await expect(late).rejects.toThrow(ReadModelsUnavailable);
    expect(await answered).toBe('answer');
    expect(await circuit.run(async () => 'another', WITHIN_MS)).toBe('another');
    expect(told).toEqual([]);
  });

  it('says that a part of the work is late, once a minute at most, and counts all of it', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const late: [number, number][] = [];
    const partly = new Circuit({ signal: end.signal, probe, onLate: (some, of) => late.push([some, of]) });
    const failing = async (): Promise<void> => {
      const failed = partly.run(() => delay(1).then(() => Promise.reject(new Error('late'))), WITHIN_MS);
      await Promise.allSettled([failed, partly.run(async () => 'answer', WITHIN_MS)]);
    };
    expect(partly.state).toBe('up');
    for (let n = 0; n < 5; n++) await failing();
    expect(late).toEqual([[1, 2]]);
    expect([partly.state, partly.missed]).toEqual(['partly', 5]);
    vi.advanceTimersByTime(59_000);
    expect(partly.state).toBe('partly');
    vi.advanceTimersByTime(2_000);
    expect(partly.state, 'none was late for a minute').toBe('up');
    await failing();
    expect(late).toEqual([
      [1, 2],
      [5, 10],
    ]);
    vi.useRealTimers();
  });

  it('counts what it refuses while the server does not answer', async () => {
    for (let n = 0; n < 3; n++) await circuit.run(never, WITHIN_MS).catch(() => undefined);
    expect([circuit.state, circuit.missed]).toEqual(['down', 3]);
  });

  it('probes no more when it is ended', async () => {
    await circuit.run(never, WITHIN_MS).catch(() => undefined);
    end.abort();
    await delay(2_500);
    expect(probes).toBe(1);
  });
});

describe('work within a time', () => {
  it('is not late when its answer was here, and this process too busy to read it', async () => {
    await promisify(randomBytes)(8); // now it is the turn of answers, and after it comes that of timers
    const outcome = within(20, promisify(randomBytes)(8));
    const since = performance.now();
    while (performance.now() - since < 1_000);
    expect(await outcome).toHaveLength(8);
  });

  it('is late when there is no answer', async () => {
    await expect(within(20, never())).rejects.toThrow(ReadModelsUnavailable);
  });
});
