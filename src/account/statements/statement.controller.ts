import { Controller, Get, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EventStore, ReadModelStore } from '../../event-store/index.js';
import {
  Access,
  Answers,
  AtMost,
  EnumField,
  InstantField,
  invalidRequest,
  Shown,
  ShownAlways,
  ShownInstant,
  ShownObject,
} from '../../platform/http/index.js';
import { Accounts } from '../../ledger/index.js';
import { Clock } from '../../kernel/index.js';
import { Sealer, Seals } from '../../seals/index.js';
import { STATEMENT_FORMATS, statementFile } from './statement-file.js';
import { statementSeals } from './ledger-seals.js';
import { statementMonths, statementPeriod } from './statement-period.js';
import { statementSchema } from './statement-schema.js';

/** The file is described by the schema that a reader checks it with. */
const FILE_SCHEMA: object = z.toJSONSchema(statementSchema, { target: 'openapi-3.0' });

class StatementQuery {
  @InstantField('the first instant of it; the beginning of this month (UTC) without', { optional: true })
  readonly from?: string;

  @InstantField('the first instant after it; now without', { optional: true })
  readonly to?: string;

  @EnumField('JSON can be checked offline; CSV and PDF are for people', STATEMENT_FORMATS, { default: 'json' })
  readonly format: (typeof STATEMENT_FORMATS)[number] = 'json';
}

class StatementMonth {
  @Shown('UTC, such as 2026-11')
  readonly month!: string;

  @ShownInstant('the first instant of it')
  readonly from!: string;

  @ShownInstant('the first instant after it')
  readonly to!: string;

  @Shown('whether it is over; a statement of a month that is not ends now')
  readonly complete!: boolean;
}

class StatementMonths {
  @ShownAlways('list')
  readonly object!: 'list';

  @ShownObject(StatementMonth, undefined, { isArray: true })
  readonly data!: readonly StatementMonth[];
}

/** A person's statement. */
@ApiTags('Balance')
@Controller('api')
@Access('customer')
export class StatementController {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly seals: Seals,
    private readonly sealer: Sealer,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  @Get('statements')
  @ApiOperation({ summary: 'The months that you can have a statement of, newest first, for `from` and `to` of it' })
  @Answers(200, 'The months', StatementMonths)
  async months(@Req() { principal: { accountId } }: FastifyRequest): Promise<StatementMonths> {
    const openedAt = await this.accounts.read(accountId, (state) => state.openedAt, { fresh: true });
    return { object: 'list', data: statementMonths(openedAt, this.clock.now()) };
  }

  @Get('statement')
  @AtMost(30)
  @ApiOperation({
    summary:
      'Your statement of a period as a file; the JSON can be checked offline with `tokenhub statement verify` or /statement-checker.html',
  })
  @ApiOkResponse({ description: 'The statement', schema: FILE_SCHEMA })
  statement(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Query() query: StatementQuery,
  ): Promise<StreamableFile> {
    const { format, ...wanted } = query;
    const period = statementPeriod(wanted, this.clock.now());
    if (period === undefined) throw invalidRequest('"from" must be earlier than "to", and than now.', 'from');
    const { store, readModels } = this;
    return statementFile(
      { store, readModels },
      { accountId, format, ...period },
      statementSeals(this.seals, this.sealer),
    );
  }
}
