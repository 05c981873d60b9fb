import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, Answers } from '../platform/http/index.js';
import { FinanceOverview } from './overview.dto.js';
import { Overviews } from './overview.js';

@ApiTags('Finance')
@Controller('api/finance/overview')
@Access('finance')
export class FinanceOverviewController {
  constructor(private readonly overviews: Overviews) {}

  @Get()
  @ApiOperation({ summary: 'What waits for finance now, and what the books say' })
  @Answers(200, 'The first screen of an accountant', FinanceOverview)
  now(): Promise<FinanceOverview> {
    return this.overviews.now();
  }
}
