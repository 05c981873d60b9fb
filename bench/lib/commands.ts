// Commands of `tokenhub` on a ledger of files, each in a process of its own that tells what it used.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { builtFile } from './built.ts';
import { storeUrls } from './stores.ts';

/** What a command used. */
export interface Used {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly maxRssBytes: number;
}

const PROGRAM = join(import.meta.dirname, '../processes/measured-command.ts');

/** Runs a command and hands each line of its output to `take`. @throws Error when it fails, with what it said */
export async function runCommand(
  folder: string,
  args: readonly string[],
  take: (line: string) => void = () => undefined,
): Promise<Used> {
  console.error(`tokenhub ${args.join(' ')}`);
  const figures = join(folder, 'used.json');
  const child = spawn(process.execPath, [PROGRAM, figures, builtFile('src/cli.js'), ...args], {
    env: { ...process.env, ...storeUrls(folder), PEOPLE_URL: `sqlite:${join(folder, 'people.db')}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) take(line);
  const [code] = (await exited) as [number];
  if (code !== 0) throw new Error(`tokenhub ${args.join(' ')} ended with ${code}`);
  return JSON.parse(readFileSync(figures, 'utf8')) as Used;
}

/** The same for a command that prints JSON. */
export async function jsonOf(folder: string, args: readonly string[]): Promise<Used & { readonly answer: unknown }> {
  const lines: string[] = [];
  const used = await runCommand(folder, [...args, '--json'], (line) => lines.push(line));
  return { ...used, answer: JSON.parse(lines.join('\n')) as unknown };
}
