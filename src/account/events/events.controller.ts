import { Controller, Get, Param, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { EventStore } from '../../event-store/index.js';
import { refuse, Refused } from '../../kernel/index.js';
import { Accounts } from '../../ledger/index.js';
import { Access, Answers, AnswersPage, AtMost, checkPeriod, type Page, pageOf } from '../../platform/http/index.js';
import { Sealer, Seals } from '../../seals/index.js';
import { readCursor, writeCursor } from '../entries/entry-cursor.js';
import { statementSeals } from '../statements/index.js';
import { AccountEvents } from './account-events.js';
import { eventFile } from './event-file.js';
import * as dto from './events.dto.js';

const REVISION = /^\d{1,15}$/;

/** A person's ledger, as it is stored: every event whole, as its hash covers it whole. */
@ApiTags('Balance')
@Controller('api/events')
@Access('customer')
export class EventsController {
  constructor(
    private readonly events: AccountEvents,
    private readonly accounts: Accounts,
    private readonly store: EventStore,
    private readonly seals: Seals,
    private readonly sealer: Sealer,
  ) {}

  @Get()
  @AtMost(120)
  @ApiOperation({
    summary: 'Every event of your account, as the ledger stores it',
    description:
      'A page can hold fewer events than asked for, even none, while `has_more` is true: go on until it is false. A cursor is good for both orders: it names the event that a page begins with.',
  })
  @AnswersPage('A page of them', dto.LedgerEvent)
  async list(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Query() wanted: dto.EventsQuery,
  ): Promise<Page<dto.LedgerEvent>> {
    checkPeriod(wanted);
    const { order, limit, cursor, ...filter } = wanted;
    const { events, next } = await this.events.page(accountId, filter, { order, limit, cursor: readCursor(cursor) });
    return pageOf(events.map(dto.showEvent), next && writeCursor(next));
  }

  @Get('download')
  @AtMost(30)
  @ApiOperation({
    summary: 'The whole stream of your account as a file (NDJSON) that can be checked alone',
    description: 'The format, and the rule of the hashes: docs/audit.md, "The file of a stream".',
  })
  @Answers(200, 'The file')
  async download(@Req() { principal: { accountId } }: FastifyRequest): Promise<StreamableFile> {
    const { revision } = await this.accounts.stored(accountId);
    return eventFile(this.store, { accountId, revision }, statementSeals(this.seals, this.sealer));
  }

  @Get(':revision')
  @AtMost(120)
  @ApiOperation({ summary: 'One event of your account, by its revision' })
  @ApiParam({ name: 'revision', schema: { type: 'integer', minimum: 0 } })
  @Answers(200, 'The event', dto.LedgerEvent)
  async retrieve(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Param('revision') revision: string,
  ): Promise<dto.LedgerEvent> {
    // oxlint-disable-next-line no-restricted-globals -- a revision, not an amount
    const found = REVISION.test(revision) ? await this.events.one(accountId, Number(revision)) : undefined;
    if (found !== undefined) return dto.showEvent(found);
    const sentence = `Your account has no event with the revision ${revision.slice(0, 20)}.`;
    throw new Refused(refuse('not_found', 'event_not_found', sentence));
  }
}
