import { Controller, Get, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  Access,
  Answers,
  Asks,
  AtMost,
  checked,
  checkPeriod,
  csvFile,
  type CsvRow,
  listOf,
  type Page,
} from '../../platform/http/index.js';
import { AccountEntries, type EntryFilter } from './account-entries.js';
import * as schemas from './entries.schemas.js';
import { readCursor, writeCursor } from './entry-cursor.js';

type EntryObject = z.output<typeof schemas.EntryAnswer>;

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
  @Asks(schemas.EntriesQuery)
  @Answers(200, 'A page of them', listOf(schemas.EntryAnswer))
  async list(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Query() query: unknown,
  ): Promise<Page<EntryObject> | StreamableFile> {
    const wanted = checked(schemas.EntriesQuery, query);
    checkPeriod(wanted);
    const filter = schemas.filterOf(wanted);
    if (wanted.format === 'csv') return csvFile('entries.csv', schemas.ENTRY_COLUMNS, this.#rows(accountId, filter));
    const cursor = wanted.cursor === undefined ? undefined : readCursor(wanted.cursor);
    const { entries, next } = await this.entries.page(accountId, filter, wanted.limit, cursor);
    return {
      object: 'list',
      data: entries.map(schemas.showEntry),
      has_more: next !== undefined,
      next_cursor: next === undefined ? null : writeCursor(next),
    };
  }

  async *#rows(accountId: string, filter: EntryFilter): AsyncGenerator<CsvRow> {
    for await (const entry of this.entries.all(accountId, filter)) yield schemas.entryRow(entry);
  }
}
