import { Controller, Get, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { Clock, formatUsd, toInstant } from '../../kernel/index.js';
import { Accounts, type AccountState, available, isFrozen, posted, usageByDay } from '../../ledger/index.js';
import { Access, Answers, AtMost } from '../../platform/http/index.js';
import { AccountCalls } from '../charges/account-calls.js';
import { showCall } from '../charges/charges.dto.js';
import { usageRowsOf } from '../usage/usage-rows.js';
import { daysLeft, firstDayOf, isLow, spendOf } from './overview.js';
import { Overview } from './overview.dto.js';

const LATEST_CALLS = 5;

/** What a customer sees first. */
@ApiTags('Usage')
@Controller('api/overview')
@Access('customer')
export class OverviewController {
  constructor(
    private readonly accounts: Accounts,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly calls: AccountCalls,
    private readonly clock: Clock,
  ) {}

  @Get()
  @AtMost(120)
  @ApiOperation({ summary: 'Your balance, what you spend, how long it lasts, and your latest calls' })
  @Answers(200, 'The figures', Overview)
  async overview(@Req() { principal: { accountId } }: FastifyRequest): Promise<Overview> {
    const now = this.clock.now();
    await this.waitFor.head(usageByDay.view);
    const [state, { burnPerDay, ...spend }, { calls }] = await Promise.all([
      this.accounts.read(accountId, (each) => standingOf(each, now), { fresh: true }),
      spendOf(usageRowsOf(this.readModels, accountId, firstDayOf(now)), now),
      this.calls.page(accountId, {}, LATEST_CALLS),
    ]);
    const { balance, held, free, frozen, suspended, hadCredit, hasKey } = state;
    return {
      object: 'overview',
      currency: 'usd',
      as_of: toInstant(now),
      balance: formatUsd(balance),
      held: formatUsd(held),
      available: formatUsd(free),
      frozen,
      suspended,
      spend,
      burn_rate_per_day: formatUsd(burnPerDay),
      days_left: daysLeft(free, burnPerDay),
      low: isLow(free, burnPerDay),
      first_steps: { credit: hadCredit, key: hasKey, call: calls.length > 0 },
      latest_calls: calls.map(showCall),
    };
  }
}

const standingOf = (state: AccountState, now: number) => ({
  balance: posted(state),
  held: state.held,
  free: available(state, now),
  frozen: isFrozen(state),
  suspended: state.suspended,
  hadCredit: state.lots.byId.size > 0,
  hasKey: state.keys.size > 0,
});
