import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import { EventStore } from '../../event-store/index.js';
import { Clock, toInstant } from '../../kernel/index.js';
import { GetAccount } from '../../ledger/index.js';
import { Access, Answers, AtMost, checkPeriod, csvFile, invalidRequest } from '../../platform/http/index.js';
import { chartOfAccounts } from '../chart.js';
import { isNotBegun, journalFile } from '../journal/journal-file.js';
import { breakage } from '../reports/breakage.js';
import { revenueByModel } from '../reports/revenue.js';
import { ALL_ACCOUNTS, ROLL_FORWARD_COLUMNS, rollForward, type RollForwardRow } from '../reports/roll-forward.js';
import { trialBalanceAt } from '../reports/trial-balance.js';
import * as dto from './books.dto.js';

/** Each report is one pass through the log, which takes about half a minute for a million events. */
const PASSES_PER_MINUTE = 12;

const TRIAL_BALANCE_AMOUNTS = ['opening', 'debits', 'credits', 'balance'];
const TRIAL_BALANCE_COLUMNS = ['code', 'account', 'type', 'currency', ...TRIAL_BALANCE_AMOUNTS];
const REVENUE_AMOUNTS = ['revenue', 'provider_cost', 'margin', 'margin_percent'];
const REVENUE_COLUMNS = ['model', 'price_version', 'calls', 'rerated', ...REVENUE_AMOUNTS];
const BREAKAGE_COLUMNS = ['month', 'kind', 'expiries', 'amount'];

/** The books as finance reads them. */
@ApiTags('Finance')
@Controller('api/finance/books')
@Access('finance')
export class BooksController {
  constructor(
    private readonly store: EventStore,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  @Get('chart')
  @ApiOperation({ summary: 'The chart of accounts' })
  @Answers(200, 'Every account of the books', dto.ChartOfAccounts)
  chart(): dto.ChartOfAccounts {
    return { object: 'chart_of_accounts', data: chartOfAccounts() };
  }

  @Get('trial-balance')
  @AtMost(PASSES_PER_MINUTE)
  @ApiOperation({ summary: 'The balance of every account as of an instant, or over a period' })
  @Answers(200, 'The trial balance; it sums to zero in each currency', dto.TrialBalanceReport)
  async trialBalance(@Query() wish: dto.BooksReportQuery): Promise<dto.TrialBalanceReport | StreamableFile> {
    checkPeriod(wish);
    const { rows, totals, entries, unbalanced } = await trialBalanceAt(this.store, wish);
    if (wish.format === 'csv') {
      const cells = rows.map((row) => dto.csvRow(row, TRIAL_BALANCE_AMOUNTS));
      return csvFile('trial-balance.csv', TRIAL_BALANCE_COLUMNS, cells);
    }
    const balanced = unbalanced.length === 0;
    return { object: 'trial_balance', ...this.#about(wish), entries, balanced, totals, data: rows };
  }

  @Get('roll-forward')
  @AtMost(PASSES_PER_MINUTE)
  @ApiOperation({
    summary: 'What customers are owed: opening, what changed it, closing; a row for each account as CSV',
  })
  @Answers(200, 'The roll-forward', dto.RollForwardReport)
  async rollForward(
    @Query() { account_id: accountId, ...wish }: dto.RollForwardQuery,
  ): Promise<dto.RollForwardReport | StreamableFile> {
    checkPeriod(wish);
    if (accountId !== undefined) await this.queries.execute(new GetAccount(accountId));
    const rows = rollForward(this.store, { ...wish, accountId });
    if (wish.format === 'csv')
      return csvFile('roll-forward.csv', ['account_id', 'kind', ...ROLL_FORWARD_COLUMNS], inCsv(rows));
    const data: RollForwardRow[] = [];
    for await (const row of rows) if (row.account_id === (accountId ?? ALL_ACCOUNTS)) data.push(row);
    return { object: 'roll_forward', ...this.#about(wish), data };
  }

  @Get('revenue')
  @AtMost(PASSES_PER_MINUTE)
  @ApiOperation({ summary: 'Revenue, provider cost and margin of calls, by model and price version' })
  @Answers(200, 'The sums', dto.RevenueReport)
  async revenue(@Query() wish: dto.BooksReportQuery): Promise<dto.RevenueReport | StreamableFile> {
    checkPeriod(wish);
    const data = await revenueByModel(this.store, wish);
    if (wish.format === 'json') return { object: 'revenue', ...this.#about(wish), data };
    const cells = data.map((row) => dto.csvRow(row, REVENUE_AMOUNTS));
    return csvFile('revenue.csv', REVENUE_COLUMNS, cells);
  }

  @Get('breakage')
  @AtMost(PASSES_PER_MINUTE)
  @ApiOperation({ summary: 'Credit that expired, by month' })
  @Answers(200, 'The sums', dto.BreakageReport)
  async breakage(@Query() wish: dto.BooksReportQuery): Promise<dto.BreakageReport | StreamableFile> {
    checkPeriod(wish);
    const data = await breakage(this.store, wish);
    if (wish.format === 'json') return { object: 'breakage', ...this.#about(wish), data };
    const cells = data.map((row) => dto.csvRow(row, ['amount']));
    return csvFile('breakage.csv', BREAKAGE_COLUMNS, cells);
  }

  @Get('journal')
  @AtMost(PASSES_PER_MINUTE)
  @ApiOperation({ summary: 'The journal as a file for another program, made while it is read' })
  @Answers(200, 'The file')
  journal(@Query() { tax_rate: taxRate, ...wish }: dto.JournalQuery): StreamableFile {
    if (isNotBegun(wish, toInstant(this.clock.now())))
      throw invalidRequest('"from" must be earlier than "to", and than now.', 'from');
    const { name, type, lines } = journalFile(this.store, { ...wish, taxRate });
    const disposition = `attachment; filename="${name}"`;
    return new StreamableFile(Readable.from(inChunks(lines), { objectMode: false }), { type, disposition });
  }

  /** Of what the report is; its end is fixed by now, as what is booked later is not in it. */
  #about({ from, to, by }: dto.BooksReportQuery) {
    return { from: from ?? null, to: to ?? toInstant(this.clock.now()), by };
  }
}

async function* inCsv(rows: AsyncIterable<RollForwardRow>) {
  for await (const row of rows) yield dto.csvRow(row, ROLL_FORWARD_COLUMNS);
}

const CHUNK = 65_536;

/** Lines joined to chunks that are worth sending. */
async function* inChunks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}
