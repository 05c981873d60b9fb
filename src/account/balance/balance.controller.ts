import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../platform/config.js';
import { Access, Answers } from '../../platform/http/index.js';
import { Clock, DAY_MS, formatUsd, toInstant } from '../../kernel/index.js';
import { Balance, type BalanceLot } from './balance.dto.js';
import { Accounts, type AccountState, available, isFrozen, type Lot, openLots, posted } from '../../ledger/index.js';

/** What a person has, straight from the ledger. */
@ApiTags('Balance')
@Controller('api/balance')
@Access('customer')
export class BalanceController {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Your balance and the lots of credit it is made of' })
  @Answers(200, 'The balance', Balance)
  balance(@Req() { principal }: FastifyRequest): Promise<Balance> {
    return this.accounts.read(principal.accountId, (state) => this.#answer(state), { fresh: true });
  }

  #answer(state: AccountState): Balance {
    return {
      object: 'balance',
      currency: 'usd',
      balance: formatUsd(posted(state)),
      held: formatUsd(state.held),
      available: formatUsd(available(state, this.clock.now())),
      frozen: isFrozen(state),
      suspended: state.suspended,
      closed: state.closed,
      lots: Array.from(openLots(state.lots), (lot) => this.#show(lot)),
    };
  }

  #show({ id, kind, amount, remaining, createdAt, expiresAt }: Lot): BalanceLot {
    const until = createdAt + this.config.REFUND_WINDOW_DAYS * DAY_MS;
    return {
      id,
      kind,
      amount: formatUsd(amount),
      remaining: formatUsd(remaining),
      created_at: toInstant(createdAt),
      expires_at: toInstant(expiresAt),
      refundable_until: kind === 'paid' ? toInstant(until) : null,
    };
  }
}
