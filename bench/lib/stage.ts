// Everyone who takes part: the upstream, the pass-through, the gateway, and the load generator, each a process of its own.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child, Gateway } from './child-process.ts';
import { type BenchLedger, MODEL, prepareLedger } from './gateway-ledger.ts';
import type { Appends, LoadFigures, LoadOrder, Resources, Target, UsageTotals } from './protocol.ts';
import { storeUrls } from './stores.ts';

const UNLIMITED = '10000000';
const PATH = '/v1/chat/completions';

interface Cast {
  readonly upstream: Child;
  readonly passThrough: Child;
  readonly gateway: Gateway;
  readonly load: Child;
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
    const passThrough = await Child.start('pass-through.ts', upstream.origin);
    const channel = {
      name: 'bench',
      baseUrl: `${upstream.origin}/gateway/v1`,
      apiKey: 'bench',
      models: { [MODEL]: MODEL },
    };
    const channelsFile = join(folder, 'channels.json');
    writeFileSync(channelsFile, JSON.stringify({ channels: [channel] }));
    const gateway = await Gateway.start(folder, {
      ...storeUrls(folder),
      CHANNELS_FILE: channelsFile,
      KEY_REQUESTS_PER_MINUTE: UNLIMITED,
      ACCOUNT_REQUESTS_PER_MINUTE: UNLIMITED,
    });
    const authorization = `Bearer ${ledger.account.key}`;
    const load = await Child.start('load.ts');
    const targets: Target[] = [
      { name: 'direct', origin: upstream.origin, path: `/direct${PATH}`, authorization },
      { name: 'pass-through', origin: passThrough.origin, path: PATH, authorization },
      { name: 'gateway', origin: gateway.origin, path: PATH, authorization },
    ];
    return new Stage({ upstream, passThrough, gateway, load }, targets, ledger);
  }

  /** Before the first byte of an answer, and between the chunks of a stream. */
  setDelay(milliseconds: number): Promise<void> {
    return this.#cast.upstream.ask('setDelay', milliseconds);
  }

  async run(order: LoadOrder): Promise<LoadFigures> {
    const pace = 'perSecond' in order.pace ? `${order.pace.perSecond} calls/s` : `${order.pace.inFlight} in flight`;
    console.error(`${order.target.name}: ${order.stream ? 'streams' : 'plain'}, ${pace}`);
    const figures = await this.#cast.load.ask<LoadFigures>('run', order);
    this.failed += figures.failed;
    return figures;
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

  /** Stops everyone; returns the usage the gateway was given. */
  async strike(): Promise<UsageTotals> {
    await this.#cast.gateway.stop();
    const usage = await this.#cast.upstream.ask<UsageTotals>('totals', 'gateway');
    for (const child of [this.#cast.load, this.#cast.passThrough, this.#cast.upstream]) child.stop();
    return usage;
  }
}
