import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { EventStore, ReadModelStore, rowsOf, type Row, WaitFor } from '../../../event-store/index.js';
import { refuse, Refused } from '../../../kernel/index.js';
import {
  Access,
  Answers,
  AnswersPage,
  ApproveProposal,
  BodiesUpTo,
  csvFile,
  type CsvRow,
  Idempotent,
  invalidRequest,
  page,
  type Page,
} from '../../../platform/http/index.js';
import { Jobs, showJob, StartedJob } from '../../../platform/jobs/index.js';
import { JobFiles, MOST_BYTES } from '../../job-files.js';
import { type BillImport, BillImportJob } from '../bill-import-job.js';
import { DIFFERENCE_COLUMNS, differenceRow } from '../difference-rows.js';
import { ProviderBills, readBill } from '../provider-bills.js';
import { billImports, type BillLineRow, billLines } from '../provider-bills.projection.js';
import { readMapping, readPairs } from '../read-mapping.js';
import * as dto from './provider-bills.dto.js';

/** What providers bill, beside what was booked. Whoever proposes what to do about a difference does not approve it. */
@ApiTags('Finance')
@Controller('api/finance')
@Access('finance')
export class ProviderBillsController {
  constructor(
    private readonly bills: ProviderBills,
    private readonly jobs: Jobs,
    private readonly importJob: BillImportJob,
    private readonly files: JobFiles,
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
  ) {}

  @Post('provider-bills')
  @HttpCode(202)
  @Idempotent()
  @BodiesUpTo(MOST_BYTES)
  @ApiOperation({
    summary: 'Compare a bill of a provider with what was booked, by model and UTC day',
    description: 'What can’t be read is refused at once. The comparison is a job, and the bill has its id.',
  })
  @Answers(202, 'The job; what differs is in `GET /api/finance/provider-differences` when it is over', StartedJob)
  async import(
    @Body() body: dto.ImportProviderBill,
    @Req() { principal, idempotency: { id } }: FastifyRequest,
  ): Promise<StartedJob> {
    const { channel, format, name, content: text, from, to, tolerance, columns, models } = body;
    const read = <T>(field: string, work: () => T): T => {
      try {
        return work();
      } catch (error) {
        if (error instanceof Refused) throw error;
        throw invalidRequest(`${(error as Error).message}.`, field);
      }
    };
    const mapping = read('columns', () => readMapping(columns));
    read('models', () => readPairs(models));
    readBill({ format, files: [{ name, text }], mapping });
    const period = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    const as_of = await this.store.head();
    const input: BillImport = { channel, format, name, ...period, tolerance, columns, models, as_of };
    await this.files.keep(id, [text]);
    return showJob(await this.jobs.start(this.importJob, { id, input, by: principal.userId }));
  }

  @Get('provider-bills')
  @ApiOperation({ summary: 'Bills of providers that were compared, newest first' })
  @AnswersPage('A page of them', dto.ProviderBill)
  list(@Query() { channel, ...query }: dto.ProviderBillsQuery): Promise<Page<dto.ProviderBill>> {
    const where = { ...(channel !== undefined && { channel }) };
    return page(this.#stores(), { view: billImports.view, where, orderBy: 'at', show: dto.showBill }, query);
  }

  @Get('provider-differences')
  @ApiOperation({ summary: 'Models and days that providers bill otherwise than was booked, newest day first' })
  @AnswersPage('A page of them', dto.ProviderDifference)
  async differences(
    @Query() { channel, show, format, ...query }: dto.DifferencesQuery,
  ): Promise<Page<dto.ProviderDifference> | StreamableFile> {
    const where = { ...(channel !== undefined && { channel }), ...(show === 'open' && { open: true }) };
    if (format === 'json')
      return page(this.#stores(), { view: billLines.view, where, orderBy: 'day', show: dto.showDifference }, query);
    await this.waitFor.head(billLines.view);
    const rows = rowsOf<BillLineRow>(this.readModels, billLines.view, { where, orderBy: 'day' });
    return csvFile('provider-differences.csv', DIFFERENCE_COLUMNS, csvRows(rows));
  }

  @Post('provider-differences/:id/propose')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Propose to book a difference, or to keep what was booked' })
  @Answers(200, 'The difference, which waits for a second person', dto.ProviderDifference)
  async propose(
    @Param('id') id: string,
    @Body() { resolution, reason }: dto.ProposeDifference,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<dto.ProviderDifference> {
    const { channel, day, model } = await this.#line(id);
    const decision = { resolution, reason, requestedBy: principal.userId };
    await this.bills.propose({ channel, day, model }, decision, idempotency.id);
    return dto.showDifference(await this.#line(id));
  }

  @Post('provider-differences/:id/approve')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary: 'Approve what somebody else proposed: the difference is closed, and booked where they said so',
  })
  @Answers(200, 'The difference', dto.ProviderDifference)
  async approve(
    @Param('id') id: string,
    @Body() { reason, proposed_at: proposedAt }: ApproveProposal,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<dto.ProviderDifference> {
    const { channel, day, model } = await this.#line(id);
    const approval = { approvedBy: principal.userId, reason, proposedAt };
    await this.bills.approve({ channel, day, model }, approval, idempotency.id);
    return dto.showDifference(await this.#line(id));
  }

  @Post('provider-differences/:id/decline')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Decline a proposal: the difference stays open' })
  @Answers(200, 'The difference', dto.ProviderDifference)
  async decline(
    @Param('id') id: string,
    @Body() { reason }: dto.DeclineDifference,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<dto.ProviderDifference> {
    const { channel, day, model } = await this.#line(id);
    const decision = { declinedBy: principal.userId, reason };
    await this.bills.decline({ channel, day, model }, decision, idempotency.id);
    return dto.showDifference(await this.#line(id));
  }

  #stores() {
    return { readModels: this.readModels, waitFor: this.waitFor };
  }

  async #line(id: string): Promise<BillLineRow> {
    const doc = await this.#row(billLines.view, id);
    if (doc === undefined)
      throw new Refused(refuse('not_found', 'difference_not_found', 'There is no such difference.'));
    return doc as unknown as BillLineRow;
  }

  async #row(view: typeof billLines.view, id: string): Promise<Row['doc'] | undefined> {
    await this.waitFor.head(view);
    return (await this.readModels.load(view, [id])).get(id)?.doc;
  }
}

async function* csvRows(rows: AsyncIterable<Row<BillLineRow>>): AsyncGenerator<CsvRow> {
  for await (const { doc } of rows) yield differenceRow(doc);
}
