import { Controller, Get, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EventStore } from '../../event-store/index.js';
import { Access, Answers, Asks, AtMost, checked, invalidRequest, Period } from '../../platform/http/index.js';
import { Clock } from '../../kernel/index.js';
import { STATEMENT_FORMATS, statementFile } from './statement-file.js';
import { statementPeriod } from './statement-period.js';
import { statementSchema } from './statement-json.js';

const StatementQuery = z.strictObject({
  from: Period.shape.from.describe('the first instant of it; the beginning of this month (UTC) without'),
  to: Period.shape.to.describe('the first instant after it; now without'),
  format: z.enum(STATEMENT_FORMATS).default('json').describe('JSON can be checked offline; CSV and PDF are for people'),
});

/** A person's statement. */
@ApiTags('Balance')
@Controller('api/statement')
@Access('customer')
export class StatementController {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  @Get()
  @AtMost(30)
  @ApiOperation({
    summary: 'Your statement of a period as a file: `tokenhub statement verify` checks the JSON offline',
  })
  @Asks(StatementQuery)
  @Answers(200, 'The statement', statementSchema)
  statement(@Req() { principal: { accountId } }: FastifyRequest, @Query() query: unknown): Promise<StreamableFile> {
    const { format, ...wanted } = checked(StatementQuery, query);
    const period = statementPeriod(wanted, this.clock.now());
    if (period === undefined) throw invalidRequest('"from" must be earlier than "to", and than now.', 'from');
    return statementFile(this.store, { accountId, format, ...period });
  }
}
