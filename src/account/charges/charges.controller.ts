import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { Access, AnswersPage, AtMost, invalidRequest, type Page } from '../../platform/http/index.js';
import { type ChargeRow, charges } from '../../ledger/index.js';
import { chargeObject } from './charge-object.js';
import * as dto from './charges.dto.js';

/** What a person's calls were charged, and those that were not. */
@ApiTags('Usage')
@Controller('api/charges')
@Access('customer')
export class AccountChargesController {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
  ) {}

  @Get()
  @AtMost(120)
  @ApiOperation({
    summary: 'Every call of your account, newest first: what it was charged and by which usage, or why it was not',
  })
  @AnswersPage('A page of them', dto.Charge)
  async list(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Query() { limit, cursor, status }: dto.ChargesQuery,
  ): Promise<Page<dto.Charge>> {
    await this.waitFor.head(charges.view);
    const after = cursor === undefined ? undefined : (await this.readModels.load(charges.view, [cursor])).get(cursor);
    if (cursor !== undefined && after?.doc['accountId'] !== accountId)
      throw invalidRequest('"cursor" must be the next_cursor of a page of this list.', 'cursor');
    const found = await this.readModels.find(charges.view, {
      where: { accountId, ...(status !== undefined && { status }) },
      orderBy: 'openedAt',
      descending: true,
      limit: limit + 1,
      ...(after && { after }),
    });
    const rows = found.slice(0, limit);
    const has_more = found.length > limit;
    const data = rows.map(({ doc }) => chargeObject(doc as ChargeRow));
    return { object: 'list', data, has_more, next_cursor: has_more ? (rows.at(-1)?.id ?? null) : null };
  }
}
