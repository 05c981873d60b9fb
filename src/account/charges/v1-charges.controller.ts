import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ReadModelStore, type Row, WaitFor } from '../../event-store/index.js';
import { type ChargeRow, charges } from '../../ledger/index.js';
import { Access, type ApiError, invalidRequest, notFound } from '../../platform/http/index.js';
import { chargeObject } from './charge-object.js';

const SHOWN = 20;
const MOST_SHOWN = 100;
const ID = /^[0-9A-Za-z]{22}$/;

/**
 * What the calls of an account cost. Read from the read model after it has seen everything up to the request, so a client that has its
 * answer finds its charge; where the read model can't get there in time, the answer is 503, never "there is none".
 */
@Controller('v1/charges')
@Access('api-key')
export class ChargesController {
  constructor(
    private readonly waitFor: WaitFor,
    private readonly readModels: ReadModelStore,
  ) {}

  /** The newest first, in OpenAI's list shape. */
  @Get()
  async list(
    @Req() { caller }: FastifyRequest,
    @Query('limit') asked: unknown,
    @Query('after') afterId: unknown,
  ): Promise<object> {
    const limit = limitOf(asked);
    await this.waitFor.head(charges.view);
    const after = afterId === undefined ? undefined : await this.#own(caller.accountId, afterId);
    if (afterId !== undefined && after === undefined)
      throw invalidRequest('"after" must be the id of one of your charges, such as the last_id of a page.', 'after');
    const newestFirst = { where: { accountId: caller.accountId }, orderBy: 'openedAt', descending: true };
    const found = await this.readModels.find(charges.view, {
      ...newestFirst,
      limit: limit + 1,
      ...(after && { after }),
    });
    const data = found.slice(0, limit).map(({ doc }) => chargeObject(doc as ChargeRow));
    const [first_id, last_id] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
    return { object: 'list', data, has_more: found.length > limit, first_id, last_id };
  }

  @Get(':id')
  async retrieve(@Req() { caller }: FastifyRequest, @Param('id') id: string): Promise<object> {
    if (ID.test(id)) await this.waitFor.head(charges.view);
    const row = await this.#own(caller.accountId, id);
    if (row === undefined) throw chargeNotFound(id);
    return chargeObject(row.doc as ChargeRow);
  }

  /** The row of a charge of the account; none for anything else, so that ids of others tell nothing. */
  async #own(accountId: string, id: unknown): Promise<Row | undefined> {
    if (typeof id !== 'string' || !ID.test(id)) return undefined;
    const row = (await this.readModels.load(charges.view, [id])).get(id);
    return row?.doc['accountId'] === accountId ? row : undefined;
  }
}

function limitOf(asked: unknown): number {
  if (asked === undefined) return SHOWN;
  // oxlint-disable-next-line no-restricted-globals -- a count of rows
  const limit = typeof asked === 'string' && /^\d{1,3}$/.test(asked) ? Number.parseInt(asked, 10) : 0;
  if (limit >= 1 && limit <= MOST_SHOWN) return limit;
  throw invalidRequest(`"limit" must be a whole number from 1 to ${MOST_SHOWN}.`, 'limit');
}

const chargeNotFound = (id: string): ApiError =>
  notFound(
    'charge_not_found',
    `There is no charge "${id.slice(0, 64)}" of this account. GET /v1/charges lists those there are.`,
    'id',
  );
