import { Controller, Get, Param, Query, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ReadModelStore, type Row, WaitFor } from '../event-store/index.js';
import { fromInstant } from '../kernel/index.js';
import { type ChargeRow, charges } from '../ledger/index.js';
import { type ApiError, invalidRequest, notFound } from '../http/index.js';
import { FreshBearerGuard } from './bearer.guard.js';

const SHOWN = 20;
const MOST_SHOWN = 100;
const ID = /^[0-9A-Za-z]{22}$/;

/**
 * What the calls of an account cost. Read from the read model after it has seen everything up to the request, so a client that has its
 * answer finds its charge; where the read model can't get there in time, the answer is 503, never "there is none".
 */
@Controller('v1/charges')
@UseGuards(FreshBearerGuard)
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
  const limit = typeof asked === 'string' && /^\d{1,3}$/.test(asked) ? Number.parseInt(asked, 10) : 0;
  if (limit >= 1 && limit <= MOST_SHOWN) return limit;
  throw invalidRequest(`"limit" must be a whole number from 1 to ${MOST_SHOWN}.`, 'limit');
}

/** A charge as its customer sees it: what went wrong at channels, in detail, is for operators. */
const chargeObject = (row: ChargeRow) => ({
  id: row.chargeId,
  object: 'charge',
  created: Math.floor(fromInstant(row.openedAt) / 1_000),
  request_id: row.requestId,
  key_id: row.keyId,
  model: row.model,
  status: row.status,
  currency: 'usd',
  cost: row.cost ?? (row.status === 'released' ? '0.00' : null),
  held: row.hold,
  ...(row.overage !== undefined && { overage: row.overage }),
  ...(row.late && { late: true }),
  ...(row.estimated !== undefined && { estimated: estimateOf(row) }),
  price_version: row.priceVersion,
  usage: row.usageRaw ?? null,
  ...(row.reading !== undefined && { usage_reading: row.reading }),
  provider: row.provider ?? null,
  attempts: (row.attempts ?? []).map(({ channel, status }) => ({ channel, status })),
  release_reason: row.reason ?? null,
  ...(row.byHand !== undefined && { charged_by_hand: true }),
});

/** What was charged in place of what the provider did not tell. */
const estimateOf = ({ estimated, promptTokens = 0, completionTokens = 0 }: ChargeRow) => ({
  reason: estimated,
  prompt_tokens: promptTokens,
  completion_tokens: completionTokens,
});

const chargeNotFound = (id: string): ApiError =>
  notFound(
    'charge_not_found',
    `There is no charge "${id.slice(0, 64)}" of this account. GET /v1/charges lists those there are.`,
    'id',
  );
