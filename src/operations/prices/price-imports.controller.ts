import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { Clock, fromInstant } from '../../kernel/index.js';
import { Access, Answers, AtMost, BodiesUpTo } from '../../platform/http/index.js';
import { Catalogue, GetPriceLists, importInto, type PriceListImport, PublishPrices } from '../../pricing/index.js';
import * as dto from './price-imports.dto.js';
import { showVersion } from './price-lists.dto.js';
import { installedPrices, pricesIn } from './price-sources.js';

/** The text of a file in a body has a backslash before each quotation mark. */
const LARGEST_BODY_BYTES = 2 * dto.LARGEST_SOURCE;

interface Found {
  readonly source: string;
  readonly found: PriceListImport;
}

/** Imports what providers charge into the price list, for operators. */
@ApiTags('Operations')
@Controller('api/operator/price-lists/import')
@Access('operator')
export class PriceImportsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Post('check')
  @HttpCode(200)
  @AtMost(10)
  @BodiesUpTo(LARGEST_BODY_BYTES)
  @ApiOperation({ summary: 'What importing prices of providers would change, without publishing it' })
  @Answers(200, 'What was found', dto.PriceImport)
  async check(@Body() body: dto.CheckPriceImport): Promise<dto.PriceImport> {
    const { source, found } = await this.#find(body);
    return dto.showImport(source, found);
  }

  @Post()
  @HttpCode(201)
  @AtMost(10)
  @BodiesUpTo(LARGEST_BODY_BYTES)
  @ApiOperation({
    summary: 'Import prices of providers, and publish the list with them',
    description: 'Nothing is published where nothing changes.',
  })
  @Answers(201, 'What changed, and the version with it', dto.PriceImport)
  async apply(
    @Body() body: dto.ApplyPriceImport,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.PriceImport> {
    const { source, found } = await this.#find(body);
    const shown = dto.showImport(source, found);
    if (found.changes.length === 0) return shown;
    const { effective_from, reason, expected_version: expected, accept_warnings: acceptWarnings } = body;
    const act = { by, reason, expected, acceptWarnings };
    const published = await this.commands.execute(new PublishPrices(found.models, effective_from, act));
    const versions = await this.queries.execute(new GetPriceLists());
    const version = versions.find((each) => each.version === published?.version);
    return { ...shown, published: version ? showVersion(versions, version, this.clock.now()) : null };
  }

  async #find({ content, markup, effective_from, models: only }: dto.CheckPriceImport): Promise<Found> {
    const { source, name } = content === undefined ? await installedPrices() : pricesIn(content, 'content');
    const nowMs = this.clock.now();
    const atMs = effective_from === undefined ? nowMs : fromInstant(effective_from);
    const versions = await this.queries.execute(new GetPriceLists());
    return {
      source: name,
      found: importInto(versions, source, { nowMs, atMs, markup, only, catalogue: this.catalogue }),
    };
  }
}
