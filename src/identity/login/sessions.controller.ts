import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Answers, AnswersPage, type Page, pageOf } from '../../platform/http/index.js';
import { Refused, refuse } from '../../kernel/index.js';
import * as dto from '../api/identity.dto.js';
import { Logins } from './logins.js';
import { type LoggedIn, SessionCookie } from '../sessions/session-cookie.js';
import { checkCsrf, notLoggedIn, Sessions, type CurrentSession } from '../sessions/sessions.js';
import { hasSecondFactor, languageOf } from '../users/user.js';
import { Users } from '../users/users.js';

/** Logging in and out, and the sessions of a user. */
@ApiTags('Login')
@Controller('api')
@Access('customer')
export class SessionsController {
  constructor(
    private readonly logins: Logins,
    private readonly sessions: Sessions,
    private readonly users: Users,
    private readonly cookie: SessionCookie,
  ) {}

  @Post('auth/login')
  @HttpCode(200)
  @Access('anyone')
  @ApiOperation({ summary: 'Log in with address and password, and with a code where there is a second factor' })
  @Answers(200, 'Logged in', dto.LoggedIn)
  async login(
    @Body() { email, password, totp: code }: dto.LogIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoggedIn> {
    const person = await this.logins.withPassword({ email, password, code }, request.ip);
    return this.cookie.logIn(person, hasSecondFactor(person.user), request, reply);
  }

  @Get('auth/session')
  @Access('anyone')
  @ApiOperation({ summary: 'Whether this browser is logged in, and the CSRF token of its session' })
  @Answers(200, 'The session', dto.SessionState)
  async session(@Req() request: FastifyRequest): Promise<dto.SessionState> {
    const current = await this.sessions.currentOf(request);
    if (current === undefined) return { logged_in: false, code_required: false, csrf_token: null, language: null };
    const waits = lacksCode(current);
    const { user, csrfToken } = current;
    return { logged_in: !waits, code_required: waits, csrf_token: csrfToken, language: languageOf(user) };
  }

  @Post('auth/second-factor')
  @HttpCode(200)
  @Access('session')
  @ApiOperation({
    summary: 'Show the second factor that a session lacks: after a login with Google, or when it was set up elsewhere',
  })
  @Answers(200, 'Logged in', dto.LoggedIn)
  async secondFactor(
    @Body() { totp }: dto.WithCode,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoggedIn> {
    const current = await this.sessions.currentOf(request);
    if (current === undefined) throw new Refused(notLoggedIn);
    checkCsrf(request, current);
    const person = await this.logins.withCode(current, totp, request.ip);
    return this.cookie.logIn(person, hasSecondFactor(person.user), request, reply);
  }

  @Post('auth/logout')
  @HttpCode(204)
  @Access('anyone')
  @ApiOperation({ summary: 'End this session' })
  @Answers(204, 'Logged out')
  async logout(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const current = await this.sessions.currentOf(request);
    if (current !== undefined) checkCsrf(request, current);
    await this.cookie.logOut(request, reply);
  }

  @Post('auth/logout-everywhere')
  @HttpCode(204)
  @ApiOperation({ summary: 'End all sessions of this person, this one too' })
  @Answers(204, 'Logged out')
  async logoutEverywhere(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.sessions.endAll(request.principal.userId);
    this.cookie.forget(reply);
  }

  @Get('me/sessions')
  @ApiOperation({ summary: 'Where this person is logged in, last seen first' })
  @AnswersPage('The sessions', dto.Session)
  async list(@Req() { principal }: FastifyRequest): Promise<Page<dto.Session>> {
    const person = await this.users.byId(principal.userId);
    const found = person === undefined ? [] : await this.sessions.list(person);
    const data = found.map(({ id, doc: { client, startedAt, seenAt, expiresAt } }) => ({
      id,
      client,
      current: id === principal.sessionId,
      started: startedAt,
      last_seen: seenAt,
      expires: expiresAt,
    }));
    return pageOf(data);
  }

  @Delete('me/sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one session' })
  @Answers(204, 'Ended')
  async end(@Param('id') id: string, @Req() { principal }: FastifyRequest): Promise<void> {
    if (await this.sessions.close(principal.userId, id)) return;
    throw new Refused(
      refuse('not_found', 'session_not_found', 'There is no such session: GET /api/me/sessions lists them.'),
    );
  }
}

const lacksCode = ({ user, session }: CurrentSession): boolean => hasSecondFactor(user) && !session.secondFactor;
