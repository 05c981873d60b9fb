// Whether the machine was quiet: what others used of its cores while a round was measured. A round with company is thrown away and
// repeated, up to a limit; where others never leave, the quietest rounds count, and the run says that it is not fit to be quoted.
// Linux tells it in /proc; elsewhere a run says that it can't tell.
import { median } from './figures.ts';
import { allStats, kernelTicks, readIfThere, treeUse } from './processes.ts';

/** Others may use so much of the cores' time before a round counts as disturbed. */
const MOST_OTHERS = 0.05;
const MICROSECONDS_PER_MS = 1_000;

/** Sums since the machine began, in clock ticks where not said otherwise. */
export interface CoreSample {
  readonly busy: number;
  readonly all: number;
  /** Of the benchmark's own processes, and of the kernel, which works for them. */
  readonly own: number;
  /** While something waited for a core, in microseconds; undefined where the kernel doesn't tell. */
  readonly waited: number | undefined;
  /** In milliseconds. */
  readonly at: number;
}

/** What the machine did in a round, as shares. */
export interface Company {
  /** What others used of the cores' time. */
  readonly others: number;
  /** Of the time, in which something waited for a core: with load that fills the cores, the benchmark's own processes do. */
  readonly waited: number | undefined;
}

/**
 * The busy and the whole time of all cores. Interrupts count neither as busy nor as idle: those of the network are the benchmark's own
 * doing, and no process's time. https://man7.org/linux/man-pages/man5/proc_stat.5.html
 */
export function coreTimes(stat: string): { busy: number; all: number } {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = (
    /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ') ?? []
  ).map(Number);
  const busy = user + nice + system + steal;
  return { busy, all: busy + idle + iowait + irq + softirq };
}

/** What happened between two samples. */
export function companyBetween(before: CoreSample, after: CoreSample): Company {
  const others = after.busy - before.busy - (after.own - before.own);
  const waitedMs =
    before.waited === undefined || after.waited === undefined
      ? undefined
      : (after.waited - before.waited) / MICROSECONDS_PER_MS;
  return {
    others: Math.max(0, others / (after.all - before.all)),
    waited: waitedMs === undefined ? undefined : waitedMs / (after.at - before.at),
  };
}

/** Now; undefined where the system doesn't tell. */
function sample(): CoreSample | undefined {
  const stat = readIfThere('/proc/stat');
  if (stat === undefined) return undefined;
  const stats = allStats();
  // The kernel's threads write what the benchmark makes durable.
  const own = treeUse(stats, process.pid).ticks + kernelTicks(stats);
  const pressure = /^some .*total=(\d+)/m.exec(readIfThere('/proc/pressure/cpu') ?? '')?.[1];
  const waited = pressure === undefined ? undefined : Number(pressure);
  return { ...coreTimes(stat), own, waited, at: performance.now() };
}

/** How quiet the machine was in a run. */
export interface Quietness {
  /** Whether the machine tells what others did. */
  readonly known: boolean;
  /** Rounds that count, and those among them that were disturbed all the same. */
  readonly rounds: number;
  readonly disturbed: number;
  readonly thrownAway: number;
  /** What others used of the cores, in the rounds that count: the median, and the most. */
  readonly others: number;
  readonly mostOthers: number;
  /** The median share of the time in which something waited for a core. */
  readonly waited: number | undefined;
}

export class Watch {
  readonly #counted: Company[] = [];
  #thrownAway = 0;
  #known: boolean;
  readonly #repeats: number;
  readonly #sample: () => CoreSample | undefined;

  /**
   * @param repeats how many rounds may be repeated for each that is asked for; 0: none
   * @param serversHere whether servers that take part are no processes of the benchmark's own: they would count as others
   */
  constructor(repeats: number, serversHere = false, take = sample) {
    this.#repeats = repeats;
    this.#sample = take;
    this.#known = !serversHere;
  }

  /** As many rounds as asked for, undisturbed where that can be had. The index grows with every attempt. */
  async rounds<Result>(count: number, round: (index: number) => Promise<Result>): Promise<Result[]> {
    const taken: { readonly result: Result; readonly company: Company }[] = [];
    const most = Math.floor(count * (1 + this.#repeats));
    let quiet = 0;
    for (let index = 0; quiet < count && index < most; index++) {
      const { result, company } = await this.#watched(() => round(index));
      if (company.others <= MOST_OTHERS) quiet++;
      taken.push({ result, company });
    }
    const kept = taken.toSorted((a, b) => a.company.others - b.company.others).slice(0, count);
    this.#counted.push(...kept.map(({ company }) => company));
    this.#thrownAway += taken.length - kept.length;
    return kept.map(({ result }) => result);
  }

  async #watched<Result>(round: () => Promise<Result>): Promise<{ result: Result; company: Company }> {
    const before = this.#known ? this.#sample() : undefined;
    const result = await round();
    const after = this.#known ? this.#sample() : undefined;
    if (before !== undefined && after !== undefined) return { result, company: companyBetween(before, after) };
    this.#known = false;
    return { result, company: { others: 0, waited: undefined } };
  }

  get quietness(): Quietness {
    const others = this.#counted.map((company) => company.others);
    const waited = this.#counted.flatMap((company) => company.waited ?? []);
    return {
      known: this.#known,
      rounds: this.#counted.length,
      disturbed: others.filter((share) => share > MOST_OTHERS).length,
      thrownAway: this.#thrownAway,
      others: median(others),
      mostOthers: Math.max(...others),
      waited: waited.length === 0 ? undefined : median(waited),
    };
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** One line for the report. */
export function quietnessLine(quietness: Quietness): string {
  if (!quietness.known)
    return "Whether the machine was quiet can't be told: no /proc, or servers on it that are not the run's own.";
  const { rounds, disturbed, thrownAway, others, mostOthers, waited } = quietness;
  const pressure = waited === undefined ? '' : `; something waited for a core ${percent(waited)} of the time`;
  return (
    `${rounds} rounds count, ${disturbed} of them disturbed; ${thrownAway} more were disturbed and thrown away. ` +
    `Others used ${percent(others)} of the cores (at most ${percent(mostOthers)})${pressure}.`
  );
}
