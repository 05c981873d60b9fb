// The side of the parent: starts the child processes and the gateway, and talks to them.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build as underTest, root } from './built.ts';
import { profileFolder } from './options.ts';
import type { Appends, MemoryParts, Reply, Resources } from './protocol.ts';

/** A child that answers commands; one at a time. */
export class Child {
  readonly #process: ChildProcess;
  readonly origin: string;

  private constructor(child: ChildProcess, origin: string) {
    this.#process = child;
    this.origin = origin;
  }

  /** @param execArgv what Node itself is told. */
  static async start(file: string, args: readonly string[] = [], execArgv: readonly string[] = []): Promise<Child> {
    const program = join(import.meta.dirname, '../processes', file);
    const child = fork(program, args, { serialization: 'advanced', execArgv: [...execArgv] });
    const [{ result: port }] = (await once(child, 'message')) as [Reply];
    return new Child(child, `http://127.0.0.1:${String(port)}`);
  }

  async ask<Result>(command: string, argument?: unknown): Promise<Result> {
    this.#process.send({ command, argument: argument ?? null });
    const [{ result }] = (await once(this.#process, 'message')) as [Reply];
    return result as Result;
  }

  /** Lets this process end while the child runs, which then ends, too. */
  unref(): this {
    this.#process.unref();
    this.#process.channel?.unref();
    return this;
  }

  stop(): void {
    this.#process.disconnect();
  }
}

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 50;
/** Views that are far behind are waited for: a server may hold millions of events. */
const VIEWS_TIMEOUT_MS = 600_000;
const LISTENS = /listens on (http:\S+)\/v1/;

interface Readiness {
  readonly checks: { readonly projections: string | readonly { readonly state: string }[] };
}

/** What `npm start` tells Node. */
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
const START_FLAGS = scripts.start.split(' ').filter((word) => word.startsWith('-'));

/** The gateway itself, as `npm start` runs it, with its log in a file. */
export class Gateway {
  readonly #process: ChildProcess;
  readonly origin: string;

  private constructor(child: ChildProcess, origin: string) {
    this.#process = child;
    this.origin = origin;
  }

  static async start(folder: string, env: Readonly<Record<string, string>>, build = underTest): Promise<Gateway> {
    const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
    const log = join(folder, 'gateway.log');
    const child = spawn(process.execPath, [...START_FLAGS, ...profile, build.file('src/main.js')], {
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

  async memory(): Promise<MemoryParts> {
    const metric = await this.#metrics();
    return {
      rssBytes: metric('process_resident_memory_bytes'),
      heapBytes: metric('nodejs_heap_size_total_bytes'),
      objectBytes: metric('nodejs_heap_size_used_bytes'),
      bufferBytes: metric('nodejs_external_memory_bytes'),
    };
  }

  /** The appends to the event store so far, and the time until they were durable, all together. */
  async appends(): Promise<Appends> {
    const metric = await this.#metrics();
    return { count: metric('tokenhub_append_seconds_count'), seconds: metric('tokenhub_append_seconds_sum') };
  }

  /** Resolves when every view has all events. */
  async viewsLive(): Promise<void> {
    const deadline = performance.now() + VIEWS_TIMEOUT_MS;
    for (;;) {
      const { checks } = (await (await fetch(`${this.origin}/readyz`)).json()) as Readiness;
      const { projections } = checks;
      if (Array.isArray(projections) && projections.every(({ state }) => state === 'live')) return;
      if (performance.now() > deadline) throw new Error(`the views are not live: ${JSON.stringify(projections)}`);
      await delay(POLL_MS);
    }
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
