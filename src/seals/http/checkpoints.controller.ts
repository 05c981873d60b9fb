import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, AnswersPage, ListQuery, notACursor, type Page, pageOf } from '../../platform/http/index.js';
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
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw notACursor();
    const { checkpoints, before } = await this.seals.list(limit, cursor === undefined ? undefined : Number(cursor));
    return pageOf(checkpoints.map(showCheckpoint), before?.toString());
  }
}
