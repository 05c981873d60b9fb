// A gateway in this process on a folder of its own, with a sandbox provider behind it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadConfig } from '../../../src/config.js';
import { createGateway } from '../../../src/gateway.js';
import { type SandboxProvider, startSandboxProvider, type UsageLine } from '../../../src/sandbox/provider/index.js';
import { LedgerDesk } from './ledger-desk.js';

/** An entry of the channels file. */
export type ChannelEntry = Readonly<Record<string, unknown>> & { readonly name: string; readonly baseUrl: string };

export const UPSTREAM_KEY = 'upstream-secret-of-the-gateway';

/** A channel that serves every model of the catalogue, those that their makers retired too. */
export const channel = (name: string, url: string, more: Readonly<Record<string, unknown>> = {}): ChannelEntry => ({
  name,
  baseUrl: `${url}/v1`,
  apiKey: UPSTREAM_KEY,
  makers: ['*'],
  servesRetired: true,
  ...more,
});

export interface GatewayOptions {
  /** Configuration on top of that of tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** The channels, given the sandbox's address; without it the sandbox is the only one, named `sandbox`. */
  readonly channels?: (sandboxUrl: string) => readonly ChannelEntry[];
}

/** A temporary folder with the variables that put a gateway's files there. */
export async function newFolder(): Promise<{ folder: string; env: Record<string, string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
  const env = {
    EVENT_STORE_URL: `sqlite:${join(folder, 'events.db')}`,
    READ_MODEL_URL: `sqlite:${join(folder, 'read-models.db')}`,
  };
  return { folder, env };
}

/** Writes a channels file and returns the variable that names it. */
export async function channelsFile(
  folder: string,
  channels: readonly ChannelEntry[],
): Promise<{ CHANNELS_FILE: string }> {
  const path = join(folder, 'channels.json');
  await writeFile(path, JSON.stringify({ channels }));
  return { CHANNELS_FILE: path };
}

export class TestGateway {
  readonly desk: LedgerDesk;

  constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly folder: string,
    /** The variables that name its files. */
    readonly files: Readonly<Record<string, string>>,
    private readonly sandbox: SandboxProvider,
  ) {
    this.desk = new LedgerDesk(app);
  }

  /** What the sandbox answered with 200, oldest first. */
  async usageLines(): Promise<UsageLine[]> {
    return readUsageLog(usageLogOf(this.folder));
  }

  /** Whether a request reached the sandbox and was answered there. */
  async wasForwarded(requestId: string): Promise<boolean> {
    return (await this.usageLines()).some((line) => line.requestId === requestId);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.sandbox.close();
    await rm(this.folder, { recursive: true });
  }
}

const usageLogOf = (folder: string): string => join(folder, 'usage.jsonl');

export async function readUsageLog(path: string): Promise<UsageLine[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as UsageLine);
}

/** No limit that a test does not mean to reach. */
export const UNLIMITED = { KEY_REQUESTS_PER_MINUTE: '1000000', ACCOUNT_REQUESTS_PER_MINUTE: '1000000' };

export async function startGateway({ env = {}, channels }: GatewayOptions = {}): Promise<TestGateway> {
  const { folder, env: files } = await newFolder();
  const sandbox = await startSandboxProvider({ usageLogFile: usageLogOf(folder) });
  const entries = channels?.(sandbox.url) ?? [channel('sandbox', sandbox.url)];
  const routing = await channelsFile(folder, entries);
  const app = await createGateway(
    loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...UNLIMITED, ...files, ...routing, ...env }),
  );
  await app.listen(0, '127.0.0.1');
  return new TestGateway(app, await app.getUrl(), folder, files, sandbox);
}
