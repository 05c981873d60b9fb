// Everyone who takes part: the upstream, the pass-through, the gateway, and the load generator, each a process of its own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, Gateway } from './child-process.ts';
import { type BenchLedger, MODELS, prepareLedger } from './gateway-ledger.ts';
import type {
  Appends,
  Format,
  LoadFigures,
  LoadOrder,
  NuisanceFigures,
  NuisanceOrder,
  Resources,
  Target,
  UsageTotals,
} from './protocol.ts';
import { storeUrls } from './stores.ts';

const UNLIMITED = '10000000';
const PATH = '/v1/chat/completions';
/** What stands between the origin of a provider and the paths of its API. */
const BASES: Readonly<Record<Format, string>> = { openai: '/v1', anthropic: '/v1', gemini: '/v1beta' };
const FORMATS = Object.keys(MODELS) as Format[];

interface Cast {
  readonly upstream: Child;
  readonly passThrough: Child;
  readonly gateway: Gateway;
  readonly load: Child;
  readonly nuisance: Child;
}

export class Stage {
  /** Calls that did not end with a whole 200. */
  failed = 0;

  readonly targets: readonly Target[];
  readonly #cast: Cast;

  readonly ledger: BenchLedger;

  private constructor(cast: Cast, targets: readonly Target[], ledger: BenchLedger) {
    this.#cast = cast;
    this.targets = targets;
    this.ledger = ledger;
  }

  static async set(folder: string): Promise<Stage> {
    const ledger = await prepareLedger(folder);
    const upstream = await Child.start('upstream.ts');
    const passThrough = await Child.start('pass-through.ts', [upstream.origin]);
    const channels = FORMATS.map((format) => ({
      name: format,
      format,
      baseUrl: `${upstream.origin}/gateway/${format}${BASES[format]}`,
      apiKey: 'bench',
      models: { [MODELS[format]]: MODELS[format] },
    }));
    const channelsFile = join(folder, 'channels.json');
    writeFileSync(channelsFile, JSON.stringify({ channels }));
    const gateway = await Gateway.start(folder, {
      ...storeUrls(folder),
      CHANNELS_FILE: channelsFile,
      KEY_REQUESTS_PER_MINUTE: UNLIMITED,
      ACCOUNT_REQUESTS_PER_MINUTE: UNLIMITED,
    });
    const common = { model: MODELS.openai, authorization: `Bearer ${ledger.account.key}` };
    const load = await Child.start('load.ts');
    const nuisance = await Child.start('nuisance.ts');
    const targets: Target[] = [
      { name: 'direct', origin: upstream.origin, path: `/direct/openai${PATH}`, ...common },
      { name: 'pass-through', origin: passThrough.origin, path: PATH, ...common },
      { name: 'gateway', origin: gateway.origin, path: PATH, ...common },
    ];
    return new Stage({ upstream, passThrough, gateway, load, nuisance }, targets, ledger);
  }

  /** Before the first byte of an answer, and between the chunks of a stream. */
  setDelay(milliseconds: number): Promise<void> {
    return this.#cast.upstream.ask('setDelay', milliseconds);
  }

  async run(order: LoadOrder): Promise<LoadFigures> {
    const pace = 'perSecond' in order.pace ? `${order.pace.perSecond} calls/s` : `${order.pace.inFlight} in flight`;
    console.error(`${order.target.name}, ${order.target.model}: ${order.stream ? 'streams' : 'plain'}, ${pace}`);
    const figures = await this.#cast.load.ask<LoadFigures>('run', order);
    this.failed += figures.failed;
    return figures;
  }

  /** Lets others at the gateway who only cost, until `peace`. */
  annoy(order: NuisanceOrder): Promise<void> {
    return this.#cast.nuisance.ask('begin', order);
  }

  peace(): Promise<NuisanceFigures> {
    return this.#cast.nuisance.ask('end');
  }

  /** Resolves when the gateway's read models have all events. */
  viewsLive(): Promise<void> {
    return this.#cast.gateway.viewsLive();
  }

  gatewayResources(): Promise<Resources> {
    return this.#cast.gateway.resources();
  }

  gatewayAppends(): Promise<Appends> {
    return this.#cast.gateway.appends();
  }

  /** What the target has used; undefined for the upstream itself. */
  async resources({ name }: Target): Promise<Resources | undefined> {
    if (name === 'gateway') return this.#cast.gateway.resources();
    return name === 'pass-through' ? this.#cast.passThrough.ask('resources') : undefined;
  }

  /** The gateway, asked for a model whose provider speaks this format. */
  gatewayTo(format: Format): Target {
    const gateway = this.targets.find(({ name }) => name === 'gateway');
    if (gateway === undefined) throw new Error('there is no gateway');
    return { ...gateway, model: MODELS[format] };
  }

  /** Stops everyone; returns the usage the gateway was given, by the format it came in. */
  async strike(): Promise<ReadonlyMap<Format, UsageTotals>> {
    await this.#cast.gateway.stop();
    const usage = new Map<Format, UsageTotals>();
    for (const format of FORMATS) {
      const totals = await this.#cast.upstream.ask<UsageTotals | undefined>('totals', format);
      if (totals !== undefined) usage.set(format, totals);
    }
    for (const child of [this.#cast.load, this.#cast.nuisance, this.#cast.passThrough, this.#cast.upstream])
      child.stop();
    return usage;
  }
}
