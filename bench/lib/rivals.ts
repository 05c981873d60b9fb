// Who is measured beside the gateway, the pass-through and the upstream itself: another build of the gateway, or another program.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Build, loadBuild } from './built.ts';
import { Gateway } from './child-process.ts';
import { type BenchLedger, MODELS, prepareLedger, reconcile, type Reconciliation } from './gateway-ledger.ts';
import type { Format, Resources, Target, UsageTotals } from './protocol.ts';
import { storeUrls } from './stores.ts';

export const PATH = '/v1/chat/completions';
export const FORMATS = Object.keys(MODELS) as Format[];
const UNLIMITED = '10000000';
/** What stands between the origin of a provider and the paths of its API. */
const BASES: Readonly<Record<Format, string>> = { openai: '/v1', anthropic: '/v1', gemini: '/v1beta' };

export interface Rival {
  readonly target: Target;
  /** What the upstream counts its calls under. */
  readonly caller: string;
  /** Whether it takes every format, as a gateway of ours. */
  readonly translates: boolean;
  /** What it has used; undefined where the system doesn't tell. */
  resources(): Promise<Resources | undefined>;
  stop(): Promise<void>;
  /** Sets what it was given against its own books, where it keeps any. */
  reconcile?(usage: ReadonlyMap<Format, UsageTotals>): Promise<Reconciliation>;
}

/** Starts a rival on an upstream; undefined where it did not start, and the run goes on without it. */
export type RivalStart = (upstream: string) => Promise<Rival | undefined>;

/** A gateway on a ledger that was made for it, as `npm start` runs it. Its log lies in the folder, and its ledger where `ledgerFolder` says. */
export function startGateway(
  folder: string,
  upstream: string,
  caller: string,
  { build, ledgerFolder = folder }: { readonly build?: Build; readonly ledgerFolder?: string } = {},
): Promise<Gateway> {
  const channels = FORMATS.map((format) => ({
    name: format,
    format,
    baseUrl: `${upstream}/${caller}/${format}${BASES[format]}`,
    apiKey: 'bench',
    models: { [MODELS[format]]: MODELS[format] },
  }));
  const channelsFile = join(folder, 'channels.json');
  writeFileSync(channelsFile, JSON.stringify({ channels }));
  const env = {
    ...storeUrls(ledgerFolder),
    CHANNELS_FILE: channelsFile,
    KEY_REQUESTS_PER_MINUTE: UNLIMITED,
    ACCOUNT_REQUESTS_PER_MINUTE: UNLIMITED,
  };
  return Gateway.start(folder, env, build);
}

export const gatewayTarget = (name: string, { origin }: Gateway, key: string): Target => ({
  name,
  model: MODELS.openai,
  origin,
  path: PATH,
  authorization: `Bearer ${key}`,
});

/** Another build of the gateway, on a ledger of its own. */
export const otherBuild =
  (workplace: string, dist: string, index: number): RivalStart =>
  async (upstream) => {
    const caller = `gateway-${index}`;
    const folder = join(workplace, caller);
    mkdirSync(folder);
    const build = await loadBuild(dist);
    const ledger: BenchLedger = await prepareLedger(folder, build);
    const gateway = await startGateway(folder, upstream, caller, { build });
    return {
      target: gatewayTarget(buildName(dist), gateway, ledger.accounts[0].key),
      caller,
      translates: true,
      resources: () => gateway.resources(),
      stop: () => gateway.stop(),
      reconcile: (usage) => reconcile(folder, ledger, usage),
    };
  };

/** For tables, in which a whole path has no room. */
export const buildName = (dist: string): string =>
  basename(dist) === 'dist' ? join(basename(dirname(dist)), 'dist') : basename(dist);
