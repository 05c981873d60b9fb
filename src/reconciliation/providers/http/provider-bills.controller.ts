import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { ReadModelStore, rowsOf, type Row, WaitFor } from '../../../event-store/index.js';
import { refuse, Refused, usd } from '../../../kernel/index.js';
import {
  Access,
  Answers,
  AnswersPage,
  BodiesUpTo,
  csvFile,
  type CsvRow,
  Idempotent,
  invalidRequest,
  page,
  type Page,
} from '../../../platform/http/index.js';
import { DIFFERENCE_COLUMNS, differenceRow } from '../difference-rows.js';
import { ProviderBills } from '../provider-bills.js';
import { billImports, type BillImportRow, type BillLineRow, billLines } from '../provider-bills.projection.js';
import { readMapping, readPairs } from '../read-mapping.js';
import * as dto from './provider-bills.dto.js';

/** What providers bill, beside what was booked. Whoever proposes what to do about a difference does not approve it. */
@ApiTags('Finance')
@Controller('api/finance')
@Access('finance')
export class ProviderBillsController {
  constructor(
    private readonly bills: ProviderBills,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
  ) {}

  @Post('provider-bills')
  @HttpCode(201)
  @Idempotent()
  @BodiesUpTo(dto.MOST_BYTES)
  @ApiOperation({ summary: 'Compare a bill of a provider with what was booked, by model and UTC day' })
  @Answers(201, 'The bill; its differences stand in `GET /api/finance/provider-differences`', dto.ProviderBill)
  async import(@Body() body: dto.ImportProviderBill, @Req() { principal }: FastifyRequest): Promise<dto.ProviderBill> {
    const { channel, format, name, content: text, from, to, tolerance } = body;
    const read = <T>(field: string, work: () => T): T => {
      try {
        return work();
      } catch (error) {
        throw invalidRequest(`${(error as Error).message}.`, field);
      }
    };
    const mapping = read('columns', () => readMapping(body.columns));
    const aliases = read('models', () => readPairs(body.models));
    const bill = { channel, format, files: [{ name, text }], from, to, tolerance: usd(tolerance), mapping, aliases };
    const { importId } = await this.bills.import(bill, principal.userId);
    return dto.showBill((await this.#row(billImports.view, importId)) as unknown as BillImportRow);
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
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<dto.ProviderDifference> {
    const { channel, day, model } = await this.#line(id);
    await this.bills.approve({ channel, day, model }, principal.userId, idempotency.id);
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
