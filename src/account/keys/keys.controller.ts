import { Controller, Get, HttpCode, Param, Patch, Post, Req } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Access, Answers, JsonBody, notFound, Takes } from '../../platform/http/index.js';
import { Clock } from '../../kernel/index.js';
import { IssueKey, ListKeys, ReissueKey, RevokeKey, UpdateKey } from '../../keys/index.js';
import type { Key, KeySettings } from '../../ledger/index.js';
import * as schemas from './keys.schemas.js';

type KeyObject = z.output<typeof schemas.KeyAnswer>;
type IssuedKeyObject = z.output<typeof schemas.IssuedKeyAnswer>;

/** A person's API keys. */
@ApiTags('Keys')
@Controller('api/keys')
@Access('customer')
export class KeysController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Create a key; its full value is shown this once' })
  @Takes(schemas.CreateKeyBody)
  @Answers(201, 'The key', schemas.IssuedKeyAnswer)
  create(
    @JsonBody(schemas.CreateKeyBody) body: z.output<typeof schemas.CreateKeyBody>,
    @Req() { principal }: FastifyRequest,
  ): Promise<IssuedKeyObject> {
    return this.#issue(principal.accountId, schemas.settingsIn(body) as KeySettings);
  }

  @Get()
  @ApiOperation({ summary: 'Your keys, oldest first, the revoked ones too' })
  @Answers(200, 'All of them', schemas.KeysAnswer)
  async list(@Req() { principal }: FastifyRequest): Promise<z.output<typeof schemas.KeysAnswer>> {
    const keys = await this.queries.execute(new ListKeys(principal.accountId));
    const data = keys.map((key) => schemas.showKey(key, this.clock.now()));
    return { object: 'list', data, has_more: false, next_cursor: null };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One of your keys' })
  @Answers(200, 'The key', schemas.KeyAnswer)
  async retrieve(@Req() { principal }: FastifyRequest, @Param('id') id: string): Promise<KeyObject> {
    return schemas.showKey(await this.#key(principal.accountId, id), this.clock.now());
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Rename a key or change its limits; what is not named stays, null takes a limit away' })
  @Takes(schemas.UpdateKeyBody)
  @Answers(200, 'The key', schemas.KeyAnswer)
  async update(
    @JsonBody(schemas.UpdateKeyBody) body: Readonly<Record<string, unknown>>,
    @Req() { principal: { accountId } }: FastifyRequest,
    @Param('id') id: string,
  ): Promise<KeyObject> {
    await this.#key(accountId, id);
    await this.commands.execute(new UpdateKey(accountId, id, { change: schemas.settingsIn(body) }));
    return schemas.showKey(await this.#key(accountId, id), this.clock.now());
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop a key, for good' })
  @Answers(200, 'The key', schemas.KeyAnswer)
  async revoke(@Req() { principal: { accountId } }: FastifyRequest, @Param('id') id: string): Promise<KeyObject> {
    await this.#key(accountId, id);
    await this.commands.execute(new RevokeKey(accountId, id));
    return schemas.showKey(await this.#key(accountId, id), this.clock.now());
  }

  @Post(':id/reissue')
  @HttpCode(201)
  @ApiOperation({
    summary: 'Replace a key that was lost: a new one with its settings and what it has spent, and the old one stops',
  })
  @Answers(201, 'The new key', schemas.IssuedKeyAnswer)
  async reissue(
    @Req() { principal: { accountId } }: FastifyRequest,
    @Param('id') id: string,
  ): Promise<IssuedKeyObject> {
    await this.#key(accountId, id);
    const { keyId, key } = await this.commands.execute(new ReissueKey(accountId, id));
    return { ...schemas.showKey(await this.#key(accountId, keyId), this.clock.now()), key };
  }

  async #issue(accountId: string, settings: KeySettings): Promise<IssuedKeyObject> {
    const { keyId, key } = await this.commands.execute(new IssueKey(accountId, settings));
    return { ...schemas.showKey(await this.#key(accountId, keyId), this.clock.now()), key };
  }

  /** @throws ApiError 404, as for a key that was never there, for one of somebody else's */
  async #key(accountId: string, id: string): Promise<Readonly<Key>> {
    const keys = await this.queries.execute(new ListKeys(accountId));
    const key = keys.find((each) => each.id === id);
    if (key === undefined) throw notFound('key_not_found', 'You have no such key. GET /api/keys lists yours.', 'id');
    return key;
  }
}
