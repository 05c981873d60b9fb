// Everyone who takes part: the upstream, the pass-through, the gateway, its rivals, and the load generator, each a process of its own.
import { Child, type Gateway } from './child-process.ts';
import { type BenchLedger, MODELS, prepareLedger, type Reconciliation } from './gateway-ledger.ts';
import type {
  Appends,
  Format,
  LoadFigures,
  LoadOrder,
  MemoryParts,
  NuisanceFigures,
  NuisanceOrder,
  Resources,
  Target,
  UsageTotals,
} from './protocol.ts';
import { FORMATS, gatewayTarget, PATH, type Rival, type RivalStart, startGateway } from './rivals.ts';

interface Cast {
  readonly upstream: Child;
  readonly passThrough: Child;
  readonly gateway: Gateway;
  readonly rivals: readonly Rival[];
  readonly load: Child;
  readonly nuisance: Child;
}

export class Stage {
  /** Calls that ended neither with a whole 200 nor with the word that the gateway has too much to do. */
  failed = 0;
  /** By the name of the target. */
  readonly failures = new Map<string, number>();

  readonly targets: readonly Target[];
  /** Those of them that take every format. */
  readonly gateways: readonly Target[];
  readonly ledger: BenchLedger;
  readonly #cast: Cast;

  private constructor(cast: Cast, ledger: BenchLedger) {
    const [{ key }] = ledger.accounts;
    const gateway = gatewayTarget('gateway', cast.gateway, key);
    const rivals = cast.rivals.map(({ target }) => target);
    this.#cast = cast;
    this.ledger = ledger;
    this.targets = [
      { ...gateway, name: 'direct', origin: cast.upstream.origin, path: `/direct/openai${PATH}` },
      { ...gateway, name: 'pass-through', origin: cast.passThrough.origin },
      gateway,
      ...rivals,
    ];
    this.gateways = [gateway, ...rivals.filter((_, index) => cast.rivals[index]?.translates)];
  }

  static async set(folder: string, rivalStarts: readonly RivalStart[] = []): Promise<Stage> {
    const ledger = await prepareLedger(folder);
    const upstream = await Child.start('upstream.ts');
    const passThrough = await Child.start('pass-through.ts', [upstream.origin]);
    const gateway = await startGateway(folder, upstream.origin, 'gateway');
    const rivals: Rival[] = [];
    for (const start of rivalStarts) {
      const rival = await start(upstream.origin);
      if (rival !== undefined) rivals.push(rival);
    }
    const load = await Child.start('load.ts');
    const nuisance = await Child.start('nuisance.ts');
    return new Stage({ upstream, passThrough, gateway, rivals, load, nuisance }, ledger);
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
    this.failures.set(order.target.name, (this.failures.get(order.target.name) ?? 0) + figures.failed);
    return figures;
  }

  /** One target after another, the other way round in every other round; what came of it in the order of the targets. */
  async inTurn<Result>(
    round: number,
    work: (target: Target) => Promise<Result>,
    targets = this.targets,
  ): Promise<Record<string, Result>> {
    const results = new Map<string, Result>();
    for (const target of round % 2 === 0 ? targets : targets.toReversed()) results.set(target.name, await work(target));
    const ordered = targets.flatMap(({ name }) => [...results].filter(([whose]) => whose === name));
    return Object.fromEntries(ordered);
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

  gatewayMemory(): Promise<MemoryParts> {
    return this.#cast.gateway.memory();
  }

  gatewayAppends(): Promise<Appends> {
    return this.#cast.gateway.appends();
  }

  /** What the target has used; undefined for the upstream itself. */
  async resources({ name }: Target): Promise<Resources | undefined> {
    if (name === 'gateway') return this.#cast.gateway.resources();
    if (name === 'pass-through') return this.#cast.passThrough.ask('resources');
    return this.#cast.rivals.find(({ target }) => target.name === name)?.resources();
  }

  /** A gateway, asked for a model whose provider speaks this format. */
  asking(gateway: Target, format: Format): Target {
    return { ...gateway, model: MODELS[format] };
  }

  gatewayTo(format: Format): Target {
    const gateway = this.targets.find(({ name }) => name === 'gateway');
    if (gateway === undefined) throw new Error('there is no gateway');
    return this.asking(gateway, format);
  }

  /** Stops everyone, and has rivals that keep books checked; returns the usage the gateway was given, by the format it came in. */
  async strike(
    check: (reconciliation: Reconciliation) => void = () => undefined,
  ): Promise<ReadonlyMap<Format, UsageTotals>> {
    const { gateway, rivals, load, nuisance, passThrough, upstream } = this.#cast;
    await gateway.stop();
    for (const rival of rivals) {
      await rival.stop();
      if (rival.reconcile !== undefined) check(await rival.reconcile(await this.#usage(rival.caller)));
    }
    const usage = await this.#usage('gateway');
    for (const child of [load, nuisance, passThrough, upstream]) child.stop();
    return usage;
  }

  async #usage(caller: string): Promise<ReadonlyMap<Format, UsageTotals>> {
    const usage = new Map<Format, UsageTotals>();
    for (const format of FORMATS) {
      const totals = await this.#cast.upstream.ask<UsageTotals | undefined>('totals', `${caller}/${format}`);
      if (totals !== undefined) usage.set(format, totals);
    }
    return usage;
  }
}
