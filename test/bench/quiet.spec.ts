import { describe, expect, it } from 'vitest';
import { kernelTicks, treeUse } from '../../bench/lib/processes.ts';
import { companyBetween, coreTimes, quietnessLine, Watch } from '../../bench/lib/quiet.ts';

/** /proc/<pid>/stat: the name may hold spaces and parentheses; times are user, system, and those of children that ended. */
const stat = (pid: number, parent: number, [user = 0, system = 0, endedUser = 0, endedSystem = 0]: number[]): string =>
  `${pid} (node (bench) S 1) S ${parent} 1 1 0 -1 4194560 100 0 0 0 ${user} ${system} ${endedUser} ${endedSystem} 20 0 11 0 100 0 25`;

describe('whether the machine is quiet', () => {
  it('counts work and stolen time as busy, and interrupts as part of the time alone', () =>
    expect(coreTimes('cpu  100 10 30 1000 40 5 15 7 3 0\ncpu0 50 5 15 500 20 2 8 3 1 0\n')).toEqual({
      busy: 147,
      all: 1_207,
    }));

  it('adds up a process, its descendants and their children that have ended, and nobody else', () => {
    const stats = [
      stat(1, 0, [900]),
      stat(7, 1, [1, 2, 3, 4]),
      stat(8, 7, [10]),
      stat(9, 8, [100]),
      stat(10, 1, [500]),
    ];
    expect(treeUse(stats, 7)).toEqual({ ticks: 120, pages: 75 });
    expect(treeUse(stats, 99)).toEqual({ ticks: 0, pages: 0 });
  });

  it('tells the threads of the kernel from processes that only have their number', () => {
    const thread = stat(3, 2, [5, 6]);
    expect(kernelTicks([stat(2, 0, [1]).replace('node (bench) S 1', 'kthreadd'), thread])).toBe(12);
    expect(kernelTicks([stat(2, 0, [1]), thread])).toBe(0);
  });

  it('tells what others used of the cores, and how long something waited for one', () => {
    const before = { busy: 100, all: 1_000, own: 50, waited: 2_000_000, at: 10_000 };
    const after = { busy: 200, all: 1_200, own: 130, waited: 2_500_000, at: 11_000 };
    expect(companyBetween(before, after)).toEqual({ others: 0.1, waited: 0.5 });
    expect(companyBetween(before, { ...after, own: 151, waited: undefined })).toEqual({ others: 0, waited: undefined });
  });

  it('makes no more rounds than asked for, and says that it is blind, beside servers that are not its own', async () => {
    const watch = new Watch(1, true);
    expect(await watch.rounds(3, async (index) => index)).toEqual([0, 1, 2]);
    expect(watch.quietness).toMatchObject({ known: false, rounds: 3, disturbed: 0, thrownAway: 0 });
    expect(quietnessLine(watch.quietness)).toContain("can't be told");
  });

  it('throws disturbed rounds away while it may, and keeps the quietest', async () => {
    // Others take 20, 0, 30, 0, 10 and 40 % of the cores.
    const shares = [0.2, 0, 0.3, 0, 0.1, 0.4];
    let [busy, all, sampled] = [0, 0, 0];
    const samples = () => {
      if (sampled++ % 2 === 1) {
        all += 100;
        busy += 100 * (shares[(sampled - 2) / 2] ?? 0);
      }
      return { busy, all, own: 0, waited: undefined, at: all };
    };
    const watch = new Watch(1, false, samples);
    expect(await watch.rounds(3, async (index) => index)).toEqual([1, 3, 4]);
    expect(watch.quietness).toMatchObject({ known: true, rounds: 3, disturbed: 1, thrownAway: 3, mostOthers: 0.1 });
  });
});
