// Runs a program once, as a process with an environment of its own.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, INSTALLED, type Place, type Program, pythonBin, type ToolCall } from './programs.js';

const LONGEST_RUN_MS = 80_000;

export const isInstalled = ({ from }: Program): boolean =>
  existsSync('npm' in from ? join(INSTALLED, from.npm) : pythonBin(from.venv, 'python'));

export interface Run {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

/** Runs the program on a task in a folder of its own, looks at what it left there, and takes the folder away again. */
export async function runProgram<T>(
  program: Program,
  gateway: Pick<Place, 'url' | 'key'>,
  taskFor: (place: Place) => string,
  look: (run: Run, place: Place) => Promise<T> | T,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'token-hub-program-'));
  const place = { ...gateway, home: join(root, 'home'), folder: join(root, 'folder') };
  try {
    await Promise.all([mkdir(place.home), mkdir(place.folder)]);
    await program.prepare?.(place);
    return await look(await run(program, place, taskFor(place)), place);
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function run(program: Program, place: Place, task: string): Promise<Run> {
  const { file, args, env } = program.command(place, task);
  const options = { cwd: place.folder, env: { ...environment(place), ...env }, timeout: LONGEST_RUN_MS };
  const started = performance.now();
  return new Promise((resolve) => {
    const child = execFile(file, args, { ...options, maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, output: `${stdout}\n${stderr}`, seconds: (performance.now() - started) / 1_000 });
    });
    child.stdin?.end();
  });
}

/** The work of a program, its paths in the place where it runs. */
export function workIn({ work }: Program, { folder }: Place): readonly ToolCall[] | string {
  return JSON.parse(JSON.stringify(work).replaceAll('{folder}', folder)) as readonly ToolCall[] | string;
}
