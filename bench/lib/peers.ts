// Programs of others that do a part of what the gateway does: installed from their registries into a folder of their own, at the versions
// that bench/peers names, and configured for the upstream of the benchmark. Each is one process, as the gateway is.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './built.ts';
import { MODELS } from './gateway-ledger.ts';
import { resourcesOf } from './processes.ts';
import type { Target } from './protocol.ts';
import { PATH, type Rival, type RivalStart } from './rivals.ts';

const SOURCES = join(root, 'bench/peers');
const HOME = join(root, 'node_modules/.cache/peers');
const START_TIMEOUT_MS = 120_000;
const POLL_MS = 200;
const KEY = 'sk-bench';

export interface Peer {
  readonly name: string;
  /** What it does for a call, beside passing it on. */
  readonly does: string;
  /** @throws Error when a registry refuses */
  readonly install: () => void;
  readonly start: RivalStart;
}

function run(folder: string, command: string, ...args: string[]): void {
  const done = spawnSync(command, args, { cwd: folder, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (done.status !== 0)
    throw new Error(`"${command} ${args.join(' ')}" failed: ${done.error?.message ?? 'see above'}`);
}

/** Runs steps in a folder unless they were done for the same files before. */
function unlessInstalled(name: string, files: readonly string[], steps: (folder: string) => void): void {
  const folder = join(HOME, name);
  const stampFile = join(folder, 'installed');
  const stamp = files.map((file) => readFileSync(join(SOURCES, file), 'utf8')).join('');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.error(`installing ${name} (first run only) …`);
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(join(SOURCES, file), join(folder, file));
  steps(folder);
  writeFileSync(stampFile, stamp);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}

interface Program {
  readonly name: string;
  readonly folder: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly origin: string;
  /** Answers as soon as it is up. */
  readonly health: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function started({ name, folder, command, args, env, origin, health, headers }: Program): Promise<Rival> {
  const log = openSync(join(folder, `${name}.log`), 'w');
  const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', log, log] });
  process.once('exit', () => child.kill());
  await isUp(child, `${origin}${health}`);
  const { pid = 0 } = child;
  const more = headers === undefined ? {} : { headers };
  const target: Target = { name, model: MODELS.openai, origin, path: PATH, authorization: `Bearer ${KEY}`, ...more };
  return {
    target,
    caller: name,
    translates: false,
    resources: async () => resourcesOf(pid),
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL'); // there is nothing it could lose
      await exited;
    },
  };
}

async function isUp(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (child.exitCode === null && performance.now() < deadline) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await delay(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`${child.spawnfile} did not start; its log lies in ${HOME}`);
}

/**
 * Later versions of @hono/node-server break its streams (https://github.com/Portkey-AI/gateway/issues/1389); it asks for 1.3.3 or later.
 */
const portkey: Peer = {
  name: 'portkey',
  does: 'Portkey, @portkey-ai/gateway 1.15.2: passes the key on. No keys of its own, no limits, no billing, nothing durable.',
  install: () =>
    unlessInstalled('portkey', ['package.json', 'package-lock.json'], (folder) =>
      run(folder, 'npm', 'ci', '--no-audit', '--no-fund', '--loglevel=error'),
    ),
  start: async (upstream) => {
    const folder = join(HOME, 'portkey');
    const port = await freePort();
    const program = join(folder, 'node_modules/@portkey-ai/gateway/build/start-server.js');
    return started({
      name: 'portkey',
      folder,
      command: process.execPath,
      args: [program, `--port=${port}`, '--headless'],
      origin: `http://127.0.0.1:${port}`,
      health: '/',
      headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/portkey/openai/v1` },
    });
  },
};

const liteLlmConfig = (upstream: string): string => `
model_list:
  - model_name: ${MODELS.openai}
    litellm_params: { model: openai/${MODELS.openai}, api_base: ${upstream}/litellm/openai/v1, api_key: bench }
general_settings: { master_key: ${KEY} }
`;

const liteLlm: Peer = {
  name: 'litellm',
  does: 'LiteLLM, litellm[proxy] 1.106.11, one worker, no database: compares one master key, works out the cost in floats, keeps nothing.',
  install: () =>
    unlessInstalled('litellm', ['requirements-litellm.txt'], (folder) => {
      run(folder, 'python3', '-m', 'venv', 'venv');
      run(
        folder,
        join(folder, 'venv/bin/pip'),
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--no-deps',
        '-r',
        'requirements-litellm.txt',
      );
    }),
  start: async (upstream) => {
    const folder = join(HOME, 'litellm');
    const port = await freePort();
    writeFileSync(join(folder, 'config.yaml'), liteLlmConfig(upstream));
    return started({
      name: 'litellm',
      folder,
      command: join(folder, 'venv/bin/litellm'),
      args: ['--config', 'config.yaml', '--host', '127.0.0.1', '--port', String(port), '--num_workers', '1'],
      env: { LITELLM_MODE: 'PRODUCTION', LITELLM_LOG: 'ERROR', LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
      origin: `http://127.0.0.1:${port}`,
      health: '/health/liveliness',
    });
  },
};

export const PEERS: readonly Peer[] = [portkey, liteLlm];
