import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { EventStore, ReadModelStore, withTimeout } from '../../event-store/index.js';
import { Accounts, balances } from '../../ledger/index.js';
import { ClockWatch } from '../workers/clock-watch.js';
import { Lifecycle, Metrics } from '../../platform/index.js';
import { ProjectionRunner, type ProjectionStatus } from '../workers/projection-runner.js';

/** Read models are no condition of readiness, so whoever asks for that doesn't wait for them longer. */
const READ_MODELS_MS = 500;

/** For load balancers and monitoring. */
@Controller()
export class HealthController {
  constructor(
    private readonly store: EventStore,
    private readonly accounts: Accounts,
    private readonly readModels: ReadModelStore,
    private readonly projections: ProjectionRunner,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: Metrics,
    private readonly clocks: ClockWatch,
  ) {}

  /** The process answers. */
  @Get('healthz')
  live(): object {
    return { status: 'ok' };
  }

  /**
   * Calls can be taken and billed: 503 when the ledger is down, takes no appends, or the gateway is shutting down. It finds out by itself when
   * that is over, since a gateway that is not ready is sent no calls that would. A read model that is down is told, as is what calls do without for now,
   * and stops no call.
   */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const [ledger, readModels, projections] = await Promise.all([
      faultOf(this.#takesCalls()),
      faultOf(withTimeout(this.readModels.checkpoint(balances.view), READ_MODELS_MS)),
      withTimeout(this.projections.statuses(), READ_MODELS_MS).then(
        (statuses) => statuses.map(compact),
        () => 'unknown',
      ),
    ]);
    const ready = ledger === undefined && !this.lifecycle.draining;
    const status = ready ? 'ready' : this.lifecycle.draining ? 'shutting down' : 'not ready';
    const stores = Object.entries({ eventStore: ledger, readModels });
    const states = Object.fromEntries(stores.map(([name, fault]) => [name, fault === undefined ? 'up' : 'down']));
    const reasons = Object.fromEntries(stores.filter(([, fault]) => fault !== undefined));
    const waits = [...this.metrics.waits].filter(([, { state }]) => state !== 'up');
    const late = Object.fromEntries(waits.map(([name, { state }]) => [name, state]));
    const isWell = Object.keys(reasons).length === 0;
    await reply.status(ready ? 200 : 503).send({
      status,
      checks: { ...states, ...late, ...(this.clocks.told !== undefined && { clock: this.clocks.told }), projections },
      ...(!isWell && { reasons }),
    });
  }

  /** No call is let through whose hold can't be stored: that the ledger can be read is not enough. */
  async #takesCalls(): Promise<void> {
    await Promise.all([this.store.head(), this.accounts.writable(), this.clocks.check()]);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  prometheus(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}

/** Why a check fails; undefined when it does not. */
const faultOf = (check: Promise<unknown>): Promise<string | undefined> =>
  check.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

/** What an operator needs to know of a view, and no more where all is well. */
const compact = ({ name, state, lagSeconds, done, secondsLeft, reason }: ProjectionStatus): object => ({
  name,
  state,
  lagSeconds: Math.round(lagSeconds * 10) / 10,
  ...(state === 'building' && {
    progress: Math.floor(done * 1_000) / 1_000,
    ...(secondsLeft !== undefined && { etaSeconds: Math.ceil(secondsLeft) }),
  }),
  ...(reason !== undefined && { reason }),
});
