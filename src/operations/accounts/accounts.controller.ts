import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { Clock } from '../../kernel/index.js';
import {
  type AccountState,
  type AsOf,
  type BalanceRow,
  balances,
  charges,
  GetAccount,
  ReinstateAccount,
  SuspendAccount,
} from '../../ledger/index.js';
import { Access, Answers, AnswersPage, AtMost, page, type Page, pageOf } from '../../platform/http/index.js';
import { asOfGiven, AsOfQuery } from '../replay/as-of.dto.js';
import { showAccount } from './account-as-of.js';
import { AccountSearch, type FoundBy, SEARCHED_VIEWS } from './account-search.js';
import * as dto from './account.dto.js';
import { Suspensions } from './suspensions.js';

/** Any account as it is or was, for operators and those who help customers. */
@ApiTags('Operations')
@Controller('api/operator/accounts')
@Access('operator')
export class AccountsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly search: AccountSearch,
    private readonly suspensions: Suspensions,
    private readonly clock: Clock,
  ) {}

  @Get()
  @AtMost(120)
  @ApiOperation({
    summary: 'Accounts, the newest first, or those that a text names',
    description:
      '`search` is an e-mail address, the id of a user, an account, a key, a call, a top-up, a refund or a dispute, a payment or a customer at Stripe, the first 28 characters of a key, or its last four. Never send a whole key.',
  })
  @AnswersPage('A page of them; what is searched for is on one page', dto.AccountSummary)
  async list(@Query() { search, state, ...query }: dto.AccountsQuery): Promise<Page<dto.AccountSummary>> {
    if (search !== undefined) return this.#found(search, state);
    const show = (row: BalanceRow): BalanceRow => row;
    const listing = {
      view: balances.view,
      where: state === undefined ? {} : { [state]: true },
      orderBy: 'openedAt',
      show,
    };
    const { data, ...rest } = await page({ readModels: this.readModels, waitFor: this.waitFor }, listing, query);
    return { ...rest, data: await Promise.all(data.map((row) => this.#summary(row))) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Balance, lots, open holds and keys of an account, also as of an instant or a position' })
  @Answers(200, 'The account', dto.AccountAsOf)
  async retrieve(@Param('id') id: string, @Query() query: AsOfQuery): Promise<dto.AccountAsOf> {
    const asOf = asOfGiven(query);
    const state = await this.queries.execute(new GetAccount(id, asOf));
    return this.#show(id, state, asOf);
  }

  @Post(':id/suspend')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Refuse all new calls of an account until it is reinstated',
    description:
      'Its calls get 403 `account_suspended`. Calls under way are settled; it can be paid for and refunded. Its owner gets an email, without the reason.',
  })
  @Answers(200, 'The account', dto.AccountAsOf)
  async suspend(
    @Param('id') id: string,
    @Body() { reason }: dto.DecideAccount,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.AccountAsOf> {
    await this.commands.execute(new SuspendAccount(id, { reason, by }));
    return this.retrieve(id, {});
  }

  @Post(':id/reinstate')
  @HttpCode(200)
  @ApiOperation({ summary: 'End the suspension of an account' })
  @Answers(200, 'The account', dto.AccountAsOf)
  async reinstate(
    @Param('id') id: string,
    @Body() { reason }: dto.DecideAccount,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.AccountAsOf> {
    await this.commands.execute(new ReinstateAccount(id, { reason, by }));
    return this.retrieve(id, {});
  }

  async #found(text: string, state: dto.AccountsQuery['state']): Promise<Page<dto.AccountSummary>> {
    await this.waitFor.asFarAsPossible(SEARCHED_VIEWS);
    const found = await this.search.find(text);
    const rows = await this.readModels.load(
      balances.view,
      found.map(({ accountId }) => accountId),
    );
    const shown = found.flatMap(({ accountId, by }) => {
      const row = rows.get(accountId)?.doc as BalanceRow | undefined;
      return row === undefined || (state !== undefined && !row[state]) ? [] : [{ row, by }];
    });
    const data = await Promise.all(shown.map(({ row, by }) => this.#summary(row, by)));
    return pageOf(data);
  }

  async #summary(row: BalanceRow, by?: FoundBy): Promise<dto.AccountSummary> {
    const [owner, lastCallAt] = await Promise.all([
      this.search.ownerOf(row.accountId),
      this.#lastCallAt(row.accountId),
    ]);
    return dto.showSummary(row, { owner, lastCallAt, by });
  }

  async #show(id: string, state: AccountState, asOf: AsOf | undefined): Promise<dto.AccountAsOf> {
    const at = asOf === undefined ? this.clock.now() : 'instant' in asOf ? asOf.instant : state.lastAt;
    const isNow = asOf === undefined;
    const [owner, lastCallAt, suspension] = await Promise.all([
      this.search.ownerOf(id),
      isNow ? this.#lastCallAt(id) : undefined,
      isNow && state.suspended ? this.suspensions.of(id) : undefined,
    ]);
    return showAccount({ id, state, at, owner, lastCallAt, suspension });
  }

  async #lastCallAt(accountId: string): Promise<string | undefined> {
    const query = { where: { accountId }, orderBy: 'openedAt', descending: true, limit: 1 };
    const [row] = await this.readModels.find(charges.view, query);
    return row && String(row.doc['openedAt']);
  }
}
