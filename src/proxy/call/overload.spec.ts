import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrival, type Ended, type Machine, SimulatedLoop } from '../../../test/support/proxy/simulated-loop.js';
import type { ApiError } from '../../platform/http/index.js';
import { Overload, TICK_MS } from './overload.js';

const MOST_MS = 10;
/** A call takes 0.8 ms of the loop in all, and 3.3 ms with its waits: 1,250 calls/s are the most. */
const MACHINE: Machine = { stepMs: 0.16, refusalMs: 0.15, storeMs: () => 1, providerMs: () => 0.5 };
const CALL_MS = 0.8;
const MOST_PER_SECOND = 1_000 / CALL_MS;
/** Until a queue counts as one that stands, and then is worked off. */
const ONSET_MS = 2_500;

/** The same numbers each time, between 0 and 1. https://en.wikipedia.org/wiki/Linear_congruential_generator */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

interface Flow {
  readonly perSecond: number;
  readonly fromMs?: number;
  readonly toMs: number;
  readonly accountId?: string;
}

/** Calls that know nothing of each other: a Poisson process. */
function arrivals(random: () => number, flows: readonly Flow[]): Arrival[] {
  const all: Arrival[] = [];
  for (const { perSecond, fromMs = 0, toMs, accountId = 'a' } of flows) {
    for (let at = fromMs; at < toMs;) {
      at += (-Math.log(1 - random()) * 1_000) / perSecond;
      all.push({ at, accountId });
    }
  }
  return all.toSorted((a, b) => a.at - b.at);
}

function run(flows: readonly Flow[], machine: Partial<Machine> = {}, seed = 1) {
  const random = randomFrom(seed);
  const loop = new SimulatedLoop({ ...MACHINE, ...machine }, MOST_MS, random).run(arrivals(random, flows));
  const refused = loop.ended.filter((call) => call.refused);
  return { loop, refused, answered: loop.ended.filter((call) => !call.refused) };
}

const percentile = (calls: readonly Ended[], share: number): number =>
  calls.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)[Math.floor(calls.length * share)] ?? Number.NaN;
const until = (toMs: number, perSecond: number): Flow[] => [{ perSecond, toMs }];
const idle = percentile(run(until(3_000, 100)).answered, 0.5);

describe('a gateway that can keep up refuses nothing', () => {
  const pauses = [1, 2, 3].map((second) => ({ at: 1_000 * second, forMs: 100 }));
  it.each<[string, readonly Flow[], Partial<Machine>?]>([
    ['at a twelfth of what it can do', until(4_000, 100)],
    ['at nine tenths', until(4_000, 0.9 * MOST_PER_SECOND)],
    [
      'at two thirds, with a garbage collection of 100 ms each second',
      until(4_000, 0.67 * MOST_PER_SECOND),
      { pauses },
    ],
    ['while it starts and everything takes ten times as long', until(3_000, 100), { slowness: () => 10 }],
    ['when five hundred come at once', [...until(3_000, 100), { perSecond: 500_000, fromMs: 1_000, toMs: 1_001 }]],
    [
      'when its store stands still for two seconds',
      until(5_000, 300),
      {
        storeMs: (at) => (at > 1_000 && at < 3_000 ? 3_000 - at : 1),
      },
    ],
    ['on a store that takes a quarter of a second', until(4_000, 600), { storeMs: () => 250 }],
    ['beside others that take most of the cores', until(4_000, 100), { slowness: () => 4 }],
  ])('%s', (_case, flows, machine = {}) => {
    const { refused, answered } = run(flows, machine);
    expect([refused.length, answered.length > 0]).toEqual([0, true]);
  });
});

describe('at twice the rate that a gateway can do', () => {
  const FOR_MS = 8_000;
  const { loop, refused, answered } = run(until(FOR_MS, 2 * MOST_PER_SECOND));
  const later = answered.filter(({ at }) => at > ONSET_MS);
  const endedIn = (calls: readonly Ended[], fromMs: number, toMs: number): number =>
    calls.filter(({ endedAt }) => endedAt >= fromMs && endedAt < toMs).length;

  it('a call that is answered takes no more than ten times as long as on an idle one, a refusal no more than a turn', () => {
    expect(percentile(later, 0.5)).toBeLessThan(6 * idle);
    expect(percentile(later, 0.99)).toBeLessThan(10 * idle);
    const refusals = refused.filter(({ at }) => at > ONSET_MS);
    expect([percentile(refusals, 0.5) < MOST_MS / 4, percentile(refusals, 0.99) < MOST_MS]).toEqual([true, true]);
  });

  it('nine tenths of the time that refusing leaves go into answers', () => {
    const busyMs = endedIn(answered, ONSET_MS, FOR_MS) * CALL_MS;
    const refusingMs = endedIn(refused, ONSET_MS, FOR_MS) * MACHINE.refusalMs;
    expect(busyMs).toBeGreaterThan(0.9 * (FOR_MS - ONSET_MS - refusingMs));
  });

  it('the limit settles, and no quarter of a second goes without answers', () => {
    const limits = loop.limits.slice(loop.limits.length / 2);
    expect(Math.max(...limits) - Math.min(...limits)).toBeLessThanOrEqual(4);
    const mean = endedIn(answered, ONSET_MS, FOR_MS) / (FOR_MS - ONSET_MS);
    for (let fromMs = ONSET_MS; fromMs < FOR_MS; fromMs += 250)
      expect(endedIn(answered, fromMs, fromMs + 250)).toBeGreaterThan(0.7 * 250 * mean);
  });

  it('accounts that call seldom are let in beside one that floods', () => {
    const few = ['b', 'c', 'd'].map((accountId) => ({ perSecond: 20, toMs: 6_000, accountId }));
    const { loop: shared } = run([...few, { perSecond: 2 * MOST_PER_SECOND, toMs: 6_000 }]);
    const refusedOf = (whose: (call: Ended) => boolean) => {
      const theirs = shared.ended.filter((call) => call.at > ONSET_MS && whose(call));
      return theirs.filter((call) => call.refused).length / theirs.length;
    };
    expect(refusedOf(({ accountId }) => accountId === 'a')).toBeGreaterThan(0.5);
    expect(refusedOf(({ accountId }) => accountId !== 'a')).toBeLessThan(0.1);
  });

  it('nor does one at three times the rate take longer, whose loop stands still for a tenth of the time', () => {
    const pauses = Array.from({ length: 50 }, (_, index) => ({ at: index * 100, forMs: 10 }));
    for (const [perSecond, machine] of [
      [3 * MOST_PER_SECOND, {}],
      [2 * MOST_PER_SECOND, { pauses }],
    ] as const) {
      const calls = run(until(5_000, perSecond), machine).answered.filter(({ at }) => at > ONSET_MS);
      expect(percentile(calls, 0.5)).toBeLessThan(10 * idle);
    }
  });

  const random = randomFrom(7);
  it.each<[string, Partial<Machine>]>([
    ['store', { storeMs: () => 50 }],
    ['provider', { providerMs: () => 200 - Math.log(1 - random()) * 500 }],
  ])('a slow %s changes nothing of that', (_case, slow) => {
    const slowly = run(until(9_000, 2 * MOST_PER_SECOND), slow);
    const busyMs = endedIn(slowly.answered, 5_000, 9_000) * CALL_MS;
    const refusingMs = endedIn(slowly.refused, 5_000, 9_000) * MACHINE.refusalMs;
    expect(busyMs).toBeGreaterThan(0.9 * (4_000 - refusingMs));
    expect(
      percentile(
        slowly.refused.filter(({ at }) => at > 5_000),
        0.99,
      ),
    ).toBeLessThan(2 * MOST_MS);
  });
});

