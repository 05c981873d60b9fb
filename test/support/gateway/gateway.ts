// A gateway in this process on a ledger of its own, with a sandbox provider behind it; two of them, behind one URL, where the mode says so.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config, loadConfig } from '../../../src/platform/config.js';
import { EventStore } from '../../../src/event-store/index.js';
import { createGateway } from '../../../src/gateway.js';
import { type ModelPrices, PriceBook, PublishPrices } from '../../../src/pricing/index.js';
import { InFlight } from '../../../src/proxy/index.js';
import { type SandboxProvider, startSandboxProvider, type UsageLine } from '../../../sandbox/provider/index.js';
import { type SandboxStripe, startSandboxStripe } from '../../../sandbox/stripe/index.js';
import { TcpProxy, targetOf } from '../network/tcp-proxy.js';
import { readUsageLog } from '../sandbox/usage-log.js';
import { newFolder, type TestFolder } from './folder.js';
import { LedgerDesk } from './ledger-desk.js';
import { GATEWAYS } from './mode.js';
import { until } from './until.js';

export { newFolder };

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

/** The sandbox in each of its wire formats, a channel for each. */
export const inEveryFormat = (sandboxUrl: string): readonly ChannelEntry[] => [
  channel('openai', sandboxUrl, { makers: ['openai'], responses: true }),
  channel('anthropic', `${sandboxUrl}/anthropic`, { makers: ['anthropic'], format: 'anthropic' }),
  channel('google', '', { baseUrl: `${sandboxUrl}/gemini/v1beta`, makers: ['google'], format: 'gemini' }),
];

export interface GatewayOptions {
  /** Configuration on top of that of tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** The channels, given the sandbox's address; without it the sandbox is the only one, named `sandbox`. */
  readonly channels?: (sandboxUrl: string) => readonly ChannelEntry[];
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

interface Parts {
  readonly apps: readonly NestFastifyApplication[];
  readonly balancer: TcpProxy | undefined;
  readonly url: string;
  readonly ledger: TestFolder;
  readonly sandbox: SandboxProvider;
  readonly stripe: SandboxStripe;
}

export class TestGateway {
  /** One of them, where there are two: whatever it does, the other sees. */
  readonly app: NestFastifyApplication;
  readonly apps: readonly NestFastifyApplication[];
  /** Of two gateways, each connection gets to the next. */
  readonly url: string;
  readonly folder: string;
  /** The variables that name its stores. */
  readonly files: Readonly<Record<string, string>>;
  readonly desk: LedgerDesk;
  /** Where its customers pay: one for all its gateways. */
  readonly stripe: SandboxStripe;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    const { apps, url, ledger } = parts;
    const [app] = apps;
    if (app === undefined) throw new Error('there is no gateway');
    this.#parts = parts;
    this.app = app;
    this.apps = apps;
    this.url = url;
    this.folder = ledger.folder;
    this.files = ledger.env;
    this.desk = new LedgerDesk(app);
    this.stripe = parts.stripe;
  }

  /** The way of each gateway to its event store. */
  get eventStores(): readonly EventStore[] {
    return this.apps.map((app) => app.get(EventStore));
  }

  get callsUnderWay(): number {
    return this.apps.reduce((sum, app) => sum + app.get(InFlight).count, 0);
  }

  /** Publishes prices, and resolves when every gateway goes by them: each looks for new ones every second. */
  async publish(models: readonly ModelPrices[]): Promise<void> {
    await this.desk.commands.execute(new PublishPrices(models, undefined, { acceptWarnings: true }));
    const newest = (app: NestFastifyApplication) => app.get(PriceBook).newest()?.version;
    await until('the prices at every gateway', () => this.apps.every((app) => newest(app) === newest(this.app)));
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
    const { apps, balancer, sandbox, stripe, ledger } = this.#parts;
    // First, so that nothing more is told to who is gone.
    await stripe.close();
    await Promise.all(apps.map((app) => app.close()));
    await balancer?.close();
    await sandbox.close();
    await ledger.close();
  }
}

const usageLogOf = (folder: string): string => join(folder, 'usage.jsonl');

/** No limit that a test does not mean to reach. */
export const UNLIMITED = {
  KEY_REQUESTS_PER_MINUTE: '1000000',
  ACCOUNT_REQUESTS_PER_MINUTE: '1000000',
  LOGIN_ATTEMPTS_PER_ADDRESS: '1000000',
  // Clients and providers of a test are in the same process, or on the same cores.
  OVERLOAD_DELAY_MS: '3600000',
};

/** The secret of the webhook of every test gateway. */
export const WEBHOOK_SECRET = 'whsec_of_the_tests';

/** The variables that make a gateway take payments at a sandbox Stripe. */
const stripeEnv = ({ url, secretKey }: SandboxStripe) => ({
  STRIPE_SECRET_KEY: secretKey,
  STRIPE_API_URL: url,
  STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
  TOPUP_CNY_PER_USD: '7.20',
});

export async function startGateway({ env = {}, channels }: GatewayOptions = {}): Promise<TestGateway> {
  const ledger = await newFolder();
  const sandbox = await startSandboxProvider({ usageLogFile: usageLogOf(ledger.folder) });
  const entries = channels?.(sandbox.url) ?? [channel('sandbox', sandbox.url)];
  const routing = await channelsFile(ledger.folder, entries);
  const stripe = await startSandboxStripe({ knobs: { retryMs: 50 } });
  const own = { ...UNLIMITED, ...ledger.env, ...routing, ...stripeEnv(stripe), ...env };
  const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...own });
  // Who names an event store puts gateways on it one by one.
  const count = env['EVENT_STORE_URL'] === undefined ? GATEWAYS : 1;
  const apps = await Promise.all(Array.from({ length: count }, () => listening(config)));
  const urls = await Promise.all(apps.map((app) => app.getUrl()));
  const balancer = count > 1 ? await TcpProxy.start(urls.map(targetOf)) : undefined;
  const url = balancer === undefined ? (urls[0] ?? '') : `http://127.0.0.1:${balancer.port}`;
  stripe.deliverTo(`${url}/webhooks/stripe`, WEBHOOK_SECRET);
  return new TestGateway({ apps, balancer, url, ledger, sandbox, stripe });
}

async function listening(config: Config): Promise<NestFastifyApplication> {
  const app = await createGateway(config);
  await app.listen(0, '127.0.0.1');
  return app;
}
