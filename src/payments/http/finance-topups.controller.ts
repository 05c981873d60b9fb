import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { usd } from '../../kernel/index.js';
import {
  Access,
  Answers,
  AnswersPage,
  AtMost,
  checkPeriod,
  type CsvRow,
  csvFile,
  type Page,
} from '../../platform/http/index.js';
import type { TopupRow } from '../topups/topups.projection.js';
import { FinanceReads } from './finance-reads.js';
import * as dto from './finance-topups.dto.js';

/** Stories that one person reads in a minute: each reads a few places of the log. */
const STORIES_PER_MINUTE = 120;

/** Top-ups of every account, as finance sees them. */
@ApiTags('Finance')
@Controller('api/finance/topups')
@Access('finance')
export class FinanceTopupsController {
  constructor(private readonly reads: FinanceReads) {}

  @Get()
  @ApiOperation({ summary: 'Top-ups of every account, newest first' })
  @AnswersPage('A page of them', dto.FinanceTopup)
  async list(@Query() query: dto.FinanceTopupsQuery): Promise<Page<dto.FinanceTopup> | StreamableFile> {
    checkPeriod(query);
    if (query.format === 'json') return this.reads.topups(query);
    return csvFile('topups.csv', dto.TOPUP_COLUMNS, csvRows(await this.reads.allTopups(query)));
  }

  @Get(':id')
  @AtMost(STORIES_PER_MINUTE)
  @ApiOperation({
    summary: 'A top-up and all that happened to it: refunds, disputes, what is left of its credit, what it booked',
  })
  @Answers(200, 'The top-up', dto.FinanceTopupStory)
  retrieve(@Param('id') id: string): Promise<dto.FinanceTopupStory> {
    return this.reads.story(id);
  }
}

async function* csvRows(rows: AsyncIterable<TopupRow>): AsyncGenerator<CsvRow> {
  for await (const row of rows) {
    const { settlement, credit, price, refunded, ...shown } = dto.showFinanceTopup(row);
    yield {
      id: shown.id,
      account_id: shown.account_id,
      status: shown.status,
      credit: usd(credit),
      currency: shown.currency,
      price: usd(price),
      refunded: usd(refunded),
      method: shown.method,
      ordered_at: shown.ordered_at,
      paid_at: shown.paid_at,
      payment_intent: shown.payment_intent,
      checkout_session: shown.checkout_session,
      settled_currency: settlement?.currency ?? null,
      settled_amount: settlement === null ? null : usd(settlement.amount),
      stripe_fee: settlement === null ? null : usd(settlement.fee),
      settled_net: settlement === null ? null : usd(settlement.net),
    };
  }
}
