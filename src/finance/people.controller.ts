import { Controller, Get, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import { Clock, formatUsd, Refused, toInstant } from '../kernel/index.js';
import { GetUser, type Person } from '../identity/index.js';
import { available, GetAccount, posted } from '../ledger/index.js';
import { Access, Answers } from '../platform/http/index.js';
import { FinanceAccount, FinancePerson } from './people.dto.js';

/** Who the ids of users and accounts are: the ledger names nobody. */
@ApiTags('Finance')
@Controller('api/finance')
@Access('finance')
export class PeopleController {
  constructor(
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  @Get('people/:id')
  @ApiOperation({ summary: 'Who a user id is' })
  @Answers(200, 'The person; without an address when they have gone', FinancePerson)
  async person(@Param('id') id: string): Promise<FinancePerson> {
    const found = await this.#person({ userId: id });
    return { object: 'person', id, email: found?.user.email ?? null, account_id: found?.user.accountId ?? null };
  }

  @Get('accounts/:id')
  @ApiOperation({ summary: 'Whose an account is, and what is on it' })
  @Answers(200, 'The account', FinanceAccount)
  async account(@Param('id') id: string): Promise<FinanceAccount> {
    const state = await this.queries.execute(new GetAccount(id));
    const owner = await this.#person({ accountId: id });
    return {
      object: 'account',
      id,
      email: owner?.user.email ?? null,
      billing_name: owner?.user.billing?.name ?? null,
      balance: formatUsd(posted(state)),
      held: formatUsd(state.held),
      available: formatUsd(available(state, this.clock.now())),
      suspended: state.suspended,
      closed: state.closed,
      last_event_at: toInstant(state.lastAt),
    };
  }

  async #person(by: ConstructorParameters<typeof GetUser>[0]): Promise<Person | undefined> {
    try {
      return await this.queries.execute(new GetUser(by));
    } catch (error) {
      if (error instanceof Refused && error.rejection.code === 'user_not_found') return undefined;
      throw error;
    }
  }
}
