import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import { Clock, formatUsd, fromInstant, toInstant } from '../../kernel/index.js';
import { type AccountState, type AsOf, available, GetAccount, posted } from '../../ledger/index.js';
import { Access, Answers, invalidRequest } from '../../platform/http/index.js';
import { AccountAsOf, AsOfQuery } from './account.dto.js';

/** Any account as it is or was, for operators. */
@ApiTags('Operations')
@Controller('api/operator/accounts')
@Access('operator')
export class AccountsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  @Get(':id')
  @ApiOperation({ summary: 'Balance, lots, open holds and keys of an account, also as of an instant or a position' })
  @Answers(200, 'The account', AccountAsOf)
  async retrieve(@Param('id') id: string, @Query() query: AsOfQuery): Promise<AccountAsOf> {
    const asOf = asOfGiven(query);
    const state = await this.queries.execute(new GetAccount(id, asOf));
    if (asOf === undefined) return shown(id, state, this.clock.now());
    return shown(id, state, 'instant' in asOf ? asOf.instant : state.lastAt);
  }
}

function asOfGiven({ as_of: instant, position }: AsOfQuery): AsOf | undefined {
  if (instant !== undefined && position !== undefined)
    throw invalidRequest('Give "as_of" or "position", not both.', 'position');
  if (position !== undefined) return { position };
  return instant === undefined ? undefined : { instant: fromInstant(instant) };
}

const shown = (id: string, state: AccountState, at: number): AccountAsOf => ({
  object: 'account',
  id,
  balance: formatUsd(posted(state)),
  held: formatUsd(state.held),
  available: formatUsd(available(state, at)),
  suspended: state.suspended,
  closed: state.closed,
  last_event_at: toInstant(state.lastAt),
  lots: Array.from(state.lots.byId.values(), (lot) => ({
    id: lot.id,
    kind: lot.kind,
    amount: formatUsd(lot.amount),
    remaining: formatUsd(lot.remaining),
    expires_at: toInstant(lot.expiresAt),
  })),
  holds: Array.from(state.holds.values(), (hold) => ({
    charge_id: hold.chargeId,
    key_id: hold.keyId,
    model: hold.model,
    amount: formatUsd(hold.value),
    placed_at: toInstant(hold.placedAt),
    expires_at: hold.expiresAt,
  })),
  keys: Array.from(state.keys.values(), (key) => ({
    id: key.id,
    name: key.settings.name,
    last4: key.last4,
    spent: formatUsd((state.keys.get(key.root) ?? key).spend.total.amount),
    revoked: key.revokedAt !== undefined,
    issued_at: toInstant(key.issuedAt),
  })),
});
