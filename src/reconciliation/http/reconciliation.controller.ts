import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { Clock, dayOf, fromInstant } from '../../kernel/index.js';
import {
  Access,
  Answers,
  AnswersPage,
  ApproveProposal,
  BodiesUpTo,
  checkPeriod,
  csvFile,
  Idempotent,
  type Listing,
  ListQuery,
  page,
  type Page,
} from '../../platform/http/index.js';
import { Jobs, showJob, StartedJob } from '../../platform/jobs/index.js';
import { JobFiles, MOST_BYTES } from '../job-files.js';
import { comparisonOf, statementIn, StripeComparisonJob } from '../stripe/comparison-job.js';
import { type ItemRow, reconciliationDays, reconciliationItems } from '../stripe/items.projection.js';
import { periodOf } from '../stripe/period.js';
import { Reconciliations } from '../stripe/reconciliations.js';
import { REPORT_COLUMNS, reportRows } from '../stripe/report.js';
import { stripeEntries, type StripeEntriesRow } from '../stripe/stripe-entries.projection.js';
import * as dto from './reconciliation.dto.js';

/** The reconciliation with Stripe as finance sees it: whoever proposes how to close an item does not approve it. */
@ApiTags('Finance')
@Controller('api/finance/reconciliation')
@Access('finance')
export class ReconciliationController {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly reconciliations: Reconciliations,
    private readonly jobs: Jobs,
    private readonly comparisonJob: StripeComparisonJob,
    private readonly files: JobFiles,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Days that were compared with Stripe, newest first' })
  @AnswersPage('A page of them', dto.ReconciledDay)
  days(@Query() query: ListQuery): Promise<Page<dto.ReconciledDay>> {
    return this.#page({ view: reconciliationDays.view, orderBy: 'day', show: dto.showDay }, query);
  }

  @Post('runs')
  @HttpCode(202)
  @Idempotent()
  @BodiesUpTo(MOST_BYTES)
  @ApiOperation({
    summary: 'Compare days with Stripe: yesterday by default',
    description:
      'Finished days are compared by themselves every day. A report that can’t be read is refused at once; the comparison is a job.',
  })
  @Answers(202, 'The job; what differs is in `GET /api/finance/reconciliation/items`', StartedJob)
  async start(
    @Body() { from, to, reports }: dto.StripeRun,
    @Req() { principal, idempotency: { id } }: FastifyRequest,
  ): Promise<StartedJob> {
    const [asked, now] = [{ from: instantOf(from), to: instantOf(to) }, this.clock.now()];
    const input =
      reports.length === 0
        ? comparisonOf(periodOf(asked, undefined, now), 'api')
        : comparisonOf(statementIn(reports).days(asked, now), 'csv');
    if (reports.length > 0) await this.files.keep(id, reports);
    const key = reports.length > 0 ? {} : { key: `${input.from}/${input.to}` };
    return showJob(await this.jobs.start(this.comparisonJob, { id, input, by: principal.userId, ...key }));
  }

  @Get('transactions')
  @ApiOperation({
    summary: 'What the ledger has booked on the balance at Stripe, newest first, and how each compares with Stripe',
    description: 'What only Stripe has is in `GET /api/finance/reconciliation/items`.',
  })
  @AnswersPage('A page of them', dto.BookedTransaction)
  async transactions(@Query() { from, to, ...query }: dto.TransactionsQuery): Promise<Page<dto.BookedTransaction>> {
    checkPeriod({ from, to });
    for (const { view } of [reconciliationItems, reconciliationDays]) await this.waitFor.head(view);
    const show = (row: StripeEntriesRow): StripeEntriesRow => row;
    const { data, ...rest } = await this.#page(
      { view: stripeEntries.view, orderBy: 'date', period: { from, to }, show },
      query,
    );
    const ids = data.map(({ itemId }) => itemId);
    const items = await this.readModels.load(reconciliationItems.view, ids);
    const days = await this.readModels.load(reconciliationDays.view, [...new Set(data.map(({ date }) => dayOf(date)))]);
    const statusOf = ({ itemId, date }: StripeEntriesRow): dto.BookedTransaction['status'] =>
      (items.get(itemId)?.doc as ItemRow | undefined)?.status ?? (days.has(dayOf(date)) ? 'matched' : 'not_compared');
    return { ...rest, data: data.map((row) => dto.showTransaction(row, statusOf(row))) };
  }

  @Get('items')
  @ApiOperation({ summary: 'Transactions and payouts that did not agree with the ledger, newest first' })
  @AnswersPage('A page of them', dto.ReconciliationItem)
  items(@Query() { status, show: which, ...query }: dto.ItemsQuery): Promise<Page<dto.ReconciliationItem>> {
    const where = { ...(status !== undefined && { status }), ...(which === 'open' && { open: true }) };
    const show = (row: ItemRow): dto.ReconciliationItem => dto.showItem(row, this.clock.now());
    return this.#page({ view: reconciliationItems.view, where, orderBy: 'date', show }, query);
  }

  @Get('items/:id')
  @ApiOperation({ summary: 'One of them' })
  @Answers(200, 'The item', dto.ReconciliationItem)
  async retrieve(@Param('id') id: string): Promise<dto.ReconciliationItem> {
    await this.waitFor.head(reconciliationItems.view);
    return dto.showItem(await this.reconciliations.item(id), this.clock.now());
  }

  @Post('items/:id/resolve')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Propose how to close an item; someone else approves it' })
  @Answers(200, 'The item', dto.ReconciliationItem)
  async propose(
    @Body() { topup_id: topupId, ...body }: dto.Proposal,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<dto.ReconciliationItem> {
    await this.reconciliations.propose(id, { ...body, topupId, requestedBy: principal.userId });
    return this.retrieve(id);
  }

  @Post('items/:id/approve')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Approve a proposal: the item is closed and its difference booked' })
  @Answers(200, 'The item', dto.ReconciliationItem)
  async approve(
    @Body() { reason, proposed_at: proposedAt }: ApproveProposal,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<dto.ReconciliationItem> {
    await this.reconciliations.approve(id, { approvedBy: principal.userId, reason, proposedAt });
    return this.retrieve(id);
  }

  @Post('items/:id/decline')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Decline a proposal: the item stays open' })
  @Answers(200, 'The item', dto.ReconciliationItem)
  async decline(
    @Body() { reason }: dto.DeclineProposal,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<dto.ReconciliationItem> {
    await this.reconciliations.decline(id, { declinedBy: principal.userId, reason });
    return this.retrieve(id);
  }

  @Get('report.csv')
  @ApiOperation({ summary: 'A row for each transaction and payout of a period, matched or not, as CSV' })
  @Answers(200, 'The report')
  async report(@Query() { from, to }: dto.ReportQuery): Promise<StreamableFile> {
    checkPeriod({ from, to });
    for (const { view } of [stripeEntries, reconciliationItems]) await this.waitFor.head(view);
    const period = { from: fromInstant(from), to: fromInstant(to) };
    const rows = reportRows(this.readModels, period, this.clock.now());
    return csvFile('reconciliation.csv', REPORT_COLUMNS, rows);
  }

  #page<Item>(listing: Listing<Item>, query: ListQuery): Promise<Page<Item>> {
    return page({ readModels: this.readModels, waitFor: this.waitFor }, listing, query);
  }
}

const instantOf = (instant: string | undefined): number | undefined =>
  instant === undefined ? undefined : fromInstant(instant);
