import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { WaitFor } from '../../event-store/index.js';
import { charges } from '../../ledger/index.js';
import { Access, Answers } from '../../platform/http/index.js';
import { OperatorQueue } from './operator-queue.js';
import * as dto from './queue.dto.js';

/** What waits for an operator. */
@ApiTags('Operations')
@Controller('api/operator/queue')
@Access('operator')
export class QueueController {
  constructor(
    private readonly queue: OperatorQueue,
    private readonly waitFor: WaitFor,
  ) {}

  @Get('counts')
  @ApiOperation({ summary: 'How many items of each kind wait' })
  @Answers(200, 'A count for each kind', dto.QueueCounts)
  async counts(): Promise<dto.QueueCounts> {
    const counts = Object.entries(await this.queue.counts()) as [dto.QueueQuery['kind'], number][];
    return { object: 'list', data: counts.map(([kind, count]) => ({ kind, count })) };
  }

  @Get()
  @ApiOperation({ summary: 'What waits for a person, with what is known, the choices, and what each would do' })
  @Answers(200, 'The oldest items of the kind', dto.QueueItems)
  async list(@Query() { kind, limit }: dto.QueueQuery): Promise<dto.QueueItems> {
    // A stopped read model can't be waited for, and is what an operator may be looking for.
    if (kind !== 'stopped_view') await this.waitFor.head(charges.view);
    return { object: 'list', data: (await this.queue.items(kind, limit)).map(dto.showItem) };
  }
}
