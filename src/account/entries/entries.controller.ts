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
import { AccountEntries, type EntryFilter } from './account-entries.js';
import * as dto from './entries.dto.js';
import { readCursor, writeCursor } from './entry-cursor.js';

/** Everything that moved a person's balance, straight from the ledger. */
@ApiTags('Balance')
@Controller('api/entries')
@Access('customer')
export class EntriesController {
  constructor(private readonly entries: AccountEntries) {}

  @Get()
  @AtMost(120)
  @ApiOperation({
    summary: 'Every entry of your account, newest first: what it changed, and the balance it left',
    description:
      'A page can hold fewer entries than asked for, even none, while `has_more` is true: go on until it is false.',
  })
  @AnswersPage('A page of them', dto.Entry)
  async list(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Query() wanted: dto.EntriesQuery,
  ): Promise<Page<dto.Entry> | StreamableFile> {
    checkPeriod(wanted);
    const filter = dto.filterOf(wanted);
    if (wanted.format === 'csv') return csvFile('entries.csv', dto.ENTRY_COLUMNS, this.#rows(accountId, filter));
    const { entries, next } = await this.entries.page(accountId, filter, wanted.limit, readCursor(wanted.cursor));
    return pageOf(entries.map(dto.showEntry), next && writeCursor(next));
  }

  async *#rows(accountId: string, filter: EntryFilter): AsyncGenerator<CsvRow> {
    for await (const entry of this.entries.all(accountId, filter)) yield dto.entryRow(entry);
  }
}
