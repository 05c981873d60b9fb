// What a run of the gateway should come to.
import { type Disk, type Goal, mebibytes, milliseconds, times } from './figures.ts';
import { added, type Scenario } from './latency.ts';
import type { Memory } from './memory.ts';
import { bestOf, rateFigure, rateRatio, type Rates, usual, USUAL_IN_FLIGHT } from './rate.ts';
import type { Translation } from './translation.ts';

export const MOST_MEMORY = 250 * 1_048_576;
const ADDED_P50_MS = 1.5;
const ADDED_P50_ON_SERVERS_MS = 2;
const ADDED_P99_MS = 6;
const FIRST_CHUNK_MS = 2;
const CPU_MS = 0.6;
const TRANSLATED_MS = 0.3;
const RATIO = 0.5;

export interface GatewayFigures {
  /** Undefined where events are on a server. */
  readonly disk: Disk | undefined;
  /** The mean time until an append of the gateway was durable, in milliseconds. */
  readonly durableMs: number;
  readonly scenarios: readonly Scenario[];
  readonly translations: readonly Translation[];
  readonly rates: readonly Rates[];
  readonly memory: Memory;
}

const below = (what: string, value: number, limit: number, why = ''): Goal => ({
  what,
  goal: `< ${milliseconds(limit)}${why}`,
  measured: milliseconds(value),
  met: value < limit,
});

export function goalsOf({ disk, durableMs, scenarios, translations, rates, memory }: GatewayFigures): Goal[] {
  const worst = (measure: 'whole' | 'firstChunk', percentile: 'p50' | 'p99'): number =>
    Math.max(
      ...scenarios
        .filter(({ stream }) => stream || measure === 'whole')
        .map((scenario) => added(scenario, 'gateway', measure, percentile).median),
    );
  const commits = disk === undefined ? 2 * durableMs : 2 * disk.p99;
  const p50 =
    disk === undefined
      ? below(
          `added p50 at 100 calls/s, worst scenario`,
          worst('whole', 'p50'),
          ADDED_P50_ON_SERVERS_MS + commits,
          ', of it two appends',
        )
      : below('added p50 at 100 calls/s, worst scenario', worst('whole', 'p50'), ADDED_P50_MS);
  return [
    p50,
    below(
      'added p99 at 100 calls/s, worst scenario',
      worst('whole', 'p99'),
      ADDED_P99_MS + commits,
      `, of it ${milliseconds(commits)} for two ${disk === undefined ? 'appends' : "of this disk's commits at p99"}`,
    ),
    below('first chunk added, p50, worst scenario', worst('firstChunk', 'p50'), FIRST_CHUNK_MS),
    below(
      'translating 100 chunks, CPU, worse format',
      Math.max(...translations.filter(({ target }) => target === 'gateway').map(({ addedMs }) => addedMs.median)),
      TRANSLATED_MS,
    ),
    ...rateGoals(rates),
    {
      what: 'memory, at most',
      goal: `< ${mebibytes(MOST_MEMORY)}`,
      measured: mebibytes(memory.during.high),
      met: memory.during.high < MOST_MEMORY,
    },
  ];
}

function rateGoals(rates: readonly Rates[]): Goal[] {
  const at = usual(rates);
  const [mine, bare] = [bestOf(rates, 'gateway'), bestOf(rates, 'pass-through')].map(
    (best, index) => best && rateFigure(best, index === 0 ? 'gateway' : 'pass-through', 'perSecond')?.median,
  );
  const ratio = (what: string, value: number): Goal => ({
    what,
    goal: `≥ ${times(RATIO)}`,
    measured: times(value),
    met: value >= RATIO,
  });
  return [
    ratio(
      `rate at ${USUAL_IN_FLIGHT} in flight ÷ pass-through`,
      at === undefined ? Number.NaN : rateRatio(at, 'gateway', 'pass-through').median,
    ),
    ratio('highest rate ÷ pass-through', (mine ?? Number.NaN) / (bare ?? Number.NaN)),
    below(
      `CPU of a call at ${USUAL_IN_FLIGHT} in flight, all threads`,
      (at && rateFigure(at, 'gateway', 'cpuMs')?.median) ?? Number.NaN,
      CPU_MS,
    ),
  ];
}
