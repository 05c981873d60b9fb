import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, AnswersPage, ListQuery, type Page } from '../../platform/http/index.js';
import { PaymentReads } from './payment-reads.js';
import * as refundsDto from './refunds.dto.js';
import * as topupsDto from './topups.dto.js';

/** The payments of an account, for operators who help its owner. */
@ApiTags('Operations')
@Controller('api/operator/accounts/:id')
@Access('operator')
export class OperatorPaymentsController {
  constructor(private readonly reads: PaymentReads) {}

  @Get('topups')
  @ApiOperation({ summary: 'The top-ups of an account, newest first, as its owner sees them' })
  @AnswersPage('A page of them', topupsDto.Topup)
  topups(@Param('id') accountId: string, @Query() query: ListQuery): Promise<Page<topupsDto.Topup>> {
    return this.reads.topups(accountId, query);
  }

  @Get('refunds')
  @ApiOperation({ summary: 'The refunds of an account, newest first, as its owner sees them' })
  @AnswersPage('A page of them', refundsDto.Refund)
  refunds(@Param('id') accountId: string, @Query() query: ListQuery): Promise<Page<refundsDto.Refund>> {
    return this.reads.refunds({ accountId }, query);
  }
}
