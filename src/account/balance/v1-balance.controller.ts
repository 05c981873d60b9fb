import { Controller, Get, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Clock, formatUsd, toInstant } from '../../kernel/index.js';
import { Accounts, available, openLots, posted } from '../../ledger/index.js';
import { Access } from '../../platform/http/index.js';

/** What an account has, straight from its ledger: US dollars as exact decimal strings. */
@Controller('v1/account')
@Access('api-key')
export class AccountController {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  @Get('balance')
  balance(@Req() { caller }: FastifyRequest): Promise<object> {
    return this.accounts.read(caller.accountId, (state) => ({
      object: 'account.balance',
      currency: 'usd',
      balance: formatUsd(posted(state)),
      held: formatUsd(state.held),
      available: formatUsd(available(state, this.clock.now())),
      lots: Array.from(openLots(state.lots), (lot) => ({
        id: lot.id,
        kind: lot.kind,
        amount: formatUsd(lot.amount),
        remaining: formatUsd(lot.remaining),
        expires_at: toInstant(lot.expiresAt),
      })),
    }));
  }
}
