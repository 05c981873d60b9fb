// This machine's hledger, which judges the exported journal.
import { execFileSync, spawnSync } from 'node:child_process';

/** False where there is no hledger; then it has been said on the console. In CI that is an error. */
export const hasHledger = spawnSync('hledger', ['--version']).status === 0;

if (!hasHledger) {
  const missing = 'No hledger on this machine: install it, for example with "apt-get install hledger".';
  if (process.env['CI']) throw new Error(missing);
  console.warn(`SKIPPED, what hledger says of the journal. ${missing}`);
}

/** What hledger prints about a journal. @throws Error with its words when it does not like it */
export const hledger = (journal: string, ...args: readonly string[]): string =>
  execFileSync('hledger', ['-f', '-', ...args], { input: journal, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
