import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ClockWatch } from '../workers/clock-watch.js';
import { Access } from '../../platform/http/index.js';
import { Lifecycle, Metrics } from '../../platform/index.js';
import { SealWorker } from '../../seals/index.js';
import type { ProjectionStatus } from '../workers/projection-runner.js';
import { Health } from './health.js';

/** For load balancers and monitoring. */
@Controller()
@Access('anyone')
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: Metrics,
    private readonly clocks: ClockWatch,
    private readonly sealing: SealWorker,
  ) {}

  /** The process answers. */
  @Get('healthz')
  live(): object {
    return { status: 'ok' };
  }

  /**
   * Whether calls can be taken and billed: 503 when the ledger is down or takes no appends, or when the gateway is shutting down. It checks
   * the ledger by itself, since a gateway that is not ready gets no calls that would show that the ledger is back. Read models that are down
   * are reported, as are what calls go on without for now and why the ledger can't be sealed; none of these stops a call.
   */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { ledger, readModels, projections: statuses } = await this.health.check();
    const projections = statuses?.map(compact) ?? 'unknown';
    const ready = ledger === undefined && !this.lifecycle.draining;
    const status = ready ? 'ready' : this.lifecycle.draining ? 'shutting down' : 'not ready';
    const stores = Object.entries({ eventStore: ledger, readModels });
    const states = Object.fromEntries(stores.map(([name, fault]) => [name, fault === undefined ? 'up' : 'down']));
    const reasons = Object.fromEntries(stores.filter(([, fault]) => fault !== undefined));
    const waits = [...this.metrics.waits].filter(([, { state }]) => state !== 'up');
    const late = Object.fromEntries(waits.map(([name, { state }]) => [name, state]));
    if (this.sealing.fault !== undefined) reasons['seals'] = this.sealing.fault;
    const isWell = Object.keys(reasons).length === 0;
    await reply.status(ready ? 200 : 503).send({
      status,
      checks: { ...states, ...late, ...(this.clocks.fault !== undefined && { clock: this.clocks.fault }), projections },
      ...(!isWell && { reasons }),
    });
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  prometheus(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}

/** What an operator needs to know of a view; fewer fields when all is well. */
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
