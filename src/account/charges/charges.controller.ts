import { Controller, Get, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import {
  Access,
  AnswersPage,
  AtMost,
  checkPeriod,
  csvFile,
  type CsvRow,
  type Page,
  pageOf,
} from '../../platform/http/index.js';
import { AccountCalls, type CallFilter } from './account-calls.js';
import * as dto from './charges.dto.js';

/** What a person's calls were charged, and those that were not. */
@ApiTags('Usage')
@Controller('api/charges')
@Access('customer')
export class AccountChargesController {
  constructor(private readonly calls: AccountCalls) {}

  @Get()
  @AtMost(120)
  @ApiOperation({
    summary: 'Every call of your account, newest first: what it was charged and by which usage, or why it was not',
    description:
      'A page can hold fewer calls than asked for, even none, while `has_more` is true: go on until it is false.',
  })
  @AnswersPage('A page of them', dto.Charge)
  async list(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Query() wanted: dto.ChargesQuery,
  ): Promise<Page<dto.Charge> | StreamableFile> {
    checkPeriod(wanted);
    const filter = dto.filterOf(wanted);
    if (wanted.format === 'csv') return csvFile('calls.csv', dto.CALL_COLUMNS, this.#rows(accountId, filter));
    const { calls, next } = await this.calls.page(accountId, filter, wanted.limit, wanted.cursor);
    return pageOf(calls.map(dto.showCall), next);
  }

  async *#rows(accountId: string, filter: CallFilter): AsyncGenerator<CsvRow> {
    for await (const call of this.calls.all(accountId, filter)) yield dto.callRow(call);
  }
}
