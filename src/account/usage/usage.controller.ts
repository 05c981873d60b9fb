import { Controller, Get, Query, Req, type StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { Access, Answers, AtMost, csvFile } from '../../platform/http/index.js';
import { Clock } from '../../kernel/index.js';
import { ListKeys } from '../../keys/index.js';
import { usageByDay, type UsageRow } from '../../ledger/index.js';
import * as dto from './usage.dto.js';
import { summed } from './usage.js';
import { usageRowsOf } from './usage-rows.js';

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
  @Answers(200, 'The sums', dto.UsageReport)
  async usage(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Query() wanted: dto.UsageQuery,
  ): Promise<dto.UsageReport | StreamableFile> {
    const days = dto.daysOf(wanted, this.clock.now());
    await this.waitFor.head(usageByDay.view);
    const sums = await summed(this.#rows(accountId, days, wanted), wanted.group_by);
    const keyNames = await this.#keyNames(accountId);
    if (wanted.format === 'json') return dto.showUsage(sums, { ...days, group_by: wanted.group_by, keyNames });
    const rows = dto.usageRows(sums, wanted.group_by, keyNames);
    return csvFile(`usage-by-${wanted.group_by}.csv`, dto.usageColumns(wanted.group_by), rows);
  }

  async *#rows(
    accountId: string,
    { from, to }: dto.Days,
    { model, key_id: keyId }: dto.UsageQuery,
  ): AsyncGenerator<UsageRow> {
    for await (const row of usageRowsOf(this.readModels, accountId, from, to)) {
      if ((model === undefined || row.model === model) && (keyId === undefined || row.keyId === keyId)) yield row;
    }
  }

  async #keyNames(accountId: string): Promise<ReadonlyMap<string, string>> {
    const keys = await this.queries.execute(new ListKeys(accountId));
    return new Map(keys.map(({ id, settings }) => [id, settings.name]));
  }
}
