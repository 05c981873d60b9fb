import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import { ReadModelStore, type ViewDefinition } from '../../event-store/index.js';
import { Clock, fromInstant } from '../../kernel/index.js';
import { balances } from '../../ledger/index.js';
import { Access, Answers } from '../../platform/http/index.js';
import {
  Catalogue,
  GetPriceLists,
  inForceAt,
  priceGaps,
  type PriceVersion,
  stateOf,
  timelineOf,
} from '../../pricing/index.js';
import { reratingRuns } from '../../rerating/index.js';
import { Seals, SealWorker } from '../../seals/index.js';
import { showVersion } from '../prices/price-lists.dto.js';
import { OperatorQueue } from '../queue/operator-queue.js';
import { ProjectionRunner } from '../workers/projection-runner.js';
import * as dto from './overview.dto.js';

/** What an operator sees first. Nothing here waits for a read model: one that has stopped is what an operator has to see. */
@ApiTags('Operations')
@Controller('api/operator/overview')
@Access('operator')
export class OperatorOverviewController {
  constructor(
    private readonly queries: QueryBus,
    private readonly readModels: ReadModelStore,
    private readonly queue: OperatorQueue,
    private readonly projections: ProjectionRunner,
    private readonly seals: Seals,
    private readonly sealing: SealWorker,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What waits for an operator now' })
  @Answers(200, 'The overview', dto.OperatorOverview)
  async overview(): Promise<dto.OperatorOverview> {
    const [queue, read_models, checkpoint, prices, suspended, toApprove, toApply] = await Promise.all([
      this.#queue(),
      this.#readModels(),
      this.#checkpoint(),
      this.#prices(),
      this.#count(balances.view, { suspended: true }),
      this.#count(reratingRuns.view, { status: 'proposed' }),
      this.#count(reratingRuns.view, { status: 'approved' }),
    ]);
    return {
      object: 'operator_overview',
      queue,
      read_models,
      checkpoint,
      sealing_fault: this.sealing.fault ?? null,
      ...prices,
      suspended_accounts: suspended,
      reratings_to_approve: toApprove,
      reratings_to_apply: toApply,
    };
  }

  async #queue(): Promise<dto.OperatorOverview['queue']> {
    const counts = Object.entries(await this.queue.counts()) as [
      dto.OperatorOverview['queue'][number]['kind'],
      number,
    ][];
    return counts.filter(([, count]) => count > 0).map(([kind, count]) => ({ kind, count }));
  }

  async #readModels(): Promise<dto.ReadModelState[]> {
    const statuses = await this.projections.statuses();
    return statuses.flatMap(({ name, state: known, lagSeconds, reason = null }) => {
      const state = dto.BEHIND.find((each) => each === known);
      return state === undefined ? [] : [{ name, state, lag_seconds: Math.round(lagSeconds), reason }];
    });
  }

  async #checkpoint(): Promise<dto.NewestCheckpoint | null> {
    const newest = await this.seals.newest();
    if (newest === undefined) return null;
    const age_seconds = Math.max(0, Math.round((this.clock.now() - fromInstant(newest.at)) / 1_000));
    return { size: newest.size, signed_at: newest.at, age_seconds };
  }

  async #prices(): Promise<
    Pick<dto.OperatorOverview, 'prices_in_force' | 'prices_scheduled' | 'models_without_price'>
  > {
    const now = this.clock.now();
    const versions = await this.queries.execute(new GetPriceLists());
    const show = (version: PriceVersion) => showVersion(versions, version, now);
    const inForce = inForceAt(versions, now);
    return {
      prices_in_force: inForce === undefined ? null : show(inForce),
      prices_scheduled: timelineOf(versions)
        .filter((version) => stateOf(versions, version, now) === 'scheduled')
        .map(show),
      models_without_price: priceGaps(this.catalogue, inForce, now).unpriced.length,
    };
  }

  async #count(view: ViewDefinition, where: Readonly<Record<string, string | boolean>>): Promise<number> {
    return (await this.readModels.find(view, { where, limit: dto.MOST_COUNTED })).length;
  }
}
