import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONFIG, type Config } from '../../platform/config.js';
import { Access, Answers, usdField } from '../../platform/http/index.js';
import { Clock, DAY_MS, formatUsd, toInstant } from '../../kernel/index.js';
import { Accounts, type AccountState, available, isFrozen, type Lot, openLots, posted } from '../../ledger/index.js';

const BalanceAnswer = z.object({
  object: z.literal('balance'),
  currency: z.literal('usd'),
  balance: usdField('all credit less debt'),
  held: usdField('set aside for calls under way'),
  available: usdField('what new calls can spend'),
  frozen: z.boolean().describe('a payment is disputed: no new calls until that is over'),
  suspended: z.boolean(),
  closed: z.boolean(),
  lots: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['paid', 'bonus']),
      amount: usdField('what it was'),
      remaining: usdField('what is left of it'),
      created_at: z.string(),
      expires_at: z.string(),
      refundable_until: z.string().nullable().describe('null for bonus credit, which is never paid out'),
    }),
  ),
});

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
  @Answers(200, 'The balance', BalanceAnswer)
  balance(@Req() { principal }: FastifyRequest): Promise<z.output<typeof BalanceAnswer>> {
    return this.accounts.read(principal.accountId, (state) => this.#answer(state), { fresh: true });
  }

  #answer(state: AccountState): z.output<typeof BalanceAnswer> {
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

  #show({ id, kind, amount, remaining, createdAt, expiresAt }: Lot): z.output<typeof BalanceAnswer>['lots'][number] {
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
