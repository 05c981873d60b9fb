// The command line in this process: quicker than a process for each command.
import { tokenhub } from '../../../src/cli/program.js';

export interface Printed {
  readonly out: string;
  readonly err: string;
  /** Undefined stands for 0. */
  readonly exitCode: typeof process.exitCode;
}

type Variables = Readonly<Record<string, string>>;

/** Does some work with the environment of a command. */
export async function withVariables<T>(variables: Variables, work: () => Promise<T>): Promise<T> {
  const { env } = process;
  process.env = { ...env, ...variables };
  try {
    return await work();
  } finally {
    process.env = env;
  }
}

/**
 * Runs a command on the stores that the variables name, and returns what it printed. What the program would end with a message for is thrown.
 * One at a time: it changes what the whole process prints to, and its environment.
 */
export async function runInProcess(variables: Variables, ...args: readonly string[]): Promise<Printed> {
  const printed: Record<'out' | 'err', string[]> = { out: [], err: [] };
  const { log, error } = console;
  const write = process.stdout.write.bind(process.stdout);
  const { exitCode } = process;
  process.exitCode = undefined;
  console.log = (...texts: unknown[]) => void printed.out.push(`${texts.join(' ')}\n`);
  console.error = (...texts: unknown[]) => void printed.err.push(`${texts.join(' ')}\n`);
  process.stdout.write = (text: string | Uint8Array): boolean => printed.out.push(String(text)) > 0;
  try {
    await withVariables(variables, () => tokenhub().parseAsync([...args], { from: 'user' }));
    return { out: printed.out.join(''), err: printed.err.join(''), exitCode: process.exitCode };
  } finally {
    process.stdout.write = write;
    Object.assign(console, { log, error });
    process.exitCode = exitCode;
  }
}
