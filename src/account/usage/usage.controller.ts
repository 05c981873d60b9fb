import { Controller, Get, Query, Req, type StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ReadModelStore, rowsOf, WaitFor } from '../../event-store/index.js';
import { Access, Answers, Asks, AtMost, checked, csvFile } from '../../platform/http/index.js';
import { Clock } from '../../kernel/index.js';
import { ListKeys } from '../../keys/index.js';
import { usageByDay, type UsageRow } from '../../ledger/index.js';
import * as schemas from './usage.schemas.js';
import { summed } from './usage.js';

/** What a person's calls came to. */
@ApiTags('Usage')
@Controller('api/usage')
@Access('customer')
export class UsageController {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  @Get()
  @AtMost(120)
  @ApiOperation({ summary: 'What you called and what it cost, by day, model or key' })
  @Asks(schemas.UsageQuery)
  @Answers(200, 'The sums', schemas.UsageAnswer)
  async usage(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Query() query: unknown,
  ): Promise<z.output<typeof schemas.UsageAnswer> | StreamableFile> {
    const wanted = checked(schemas.UsageQuery, query);
    const days = schemas.daysOf(wanted, this.clock.now());
    await this.waitFor.head(usageByDay.view);
    const sums = await summed(this.#rows(accountId, days), wanted.group_by);
    const keyNames = await this.#keyNames(accountId);
    if (wanted.format === 'json') return schemas.showUsage(sums, { ...days, group_by: wanted.group_by, keyNames });
    const rows = schemas.usageRows(sums, wanted.group_by, keyNames);
    return csvFile(`usage-by-${wanted.group_by}.csv`, schemas.usageColumns(wanted.group_by), rows);
  }

  /** The newest day first. */
  async *#rows(accountId: string, { from, to }: schemas.Days): AsyncGenerator<UsageRow> {
    const query = { where: { accountId }, below: { day: to }, orderBy: 'day', descending: true };
    for await (const { doc } of rowsOf<UsageRow>(this.readModels, usageByDay.view, query)) {
      if (doc.day < from) return;
      yield doc;
    }
  }

  async #keyNames(accountId: string): Promise<ReadonlyMap<string, string>> {
    const keys = await this.queries.execute(new ListKeys(accountId));
    return new Map(keys.map(({ id, settings }) => [id, settings.name]));
  }
}
