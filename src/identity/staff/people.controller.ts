import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { Access, Answers, AnswersPage, type Page, pageOf } from '../../platform/http/index.js';
import type { Person } from '../users/user.js';
import { People } from './people.js';
import * as dto from './people.dto.js';

/** Who uses this service, and who works on it. */
@ApiTags('Operations')
@Controller('api/operator/people')
@Access('operator')
export class PeopleController {
  constructor(private readonly people: People) {}

  @Get()
  @ApiOperation({ summary: 'Users, the newest first; by address, id or role' })
  @AnswersPage('A page of them', dto.Person)
  async list(@Query() { q, role, limit, cursor }: dto.PeopleQuery): Promise<Page<dto.Person>> {
    const { people, next } = await this.people.page({ q, role }, limit, cursor);
    return pageOf(people.map(dto.shown), next);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A user, with what staff decided about them; never their secrets' })
  @Answers(200, 'The user', dto.PersonInDetail)
  async retrieve(@Param('id') id: string): Promise<dto.PersonInDetail> {
    return this.#show(await this.people.person(id));
  }

  @Post(':id/grant')
  @HttpCode(200)
  @ApiOperation({ summary: 'Give a role to somebody else, with a reason' })
  @Answers(200, 'The user', dto.PersonInDetail)
  async grant(
    @Param('id') id: string,
    @Body() { role, reason }: dto.DecideOnRole,
    @Req() { principal }: FastifyRequest,
  ): Promise<dto.PersonInDetail> {
    return this.#show(await this.people.grant(id, role, { by: principal.userId, reason }));
  }

  @Post(':id/revoke')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take a role away, with a reason; the last operator keeps theirs' })
  @Answers(200, 'The user', dto.PersonInDetail)
  async revoke(
    @Param('id') id: string,
    @Body() { role, reason }: dto.DecideOnRole,
    @Req() { principal }: FastifyRequest,
  ): Promise<dto.PersonInDetail> {
    return this.#show(await this.people.revoke(id, role, { by: principal.userId, reason }));
  }

  @Post(':id/end-sessions')
  @HttpCode(200)
  @ApiOperation({ summary: 'Log a user out everywhere, with a reason' })
  @Answers(200, 'The user', dto.PersonInDetail)
  async endSessions(
    @Param('id') id: string,
    @Body() { reason }: dto.DecideAboutPerson,
    @Req() { principal }: FastifyRequest,
  ): Promise<dto.PersonInDetail> {
    await this.people.endSessions(id, { by: principal.userId, reason });
    return this.#show(await this.people.person(id));
  }

  async #show(person: Person): Promise<dto.PersonInDetail> {
    return dto.shownInDetail(person, await this.people.loginsOf(person));
  }
}
