// A run as JSON, with what it takes to trust it later: the commit, the machine, and whether the run is fit to be quoted.
import { execFileSync, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Figure } from './figures.ts';
import { type Quietness, quietnessLine } from './quiet.ts';

/** A figure with its name, whose it is, and its unit; of rates, more is better, of all else, less. */
export interface Measured extends Figure {
  readonly target: string;
  readonly what: string;
  readonly unit: 'ms' | '/s' | 'bytes';
}

/** Where a run comes from. */
export interface Provenance {
  readonly at: string;
  /** Of the tree the benchmark ran in; undefined outside a repository. */
  readonly commit: string | undefined;
  /** Whether the tree was as that commit has it. */
  readonly clean: boolean;
  readonly node: string;
  readonly cores: number;
  readonly cpu: string;
  readonly memoryBytes: number;
  readonly platform: string;
}

export function provenance(): Provenance {
  const status = git('status', '--porcelain');
  return {
    at: new Date().toISOString(),
    commit: git('rev-parse', 'HEAD'),
    clean: status === '',
    node: process.version,
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    platform: process.platform,
  };
}

function git(...args: string[]): string | undefined {
  try {
    const quietly: StdioOptions = ['ignore', 'pipe', 'ignore'];
    return execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8', stdio: quietly }).trim();
  } catch {
    return undefined; // no repository, or no git
  }
}

export const provenanceLine = ({ commit, clean }: Provenance): string =>
  commit === undefined ? 'No commit is known.' : `Commit ${commit.slice(0, 10)}${clean ? '' : ', with changes'}`;

/** What speaks against quoting a run; nothing does when it is empty. */
export interface Doubts {
  readonly quick: boolean;
  readonly steady: boolean;
  readonly clean: boolean;
  readonly right: boolean;
  readonly quietness: Quietness;
}

export const doubtsOf = ({ quick, steady, clean, right, quietness }: Doubts): string[] => [
  ...(right ? [] : ['calls failed, or the reconciliation is wrong']),
  ...(quick ? ['it was a quick one'] : []),
  ...(quietness.known ? [] : ["whether the machine was quiet can't be told"]),
  ...(quietness.disturbed > 0 ? [`${quietness.disturbed} of ${quietness.rounds} rounds were disturbed`] : []),
  ...(steady ? [] : ['the rate was not steady when it began']),
  ...(clean ? [] : ['the tree was not as its commit has it']),
];

export function printDoubts(doubts: readonly string[], quietness: Quietness): void {
  console.log(`\n${quietnessLine(quietness)}`);
  console.log(doubts.length === 0 ? 'This run is fit to be quoted.' : `NOT fit to be quoted: ${doubts.join('; ')}.`);
}

/** The figures of an earlier run. What npm prints before them is passed over. @throws Error when it is no run's JSON */
export function readFigures(file: string): Measured[] {
  const text = readFileSync(file, 'utf8');
  const begin = text.search(/^\{/m);
  const { figures } = (begin < 0 ? {} : JSON.parse(text.slice(begin))) as { figures?: Measured[] };
  if (figures === undefined) throw new Error(`${file} is not what a run with --json prints`);
  return figures;
}
