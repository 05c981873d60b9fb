import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { Access, Answers, AnswersPage, notACursor, notFound, type Page, pageOf } from '../../platform/http/index.js';
import { Clock } from '../../kernel/index.js';
import { IssueKey, ListKeys, ReissueKey, RevokeKey, UpdateKey } from '../../keys/index.js';
import type { Key, KeySettings } from '../../ledger/index.js';
import { KeySpending } from './key-spending.js';
import * as dto from './keys.dto.js';

/** A person's API keys. */
@ApiTags('Keys')
@Controller('api/keys')
@Access('customer')
export class KeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
    private readonly spending: KeySpending,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Create a key; its full value is shown this once' })
  @Answers(201, 'The key', dto.IssuedKey)
  create(@Body() body: dto.CreateKey, @Req() { principal }: FastifyRequest): Promise<dto.IssuedKey> {
    return this.#issue(principal.accountId, dto.settingsIn(body) as KeySettings);
  }

  @Get()
  @ApiOperation({ summary: 'Your keys and what they have spent, newest first, the revoked ones too' })
  @AnswersPage('A page of them', dto.ListedKey)
  async list(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Query() { limit, cursor, status }: dto.KeysQuery,
  ): Promise<Page<dto.ListedKey>> {
    const now = this.clock.now();
    const all = await this.queries.execute(new ListKeys(accountId));
    const shown = all.map((key) => dto.showKey(key, now)).toReversed();
    const start = cursor === undefined ? 0 : shown.findIndex(({ id }) => id === cursor) + 1;
    if (cursor !== undefined && start === 0) throw notACursor();
    const rest = shown.slice(start).filter((key) => status === undefined || key.status === status);
    const page = rest.slice(0, limit);
    const spent = await this.spending.of(
      accountId,
      page.map(({ id }) => id),
      now,
    );
    const data = page.map((key) => ({ ...key, ...spent(key.id) }));
    return pageOf(data, rest.length > limit ? page.at(-1)?.id : undefined);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of your keys' })
  @Answers(200, 'The key', dto.ApiKey)
  async retrieve(@Req() { principal }: FastifyRequest, @Param('id') id: string): Promise<dto.ApiKey> {
    return dto.showKey(await this.#key(principal.accountId, id), this.clock.now());
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Rename a key or change its limits; what is not named stays, null takes a limit away' })
  @Answers(200, 'The key', dto.ApiKey)
  async update(
    @Body() body: dto.ChangeKey,
    @Req() { principal: { accountId } }: FastifyRequest,
    @Param('id') id: string,
  ): Promise<dto.ApiKey> {
    await this.#key(accountId, id);
    await this.commands.execute(new UpdateKey(accountId, id, { change: dto.settingsIn(body) }));
    return dto.showKey(await this.#key(accountId, id), this.clock.now());
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop a key, for good' })
  @Answers(200, 'The key', dto.ApiKey)
  async revoke(@Req() { principal: { accountId } }: FastifyRequest, @Param('id') id: string): Promise<dto.ApiKey> {
    await this.#key(accountId, id);
    await this.commands.execute(new RevokeKey(accountId, id));
    return dto.showKey(await this.#key(accountId, id), this.clock.now());
  }

  @Post(':id/reissue')
  @HttpCode(201)
  @ApiOperation({
    summary: 'Replace a key that was lost: a new one with its settings and what it has spent, and the old one stops',
  })
  @Answers(201, 'The new key', dto.IssuedKey)
  async reissue(@Req() { principal: { accountId } }: FastifyRequest, @Param('id') id: string): Promise<dto.IssuedKey> {
    await this.#key(accountId, id);
    const { keyId, key } = await this.commands.execute(new ReissueKey(accountId, id));
    return { ...dto.showKey(await this.#key(accountId, keyId), this.clock.now()), key };
  }

  async #issue(accountId: string, settings: KeySettings): Promise<dto.IssuedKey> {
    const { keyId, key } = await this.commands.execute(new IssueKey(accountId, settings));
    return { ...dto.showKey(await this.#key(accountId, keyId), this.clock.now()), key };
  }

  /** @throws ApiError 404, as for a key that was never there, for one of somebody else's */
  async #key(accountId: string, id: string): Promise<Readonly<Key>> {
    const keys = await this.queries.execute(new ListKeys(accountId));
    const key = keys.find((each) => each.id === id);
    if (key === undefined) throw notFound('key_not_found', 'You have no such key. GET /api/keys lists yours.', 'id');
    return key;
  }
}
