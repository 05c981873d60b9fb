import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Clock, fromInstant } from '../../kernel/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { Access, Answers, AtMost } from '../../platform/http/index.js';
import { type PlaceStatus, SealStatuses } from '../integrity.js';
import { SealWorker } from '../seal-worker.js';
import { Seals } from '../seals.js';
import { type CheckpointPlaceShown, Integrity } from './integrity.dto.js';
import { showCheckpoint } from './log.dto.js';

/** How the ledger is sealed, and where its checkpoints are. */
@ApiTags('Operations')
@Controller('api/operator/integrity')
@Access('operator')
export class IntegrityController {
  constructor(
    private readonly seals: Seals,
    private readonly statuses: SealStatuses,
    private readonly worker: SealWorker,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @AtMost(60)
  @ApiOperation({ summary: 'The newest checkpoint, what came after it, and whether every place has it' })
  @Answers(200, 'How the ledger is sealed', Integrity)
  async integrity(): Promise<Integrity> {
    const { keys } = this.seals;
    const { newest, unsealed, places } = await this.statuses.status();
    return {
      object: 'integrity',
      is_sealed: keys !== undefined,
      keys: keys?.all.map(({ verifierKey }) => verifierKey) ?? [],
      seal_every_seconds: this.config.SEAL_EVERY_SECONDS,
      checkpoint: newest === undefined ? null : showCheckpoint(newest),
      age_seconds:
        newest === undefined ? null : Math.max(0, Math.round((this.clock.now() - fromInstant(newest.at)) / 1_000)),
      unsealed_events: unsealed,
      fault: this.worker.fault ?? null,
      places: places.map((place) => showPlace(place, newest?.size ?? 0)),
    };
  }
}

function showPlace({ name, sizes, fault }: PlaceStatus, size: number): CheckpointPlaceShown {
  const newest = sizes?.at(-1);
  const figures = { name, newest_size: newest ?? null, checkpoints: sizes?.length ?? null, fault: fault ?? null };
  if (fault !== undefined) return { ...figures, state: 'unreachable' };
  if (sizes === undefined) return { ...figures, state: 'write_only' };
  return { ...figures, state: (newest ?? 0) >= size ? 'current' : 'behind' };
}
