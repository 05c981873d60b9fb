import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { WaitFor } from '../../event-store/index.js';
import { Access, Answers, AnswersPage, Idempotent, type Page, pageOf } from '../../platform/http/index.js';
import { OperatorQueue, QUEUE_VIEWS, viewsOf } from './operator-queue.js';
import { QueueChoices } from './queue-choices.js';
import type { QueueItem } from './queue-item.js';
import * as choicesDto from './queue-choices.dto.js';
import * as dto from './queue.dto.js';

/** What waits for an operator, and what is done about it. */
@ApiTags('Operations')
@Controller('api/operator/queue')
@Access('operator')
export class QueueController {
  constructor(
    private readonly queue: OperatorQueue,
    private readonly choices: QueueChoices,
    private readonly waitFor: WaitFor,
  ) {}

  @Get('counts')
  @ApiOperation({ summary: 'How many items of each kind wait' })
  @Answers(200, 'A count for each kind', dto.QueueCounts)
  async counts(@Query() { account_id: accountId }: dto.QueueCountsQuery): Promise<dto.QueueCounts> {
    await this.#caughtUp();
    const counts = Object.entries(await this.queue.counts(accountId)) as [QueueItem['kind'], number][];
    return { object: 'list', data: counts.map(([kind, count]) => ({ kind, count })) };
  }

  @Get()
  @ApiOperation({ summary: 'What waits for a person, by kind, the oldest first, with what is known' })
  @AnswersPage('A page of them', dto.QueueItem)
  async list(@Query() query: dto.QueueQuery): Promise<Page<dto.QueueItem>> {
    await this.#caughtUp();
    const { items, next } = await this.queue.page(dto.filterOf(query), query.limit, query.cursor);
    return pageOf(
      items.map((item) => this.#show(item)),
      next,
    );
  }

  @Get(':id')
  @ApiOperation({ summary: 'An item, with each choice and what it would do' })
  @Answers(200, 'The item', choicesDto.QueueItemWithChoices)
  async retrieve(
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<choicesDto.QueueItemWithChoices> {
    const item = await this.#item(id);
    const previews = await this.choices.preview(item, principal.userId);
    return { ...this.#show(item), previews: previews.map(choicesDto.showChoice) };
  }

  @Get(':id/:choice')
  @ApiOperation({ summary: 'What a choice would do, with what it takes' })
  @Answers(200, 'The effect', choicesDto.QueueEffect)
  async preview(
    @Param('id') id: string,
    @Param('choice') name: string,
    @Query() fields: choicesDto.ChoiceFields,
    @Req() { principal }: FastifyRequest,
  ): Promise<choicesDto.QueueEffect> {
    const choice = this.choices.find(await this.#item(id), name);
    return choicesDto.showEffect(await this.choices.effect(choice, principal.userId, choicesDto.inputOf(fields)));
  }

  @Post(':id/:choice')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Carry a choice out; one that needs two people is proposed' })
  @Answers(200, 'What was recorded', choicesDto.QueueOutcome)
  async choose(
    @Param('id') id: string,
    @Param('choice') name: string,
    @Body() { reason, state, ...fields }: choicesDto.MakeChoice,
    @Req() { principal }: FastifyRequest,
  ): Promise<choicesDto.QueueOutcome> {
    const item = await this.#itemToDecide(id);
    const who = { by: principal.userId, reason };
    const decision = { who, input: choicesDto.inputOf(fields), roles: principal.roles, state };
    const events = await this.choices.choose(item, name, decision);
    return { object: 'queue_outcome', events: [...events], item: this.#show(item) };
  }

  async #item(id: string): Promise<QueueItem> {
    await this.#caughtUp();
    return this.queue.item(id);
  }

  /** Money may move by what the read models say: here they must have seen everything. */
  async #itemToDecide(id: string): Promise<QueueItem> {
    const { kind } = await this.#item(id);
    for (const view of viewsOf(kind)) await this.waitFor.head(view);
    return this.queue.item(id);
  }

  #show(item: QueueItem): dto.QueueItem {
    return dto.showItem(
      item,
      this.choices.of(item).map(({ choice }) => choice),
    );
  }

  /** A stopped read model can't be waited for, and is what an operator may be looking for. */
  #caughtUp(): Promise<void> {
    return this.waitFor.asFarAsPossible(QUEUE_VIEWS);
  }
}
