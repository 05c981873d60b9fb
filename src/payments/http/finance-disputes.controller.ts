import { Controller, Get, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { EventStore } from '../../event-store/index.js';
import {
  Access,
  Answers,
  Asks,
  checked,
  csvFile,
  jsonOrCsv,
  listOf,
  ListQuery,
  type Page,
} from '../../platform/http/index.js';
import { type Evidence, EVIDENCE_COLUMNS, gatherEvidence } from '../disputes/dispute-evidence.js';
import { PaymentReads } from './payment-reads.js';
import * as schemas from './payments.schemas.js';

const those = 'those that stand so only';
const DisputesQuery = ListQuery.extend({ status: schemas.DisputeAnswer.shape.status.optional().describe(those) });
const PayoutsQuery = ListQuery.extend({ status: schemas.PayoutAnswer.shape.status.optional().describe(those) });
const Format = z.strictObject({ format: jsonOrCsv('`csv`: its charges') });

type Dispute = z.output<typeof schemas.DisputeAnswer>;
type Payout = z.output<typeof schemas.PayoutAnswer>;
type Alert = z.output<typeof schemas.AlertAnswer>;

/** What finance has to look at: disputes, payouts, warnings of fraud, payments that are not what was ordered. */
@ApiTags('Finance')
@Controller('api/finance')
@Access('finance')
export class FinanceDisputesController {
  constructor(
    private readonly reads: PaymentReads,
    private readonly store: EventStore,
  ) {}

  @Get('disputes')
  @ApiOperation({ summary: 'Disputes of every account, newest first' })
  @Asks(DisputesQuery)
  @Answers(200, 'A page of them', listOf(schemas.DisputeAnswer))
  list(@Query() query: unknown): Promise<Page<Dispute>> {
    const { status, ...asked } = checked(DisputesQuery, query);
    return this.reads.disputes(status === undefined ? {} : { status }, asked);
  }

  @Get('disputes/:id')
  @ApiOperation({ summary: 'A dispute' })
  @Answers(200, 'The dispute', schemas.DisputeAnswer)
  async retrieve(@Param('id') id: string): Promise<Dispute> {
    return schemas.showDispute(await this.reads.dispute(id));
  }

  @Get('disputes/:id/evidence')
  @ApiOperation({ summary: 'The usage of the disputed credit as a download: JSON, or with `format=csv` its charges' })
  @Asks(Format)
  @Answers(200, 'Every charge that the disputed purchase paid')
  async evidence(
    @Param('id') id: string,
    @Query() query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Evidence | StreamableFile> {
    const { format } = checked(Format, query);
    const evidence = await gatherEvidence(this.store, await this.reads.dispute(id));
    const name = `evidence-${evidence.dispute_id.replaceAll(/[^\w-]/g, '')}`;
    if (format === 'csv') return csvFile(`${name}.csv`, EVIDENCE_COLUMNS, evidence.charges);
    void reply.headers({ 'content-disposition': `attachment; filename="${name}.json"` });
    return evidence;
  }

  @Get('payouts')
  @ApiOperation({ summary: 'Payouts of the balance at Stripe to our bank, newest first' })
  @Asks(PayoutsQuery)
  @Answers(200, 'A page of them', listOf(schemas.PayoutAnswer))
  payouts(@Query() query: unknown): Promise<Page<Payout>> {
    const { status, ...asked } = checked(PayoutsQuery, query);
    return this.reads.payouts(status === undefined ? {} : { status }, asked);
  }

  @Get('fraud-warnings')
  @ApiOperation({ summary: 'Early warnings of fraud, newest first: a refund now often avoids a dispute' })
  @Asks(ListQuery)
  @Answers(200, 'A page of them', listOf(schemas.AlertAnswer))
  warnings(@Query() query: unknown): Promise<Page<Alert>> {
    return this.reads.alerts('fraud_warning', query);
  }

  @Get('mismatches')
  @ApiOperation({ summary: 'Payments that are not what was ordered, newest first: nothing was credited for them' })
  @Asks(ListQuery)
  @Answers(200, 'A page of them', listOf(schemas.AlertAnswer))
  mismatches(@Query() query: unknown): Promise<Page<Alert>> {
    return this.reads.alerts('mismatch', query);
  }
}
