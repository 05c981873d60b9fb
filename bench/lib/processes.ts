// What processes have used, as Linux tells it. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
import { readdirSync, readFileSync } from 'node:fs';
import type { Resources } from './protocol.ts';

/** As /proc counts on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

interface Use {
  readonly ticks: number;
  readonly pages: number;
}

/** What a process, its descendants, and their children that have ended used, from the `stat` files of all processes. */
export function treeUse(stats: readonly string[], root: number): Use {
  const children = new Map<number, number[]>();
  const uses = new Map<number, Use>();
  for (const stat of stats) {
    // The name in parentheses may hold anything; the state and the parent follow it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [pid, parent] = [Number.parseInt(stat, 10), Number(fields[1])];
    children.set(parent, [...(children.get(parent) ?? []), pid]);
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    uses.set(pid, { ticks, pages: Number(fields[21]) });
  }
  const nothing: Use = { ticks: 0, pages: 0 };
  const sum = (pid: number): Use => (children.get(pid) ?? []).map(sum).reduce(plus, uses.get(pid) ?? nothing);
  return sum(root);
}

const plus = (a: Use, b: Use): Use => ({ ticks: a.ticks + b.ticks, pages: a.pages + b.pages });

const KERNEL_PARENT = 2;

/** The ticks of the kernel's threads: kthreadd is their parent, and in a container there is none. */
export const kernelTicks = (stats: readonly string[]): number =>
  stats.some((stat) => stat.startsWith(`${KERNEL_PARENT} (kthreadd)`)) ? treeUse(stats, KERNEL_PARENT).ticks : 0;

/** Of all processes; empty where the system doesn't tell. */
export const allStats = (): string[] =>
  namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readIfThere(`/proc/${pid}/stat`) ?? []);

/** What a process and its descendants have used; undefined where the system doesn't tell. */
export function resourcesOf(pid: number): Resources | undefined {
  const stats = allStats();
  if (stats.length === 0) return undefined;
  const { ticks, pages } = treeUse(stats, pid);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, rssBytes: pages * PAGE_BYTES };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // another system than Linux
  }
}

export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // another system than Linux, or a process that has just ended
  }
}
