// Runs a TypeScript file of the tests, with all it imports of the sources, in a process of its own.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const HOOKS = new URL('./typescript-process.hooks.ts', import.meta.url);

/** What Node needs to be told for that. */
export const TYPESCRIPT = [
  '--experimental-transform-types',
  '--disable-warning=ExperimentalWarning',
  `--import=${HOOKS.href}`,
];

export const forkTypeScript = (file: URL, args: readonly string[]): ChildProcess =>
  fork(fileURLToPath(file), args, { execArgv: TYPESCRIPT });
