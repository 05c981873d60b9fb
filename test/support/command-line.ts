// The command line, run within the process of a specification: one of its own takes a second of a processor to start.
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { type Command, CommanderError } from 'commander';
import { fail } from '../../src/cli/fail.js';
import { tokenhub } from '../../src/cli/program.js';

type Variables = Readonly<Record<string, string>>;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let before: Promise<unknown> = Promise.resolve();

/** Runs a command with these variables and nothing else of this process's own; one after another, as they share its outputs. */
export function runCommand(args: readonly string[], env: Variables): Promise<Ended> {
  const ended = before.then(() => runAlone(args, env));
  before = ended.catch(() => undefined);
  return ended;
}

async function runAlone(args: readonly string[], env: Variables): Promise<Ended> {
  const [stdout, stderr] = [new Output(), new Output()];
  const restore = replaceGlobals(stdout, stderr, { PATH: process.env['PATH'] ?? '', ...env });
  try {
    await parse(args).catch((error: unknown) => {
      if (!(error instanceof CommanderError)) return fail(error);
      process.exitCode = error.exitCode;
    });
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text, stderr: stderr.text };
  } finally {
    restore();
  }
}

/** Commander throws instead of ending the process; a command has its subcommands only once it is loaded. */
function parse(args: readonly string[]): Promise<Command> {
  const throwing = (command: Command): void => {
    command.exitOverride();
    command.commands.forEach(throwing);
  };
  const program = tokenhub();
  throwing(program);
  return program.hook('preSubcommand', (_program, command) => throwing(command)).parseAsync(args, { from: 'user' });
}

class Output extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: string, written: () => void): void {
    this.text += chunk.toString();
    written();
  }
}

function replaceGlobals(stdout: Writable, stderr: Writable, env: Variables): () => void {
  const { console, process: own } = globalThis;
  const kept = { env: own.env, exitCode: own.exitCode };
  const outputs = Object.getOwnPropertyDescriptors(own);
  Object.defineProperties(own, {
    stdout: { value: stdout, configurable: true },
    stderr: { value: stderr, configurable: true },
  });
  globalThis.console = new Console(stdout, stderr);
  own.env = env;
  own.exitCode = undefined;
  return () => {
    Object.defineProperties(own, { stdout: outputs.stdout, stderr: outputs.stderr });
    globalThis.console = console;
    Object.assign(own, kept);
  };
}
