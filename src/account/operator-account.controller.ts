import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, AnswersPage, AtMost, ListQuery, type Page, pageOf } from '../platform/http/index.js';
import { AccountCalls } from './charges/account-calls.js';
import * as chargesDto from './charges/charges.dto.js';
import { AccountEntries } from './entries/account-entries.js';
import * as entriesDto from './entries/entries.dto.js';
import { readCursor, writeCursor } from './entries/entry-cursor.js';

/** What the owner of an account sees of it, for operators who help them. */
@ApiTags('Operations')
@Controller('api/operator/accounts/:id')
@Access('operator')
export class OperatorAccountController {
  constructor(
    private readonly calls: AccountCalls,
    private readonly entries: AccountEntries,
  ) {}

  @Get('charges')
  @AtMost(120)
  @ApiOperation({ summary: 'Every call of an account, newest first, as its owner sees it' })
  @AnswersPage('A page of them', chargesDto.Charge)
  async listCharges(@Param('id') accountId: string, @Query() query: ListQuery): Promise<Page<chargesDto.Charge>> {
    const { calls, next } = await this.calls.page(accountId, {}, query.limit, query.cursor);
    return pageOf(calls.map(chargesDto.showCall), next);
  }

  @Get('entries')
  @AtMost(120)
  @ApiOperation({ summary: 'Every entry of an account, newest first, as its owner sees it' })
  @AnswersPage('A page of them', entriesDto.Entry)
  async listEntries(@Param('id') accountId: string, @Query() query: ListQuery): Promise<Page<entriesDto.Entry>> {
    const { entries, next } = await this.entries.page(accountId, {}, query.limit, readCursor(query.cursor));
    return pageOf(entries.map(entriesDto.showEntry), next && writeCursor(next));
  }
}
