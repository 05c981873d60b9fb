import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { EventStore, ReadModelStore } from '../event-store/index.js';
import { balances } from '../ledger/index.js';
import { Lifecycle } from './lifecycle.js';
import { Metrics } from './metrics.js';
import { ProjectionRunner } from './projection-runner.js';

/** For load balancers and monitoring. */
@Controller()
export class HealthController {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly projections: ProjectionRunner,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: Metrics,
  ) {}

  /** The process answers. */
  @Get('healthz')
  live(): object {
    return { status: 'ok' };
  }

  /** Calls can be taken and billed: 503 when the ledger is down, or the gateway is shutting down. A read model that is down is told, and stops no call. */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const ledger = await works(this.store.head());
    const readModels = await works(this.readModels.checkpoint(balances.view));
    const stopped = this.projections.failures();
    const projections = stopped.length === 0 ? 'up' : stopped;
    const ready = ledger && !this.lifecycle.draining;
    const status = ready ? 'ready' : this.lifecycle.draining ? 'shutting down' : 'not ready';
    const checks = { eventStore: ledger ? 'up' : 'down', readModels: readModels ? 'up' : 'down', projections };
    await reply.status(ready ? 200 : 503).send({ status, checks });
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  prometheus(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}

const works = (check: Promise<unknown>): Promise<boolean> =>
  check.then(
    () => true,
    () => false,
  );
