import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { Clock, fromInstant, toInstant } from '../../kernel/index.js';
import { charges } from '../../ledger/index.js';
import {
  Access,
  Answers,
  AnswersPage,
  AtMost,
  BodiesUpTo,
  notFound,
  type Page,
  pageOf,
} from '../../platform/http/index.js';
import {
  Catalogue,
  checkPriceList,
  GetPriceLists,
  inForceAt,
  listChanges,
  pricedOtherwise,
  type PriceVersion,
  PublishPrices,
  warningsOf,
  WithdrawPrices,
} from '../../pricing/index.js';
import * as dto from './price-lists.dto.js';

/** More than a list with the most models that it may have. */
const LARGEST_LIST_BYTES = 4 * 1024 * 1024;

/** The versions of the price list, for operators. */
@ApiTags('Operations')
@Controller('api/operator/price-lists')
@Access('operator')
export class PriceListsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Every version of the price list, newest first' })
  @AnswersPage('All of them', dto.PriceListVersion)
  async list(): Promise<Page<dto.PriceListVersion>> {
    const versions = await this.#versions();
    const data = versions.map((version) => dto.showVersion(versions, version, this.clock.now())).toReversed();
    return pageOf(data);
  }

  @Get('models')
  @ApiOperation({ summary: 'Every model that can have a price, with its maker’s list price' })
  @AnswersPage('All of them', dto.PriceableModel)
  async models(): Promise<Page<dto.PriceableModel>> {
    const inForce = inForceAt(await this.#versions(), this.clock.now());
    const priced = new Set(inForce?.models.map(({ model }) => model));
    const data = this.catalogue.models.map((model) => dto.showModel(model, priced.has(model.id)));
    return pageOf(data);
  }

  @Get(':version')
  @ApiOperation({ summary: 'A version with its prices and provider costs' })
  @Answers(200, 'The version', dto.PriceListDocument)
  show(@Param('version') number: string): Promise<dto.PriceListDocument> {
    return this.#show(number);
  }

  @Get(':version/diff')
  @ApiOperation({ summary: 'What a version changes, rate by rate' })
  @Answers(200, 'Every rate that differs', dto.PriceListDiff)
  async diff(@Param('version') number: string, @Query() { from }: dto.DiffQuery): Promise<dto.PriceListDiff> {
    const versions = await this.#versions();
    const to = versionOf(versions, number);
    const base = from === undefined ? inForceAt(versions, this.clock.now()) : versionOf(versions, String(from));
    const changes = listChanges(base?.models ?? [], to.models).map(dto.showChange);
    return { object: 'price_list_diff', from: base?.version ?? null, to: to.version, changes };
  }

  @Get(':version/charges-priced-otherwise')
  @AtMost(10)
  @ApiOperation({
    summary:
      'How many charges, since a version is in force, were priced by another one with other prices for their model',
  })
  @Answers(200, 'Their number and total', dto.ChargesPricedOtherwise)
  async pricedOtherwise(@Param('version') number: string): Promise<dto.ChargesPricedOtherwise> {
    const versions = await this.#versions();
    const version = versionOf(versions, number);
    await this.waitFor.head(charges.view);
    return dto.showPricedOtherwise(version.version, await pricedOtherwise(this.readModels, versions, version));
  }

  @Post('check')
  @HttpCode(200)
  @BodiesUpTo(LARGEST_LIST_BYTES)
  @ApiOperation({
    summary: 'Check a price list without publishing it: its faults, what may be a mistake, what it changes',
  })
  @Answers(200, 'What was found', dto.PriceListCheck)
  async check(@Body() { models, effective_from }: dto.CheckPriceList): Promise<dto.PriceListCheck> {
    const atMs = this.clock.now();
    const effectiveFromMs = effective_from === undefined ? atMs : fromInstant(effective_from);
    const known = this.catalogue.models;
    const faults = checkPriceList({ effectiveFrom: toInstant(effectiveFromMs), models }, known);
    if (faults.length > 0) return { object: 'price_list_check', faults, warnings: [], changes: [] };
    const versions = await this.#versions();
    const warnings = warningsOf({ models, effectiveFromMs, atMs }, versions, known);
    const changes = listChanges(inForceAt(versions, effectiveFromMs)?.models ?? [], models);
    return {
      object: 'price_list_check',
      faults,
      warnings: warnings.map(dto.showWarning),
      changes: changes.map(dto.showChange),
    };
  }

  @Post()
  @HttpCode(201)
  @BodiesUpTo(LARGEST_LIST_BYTES)
  @ApiOperation({ summary: 'Publish a version, from now or from another instant' })
  @Answers(201, 'The version; the one in force then, if it has these prices already', dto.PriceListDocument)
  async publish(
    @Body() body: dto.PublishPriceList,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.PriceListDocument> {
    const { models, effective_from, reason, expected_version: expected, accept_warnings: acceptWarnings } = body;
    const command = new PublishPrices(models, effective_from, { by, reason, expected, acceptWarnings });
    const published = await this.commands.execute(command);
    const at = effective_from === undefined ? this.clock.now() : fromInstant(effective_from);
    const version = published ?? inForceAt(await this.#versions(), at);
    return this.#show(String(version?.version));
  }

  @Post(':version/withdraw')
  @HttpCode(200)
  @ApiOperation({ summary: 'Withdraw a version that is not in force yet' })
  @Answers(200, 'The version', dto.PriceListDocument)
  async withdraw(
    @Param('version') number: string,
    @Body() { reason }: dto.WithdrawPriceList,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.PriceListDocument> {
    const { version } = versionOf(await this.#versions(), number);
    await this.commands.execute(new WithdrawPrices(version, { by, reason }));
    return this.#show(number);
  }

  #versions(): Promise<readonly PriceVersion[]> {
    return this.queries.execute(new GetPriceLists());
  }

  async #show(number: string): Promise<dto.PriceListDocument> {
    const versions = await this.#versions();
    const version = versionOf(versions, number);
    return { ...dto.showVersion(versions, version, this.clock.now()), models: version.models };
  }
}

/** @throws ApiError 404 */
function versionOf(versions: readonly PriceVersion[], number: string): PriceVersion {
  const version = versions.find((each) => String(each.version) === number);
  if (version !== undefined) return version;
  throw notFound('price_list_not_found', `There is no price list "${number.slice(0, 20)}".`, 'version');
}
