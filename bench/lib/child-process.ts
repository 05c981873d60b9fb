// The side of the parent: starts the child processes and the gateway, and talks to them.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { builtFile } from './built.ts';
import { profileFolder } from './options.ts';
import type { Appends, Reply, Resources } from './protocol.ts';

/** A child that answers commands; one at a time. */
export class Child {
  readonly #process: ChildProcess;
  readonly origin: string;

  private constructor(child: ChildProcess, origin: string) {
    this.#process = child;
    this.origin = origin;
  }

  static async start(file: string, ...args: string[]): Promise<Child> {
    const child = fork(join(import.meta.dirname, '../processes', file), args, { serialization: 'advanced' });
    const [{ result: port }] = (await once(child, 'message')) as [Reply];
    return new Child(child, `http://127.0.0.1:${String(port)}`);
  }

  async ask<Result>(command: string, argument?: unknown): Promise<Result> {
    this.#process.send({ command, argument: argument ?? null });
    const [{ result }] = (await once(this.#process, 'message')) as [Reply];
    return result as Result;
  }

  stop(): void {
    this.#process.disconnect();
  }
}

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 50;
const LISTENS = /listens on (http:\S+)\/v1/;

/** The gateway itself, as `npm start` runs it, with its log in a file. */
export class Gateway {
  readonly #process: ChildProcess;
  readonly origin: string;

  private constructor(child: ChildProcess, origin: string) {
    this.#process = child;
    this.origin = origin;
  }

  static async start(folder: string, env: Readonly<Record<string, string>>): Promise<Gateway> {
    const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
    const log = join(folder, 'gateway.log');
    const child = spawn(process.execPath, ['--enable-source-maps', ...profile, builtFile('main.js')], {
      env: { ...process.env, ...env, PORT: '0' },
      stdio: ['ignore', openSync(log, 'w'), 'inherit'],
    });
    process.once('exit', () => child.kill());
    const deadline = performance.now() + START_TIMEOUT_MS;
    for (;;) {
      const origin = LISTENS.exec(readFileSync(log, 'utf8'))?.[1];
      if (origin !== undefined) return new Gateway(child, origin);
      if (child.exitCode !== null || performance.now() > deadline) throw new Error('the gateway did not start');
      await delay(POLL_MS);
    }
  }

  /** Read from its own metrics. */
  async resources(): Promise<Resources> {
    const metric = await this.#metrics();
    return { rssBytes: metric('process_resident_memory_bytes'), cpuSeconds: metric('process_cpu_seconds_total') };
  }

  /** The appends to the event store so far, and the time until they were durable, all together. */
  async appends(): Promise<Appends> {
    const metric = await this.#metrics();
    return { count: metric('tokenhub_append_seconds_count'), seconds: metric('tokenhub_append_seconds_sum') };
  }

  async #metrics(): Promise<(name: string) => number> {
    const text = await (await fetch(`${this.origin}/metrics`)).text();
    return (name) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
  }

  async stop(): Promise<void> {
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exited;
  }
}
