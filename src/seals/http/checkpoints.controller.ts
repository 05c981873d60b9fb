import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, AnswersPage, invalidRequest, ListQuery, type Page } from '../../platform/http/index.js';
import { Seals } from '../seals.js';
import { Checkpoint, showCheckpoint } from './log.dto.js';

/** The checkpoints of the ledger, for operators. */
@ApiTags('Operations')
@Controller('api/operator/checkpoints')
@Access('operator')
export class CheckpointsController {
  constructor(private readonly seals: Seals) {}

  @Get()
  @ApiOperation({ summary: 'The signed checkpoints of the ledger, newest first' })
  @AnswersPage('A page of them', Checkpoint)
  async list(@Query() { limit, cursor }: ListQuery): Promise<Page<Checkpoint>> {
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) {
      throw invalidRequest('"cursor" must be the next_cursor of a page of this list.', 'cursor');
    }
    const { checkpoints, before } = await this.seals.list(limit, cursor === undefined ? undefined : Number(cursor));
    const data = checkpoints.map(showCheckpoint);
    const next_cursor = before === undefined ? null : String(before);
    return { object: 'list', data, has_more: before !== undefined, next_cursor };
  }
}
