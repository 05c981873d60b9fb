// How this gateway and its providers do. It is looked at in the background, so that a state is known since when it is there, and looked at
// again for a reader only when the last look is old: many readers cost no more than one.
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { FAR_BEHIND_SECONDS } from '../../event-store/index.js';
import { Clock, toInstant } from '../../kernel/index.js';
import { Lifecycle, PeriodicWorkers } from '../../platform/index.js';
import { Channels, ProviderCalls, SANDBOX_HEADER } from '../../proxy/index.js';
import { type Findings, Health } from '../health/health.js';
import { showFigures, WINDOW_MINUTES } from './figures.js';
import type { PublicStatusShown, State } from './status.dto.js';

const LOOK_EVERY_MS = 15_000;
const FRESH_FOR_MS = 3_000;
const WORST_FIRST: readonly State[] = ['down', 'degraded', 'operational'];

@Injectable()
export class PublicStatus implements OnApplicationBootstrap {
  /** The state of each component and provider, and since when. */
  readonly #states = new Map<string, { readonly state: string; readonly since: string }>();
  #last: { readonly at: number; readonly shown: PublicStatusShown } | undefined;
  #looking: Promise<PublicStatusShown> | undefined;

  constructor(
    private readonly health: Health,
    private readonly channels: Channels,
    private readonly calls: ProviderCalls,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly periodic: PeriodicWorkers,
  ) {}

  onApplicationBootstrap(): void {
    this.periodic.start({
      name: 'looking at the status',
      everyMs: LOOK_EVERY_MS,
      firstAfterMs: LOOK_EVERY_MS,
      turn: () => this.now(),
    });
  }

  /** As it is now, or was less than three seconds ago. */
  async now(): Promise<PublicStatusShown> {
    if (this.#last !== undefined && this.clock.now() - this.#last.at < FRESH_FOR_MS) return this.#last.shown;
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<PublicStatusShown> {
    const findings = await this.health.check();
    const at = this.clock.now();
    const components = Object.entries(this.#componentStates(findings)).map(([name, status]) => ({
      name,
      status,
      since: this.#since(`component ${name}`, status, at),
    }));
    const providers = this.#makers(at).map((provider) => {
      const summary = this.calls.ofMaker(provider).since(at - WINDOW_MINUTES * 60_000);
      const since = this.#since(`provider ${provider}`, summary.state, at);
      return { provider, status: summary.state, since, ...showFigures(summary) };
    });
    const failing = providers.some(({ status }) => status === 'down' || status === 'degraded');
    const all: State[] = [...components.map(({ status }) => status), ...(failing ? ['degraded' as const] : [])];
    const shown: PublicStatusShown = {
      object: 'status',
      status: WORST_FIRST.find((state) => all.includes(state)) ?? 'operational',
      as_of: toInstant(at),
      started_at: toInstant(this.calls.startedAt),
      window_minutes: WINDOW_MINUTES,
      lag_seconds: lagOf(findings),
      sandbox: this.channels.all.some(({ responseHeaders }) => SANDBOX_HEADER in responseHeaders),
      components,
      providers,
    };
    this.#last = { at, shown };
    return shown;
  }

  #componentStates(findings: Findings): Record<'calls' | 'ledger' | 'read_models', State> {
    const ledger = findings.ledger === undefined ? 'operational' : 'down';
    return {
      calls: this.lifecycle.draining ? 'down' : ledger,
      ledger,
      read_models: readModelState(findings),
    };
  }

  #makers(at: number): string[] {
    const served = this.channels.all.flatMap((channel) => this.channels.routesOf(channel, at));
    return [...new Set(served.map(({ model }) => model.maker))];
  }

  #since(name: string, state: string, at: number): string {
    const known = this.#states.get(name);
    if (known?.state === state) return known.since;
    const since = toInstant(known === undefined ? this.calls.startedAt : at);
    this.#states.set(name, { state, since });
    return since;
  }
}

function readModelState({ readModels, projections }: Findings): State {
  if (readModels !== undefined || projections === undefined) return 'down';
  const isBehind = projections.some(({ state, lagSeconds }) => state === 'stopped' || lagSeconds > FAR_BEHIND_SECONDS);
  return isBehind ? 'degraded' : 'operational';
}

/** How far the read model is behind that is furthest. */
const lagOf = ({ projections }: Findings): number | null =>
  projections === undefined ? null : Math.round(Math.max(0, ...projections.map(({ lagSeconds }) => lagSeconds)));
