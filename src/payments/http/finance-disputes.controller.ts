import { Controller, Get, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply } from 'fastify';
import { EventStore } from '../../event-store/index.js';
import { Clock } from '../../kernel/index.js';
import { Access, Answers, AnswersPage, csvFile, ListQuery, type Page } from '../../platform/http/index.js';
import { type Evidence, EVIDENCE_COLUMNS, gatherEvidence } from '../disputes/dispute-evidence.js';
import { PaymentReads } from './payment-reads.js';
import * as financeDto from './finance.dto.js';

/** What finance has to look at: disputes, payouts, warnings of fraud, payments that are not what was ordered. */
@ApiTags('Finance')
@Controller('api/finance')
@Access('finance')
export class FinanceDisputesController {
  constructor(
    private readonly reads: PaymentReads,
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  @Get('disputes')
  @ApiOperation({ summary: 'Disputes of every account, newest first' })
  @AnswersPage('A page of them', financeDto.Dispute)
  list(@Query() { status, ...page }: financeDto.DisputesQuery): Promise<Page<financeDto.Dispute>> {
    return this.reads.disputes(status === undefined ? {} : { status }, page);
  }

  @Get('disputes/:id')
  @ApiOperation({ summary: 'A dispute' })
  @Answers(200, 'The dispute', financeDto.Dispute)
  async retrieve(@Param('id') id: string): Promise<financeDto.Dispute> {
    return financeDto.showDispute(await this.reads.dispute(id), this.clock.now());
  }

  @Get('disputes/:id/evidence')
  @ApiOperation({ summary: 'The usage of the disputed credit as a download: JSON, or with `format=csv` its charges' })
  @Answers(200, 'Every charge that the disputed purchase paid', financeDto.DisputeEvidence)
  async evidence(
    @Param('id') id: string,
    @Query() { format }: financeDto.EvidenceQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Evidence | StreamableFile> {
    const evidence = await gatherEvidence(this.store, await this.reads.dispute(id));
    const name = `evidence-${evidence.dispute_id.replaceAll(/[^\w-]/g, '')}`;
    if (format === 'csv') return csvFile(`${name}.csv`, EVIDENCE_COLUMNS, evidence.charges);
    void reply.headers({ 'content-disposition': `attachment; filename="${name}.json"` });
    return evidence;
  }

  @Get('payouts')
  @ApiOperation({ summary: 'Payouts of the balance at Stripe to our bank, newest first' })
  @AnswersPage('A page of them', financeDto.Payout)
  payouts(@Query() { status, ...page }: financeDto.PayoutsQuery): Promise<Page<financeDto.Payout>> {
    return this.reads.payouts(status === undefined ? {} : { status }, page);
  }

  @Get('fraud-warnings')
  @ApiOperation({ summary: 'Early warnings of fraud, newest first: a refund now often avoids a dispute' })
  @AnswersPage('A page of them', financeDto.PaymentAlert)
  warnings(@Query() query: ListQuery): Promise<Page<financeDto.PaymentAlert>> {
    return this.reads.alerts('fraud_warning', query);
  }

  @Get('mismatches')
  @ApiOperation({ summary: 'Payments that are not what was ordered, newest first: nothing was credited for them' })
  @AnswersPage('A page of them', financeDto.PaymentAlert)
  mismatches(@Query() query: ListQuery): Promise<Page<financeDto.PaymentAlert>> {
    return this.reads.alerts('mismatch', query);
  }
}
