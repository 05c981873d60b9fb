import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, Answers, AtMost } from '../platform/http/index.js';
import { FinanceSearchQuery, FinanceSearchResult } from './search.dto.js';
import { FinanceSearch } from './search.js';

@ApiTags('Finance')
@Controller('api/finance/search')
@Access('finance')
export class SearchController {
  constructor(private readonly search: FinanceSearch) {}

  @Get()
  @AtMost(120)
  @ApiOperation({
    summary: 'Whatever a text may mean: accounts, top-ups, refunds, disputes, payouts, invoices, differences',
  })
  @Answers(200, 'What was found, twenty of each type at most', FinanceSearchResult)
  find(@Query() { q }: FinanceSearchQuery): Promise<FinanceSearchResult> {
    return this.search.find(q);
  }
}
