import { Body, Controller, Delete, Get, Put, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { Access, Answers, AtMost } from '../../platform/http/index.js';
import { accepted, Clock, formatUsd, toInstant } from '../../kernel/index.js';
import { Accounts, posted } from '../../ledger/index.js';
import { BalanceAlerts } from '../alerts/balance-alerts.js';
import { readAmount } from '../orders/topup-offer.js';
import { BalanceAlert, SetBalanceAlert } from './balance-alert.dto.js';

/** A mail when the balance is low. */
@ApiTags('Low-balance mail')
@Controller('api/balance-alert')
@Access('customer')
export class BalanceAlertController {
  constructor(
    private readonly alerts: BalanceAlerts,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Below which balance you get a mail' })
  @Answers(200, 'The threshold', BalanceAlert)
  show(@Req() { principal }: FastifyRequest): Promise<BalanceAlert> {
    return this.#answer(principal.accountId);
  }

  @Put()
  @AtMost(60)
  @ApiOperation({
    summary:
      'Get a mail when your balance falls below a threshold: one for each fall, and one now when it is low already',
  })
  @Answers(200, 'The threshold', BalanceAlert)
  async set(
    @Body() { threshold }: SetBalanceAlert,
    @Req() { principal: { accountId, userId: by } }: FastifyRequest,
  ): Promise<BalanceAlert> {
    const command = { at: this.clock.now(), threshold: accepted(readAmount(threshold)), by };
    await this.alerts.execute(accountId, { type: 'SetBalanceAlert', ...command });
    return this.#answer(accountId);
  }

  @Delete()
  @AtMost(60)
  @ApiOperation({ summary: 'Get no mail about a low balance any more' })
  @Answers(200, 'The threshold: none', BalanceAlert)
  async remove(@Req() { principal: { accountId, userId: by } }: FastifyRequest): Promise<BalanceAlert> {
    await this.alerts.execute(accountId, { type: 'RemoveBalanceAlert', at: this.clock.now(), by });
    return this.#answer(accountId);
  }

  async #answer(accountId: string): Promise<BalanceAlert> {
    const { threshold, isTold, toldAt } = await this.alerts.read(accountId, (state) => ({
      threshold: state.threshold,
      isTold: state.isTold,
      toldAt: state.toldAt,
    }));
    return {
      object: 'balance_alert',
      enabled: threshold !== undefined,
      threshold: threshold === undefined ? null : formatUsd(threshold),
      balance: formatUsd(await this.accounts.read(accountId, posted, { fresh: true })),
      told_at: toldAt === undefined ? null : toInstant(toldAt),
      told: isTold,
    };
  }
}