it('a limit that is too low is raised by a twentieth at most in a tick, as those let in take their time later', () => {
  let [turns, busyMs, turnMs] = [0, 0, 30];
  const overload = new Overload(MOST_MS, () => ({ turns, busyMs }), { now: () => turns, random: () => 0 });
  const tick = (): void => {
    const most = Math.ceil(overload.limit) - overload.waiting;
    for (let call = 0; call < most; call++) overload.enter('a');
    for (let call = 0; call < 20; call++) expect(() => overload.check('a')).toThrow(Error);
    turns += TICK_MS;
    busyMs += TICK_MS * turnMs;
    overload.tick();
  };
  while (overload.limit > 100) tick();
  turnMs = 0.1;
  for (let count = 0; count < 20; count++) {
    const before = overload.limit;
    tick();
    expect(overload.limit).toBeLessThanOrEqual(Math.ceil(before * 1.05) + 1);
  }
});

describe('whatever comes', () => {
  const phase = fc.record({
    load: fc.double({ min: 0.05, max: 3, noNaN: true }),
    forMs: fc.integer({ min: 200, max: 1_500 }),
  });
  const QUIET_MS = 9_000;

  it('every call ends, none is refused once it is quiet again, and the limit is gone', () => {
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 4 }), fc.nat(1_000), (phases, seed) => {
        let end = 0;
        const flows = phases.map(({ load, forMs }) => {
          end += forMs;
          return { perSecond: load * MOST_PER_SECOND, fromMs: end - forMs, toMs: end };
        });
        const quiet = { perSecond: 0.4 * MOST_PER_SECOND, fromMs: end, toMs: end + QUIET_MS };
        const { loop, refused } = run([...flows, quiet], {}, seed);
        const lastRefused = Math.max(0, ...refused.map(({ at }) => at));
        expect(lastRefused).toBeLessThan(end + 2_000);
        expect([loop.overload.waiting, loop.overload.limit]).toEqual([0, 1_000]);
      }),
      { numRuns: 15 },
    );
  });
});

describe('a refused call', () => {
  const time = { now: () => 0, random: () => 0.5 };
  const refusalOf = (overload: Overload): ApiError => {
    try {
      overload.check('a');
    } catch (error) {
      return error as ApiError;
    }
    throw new Error('it was let in');
  };

  /** Fills it, and lets so many more come in each tick. */
  function flooded(more: number): Overload {
    const overload = new Overload(MOST_MS, () => ({ turns: 1, busyMs: 0 }), time);
    for (let call = 0; call < 1_000; call++) overload.enter('a');
    for (let tick = 0; tick < 1_000 / TICK_MS; tick++) {
      for (let call = 0; call < more; call++) refusalOf(overload);
      overload.tick();
    }
    return overload;
  }

  it('is told so in OpenAI’s shape, and when to come again', () => {
    const { status, body, options } = refusalOf(flooded(1));
    expect([status, body]).toMatchObject([503, { error: { type: 'service_unavailable', code: 'server_overloaded' } }]);
    expect(options.headers).toMatchObject({ 'retry-after': expect.stringMatching(/^\d+$/) });
  });

  it('waits the longer, the more are refused; 30 seconds at most', () => {
    const waits = [0, 3, 500].map((more) => Number(refusalOf(flooded(more)).options.headers?.['retry-after-ms']));
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBeGreaterThanOrEqual(1_000);
    expect(waits[2]).toBe(30_000);
  });

  it('frees no place twice', () => {
    const overload = new Overload(MOST_MS, () => ({ turns: 1, busyMs: 0 }), time);
    const admission = overload.enter('a');
    overload.enter('a');
    admission.over();
    admission.over();
    expect(overload.waiting).toBe(1);
  });
});
