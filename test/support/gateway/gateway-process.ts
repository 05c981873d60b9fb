// A gateway, or another of our programs, as a process of its own: for kill -9, signals, and what it prints.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { runCommand } from '../command-line.js';
import { TcpProxy, targetOf } from '../network/tcp-proxy.js';
import { UNLIMITED } from './gateway.js';
import { GATEWAYS } from './mode.js';
import { until } from './until.js';

/** Where a built file is. */
export const built = (path: string): string => fileURLToPath(new URL(`../../../dist/${path}`, import.meta.url));

/** Half a dozen may be starting at the same time. */
const START_MS = 120_000;

/** What programs compiled is kept for the next ones (vitest.config.ts): a seventh of the processor time of a start. */
const { NODE_COMPILE_CACHE = '' } = process.env;

const programs = new Set<Running>();
// A spec that fails ends what it started, too.
afterAll(() => Promise.all([...programs].map((program) => program.kill('SIGKILL'))));

/** A program with what it prints. */
export class Running {
  readonly #child: ChildProcess;
  /** All it has printed, on both outputs. */
  output = '';
  stdout = '';
  stderr = '';
  /** How it ended: an exit code or a signal. Undefined while it runs. */
  ended: number | NodeJS.Signals | undefined;
  readonly #end: Promise<number | NodeJS.Signals>;

  /** Runs a command with these variables, the path and the compile cache, and nothing else of this process's own. */
  constructor([command = '', ...args]: readonly string[], env: Readonly<Record<string, string>>, cwd?: string) {
    this.#child = spawn(command, args, {
      ...(cwd !== undefined && { cwd }),
      env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.stderr += text;
    });
    programs.add(this);
    this.#end = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => {
        this.ended = signal ?? code ?? 0;
        programs.delete(this);
        resolve(this.ended);
      });
    });
  }

  /** Sends a signal and resolves when the process has ended. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.#end;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with how it ended, when it has. */
  end(): Promise<number | NodeJS.Signals> {
    return this.#end;
  }

  /** Waits for what it prints. @throws Error with all it printed when it ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const found = () => {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      if (this.ended !== undefined) throw new Error(`the process ended with ${this.ended}:\n${this.output}`);
      return undefined;
    };
    return until(`"${pattern.source}" in the output`, found, START_MS);
  }
}

export class Program extends Running {
  /** Runs a built file, such as `main.js`. */
  constructor(file: string, args: readonly string[], env: Readonly<Record<string, string>>, cwd?: string) {
    super([process.execPath, built(file), ...args], env, cwd);
  }
}

export interface RunningGateway {
  readonly program: Program;
  readonly url: string;
}

/** Starts a gateway on the stores that `env` names, and resolves when it listens. */
export async function startGatewayProcess(env: Readonly<Record<string, string>>): Promise<RunningGateway> {
  const program = new Program('src/main.js', [], { PORT: '0', ...UNLIMITED, ...env });
  const [, url = ''] = await program.printed(/listens on (http:\S+)\/v1/);
  return { program, url };
}

/** As many gateways as the mode has, side by side on the same stores, behind one URL: of two, each connection gets to the next. */
export class RunningGateways {
  readonly #started: RunningGateway[];

  private constructor(
    private readonly env: Readonly<Record<string, string>>,
    /** Those that run now. */
    readonly gateways: RunningGateway[],
    private readonly balancer: TcpProxy,
  ) {
    this.#started = [...gateways];
  }

  static async start(env: Readonly<Record<string, string>>): Promise<RunningGateways> {
    const gateways = await Promise.all(Array.from({ length: GATEWAYS }, () => startGatewayProcess(env)));
    return new RunningGateways(env, gateways, await TcpProxy.start(gateways.map(({ url }) => targetOf(url))));
  }

  /** The first, with its own URL. */
  get first(): RunningGateway {
    const [first] = this.gateways;
    if (first === undefined) throw new Error('no gateway runs');
    return first;
  }

  get url(): string {
    return GATEWAYS === 1 ? this.first.url : `http://127.0.0.1:${this.balancer.port}`;
  }

  /** All that they have printed, and those before them. */
  get output(): string {
    return this.#started.map(({ program }) => program.output).join('\n');
  }

  /** Starts one in the place of one that has ended. */
  async replace(gateway: RunningGateway): Promise<void> {
    const next = await startGatewayProcess(this.env);
    this.#started.push(next);
    this.gateways.splice(this.gateways.indexOf(gateway), 1, next);
    this.balancer.targets = this.gateways.map(({ url }) => targetOf(url));
  }

  /** Ends all of them. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    await Promise.all(this.#started.map(({ program }) => program.kill(signal)));
    await this.balancer.close();
  }
}

const MAKING = new Set(['account create', 'account credit', 'account adjust', 'key issue']);

/** The arguments with a reference of their own where the command line asks a script for one. */
export function withReference(args: readonly string[]): readonly string[] {
  const [first, ...others] = args;
  if (first === '--json') return [first, ...withReference(others)];
  if (!MAKING.has(args.slice(0, 2).join(' ')) || args.includes('--reference')) return args;
  return [...args.slice(0, 2), '--reference', randomUUID(), ...args.slice(2)];
}

/** Runs the `tokenhub` command line and returns what it prints, as JSON. What it makes is new each time. */
export async function tokenhub(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runCommand(['--json', ...withReference(args)], env);
  if (code !== 0) throw new Error(`tokenhub ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return JSON.parse(stdout) as unknown; // how far it is goes to the other output
}
