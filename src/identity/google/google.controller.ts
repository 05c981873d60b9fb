import { Body, Controller, Delete, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Answers, serviceUnavailable } from '../../platform/http/index.js';
import { languageAskedFor } from '../../platform/mail/index.js';
import { Refused } from '../../kernel/index.js';
import { GoogleFailed } from './google.js';
import { GOOGLE_LOGIN_MS, type GoogleLogin, GoogleLogins } from './google-logins.js';
import * as dto from '../api/identity.dto.js';
import { Logins } from '../login/logins.js';
import { SessionCookie } from '../sessions/session-cookie.js';
import { Sessions } from '../sessions/sessions.js';
import { hasSecondFactor } from '../users/user.js';

const COOKIE = 'tokenhub_google';
const COOKIE_PATH = '/api/auth/google';

/** Logging in with Google. Where a browser comes here, and not a program, it goes on to a page, which says what went wrong. */
@ApiTags('Login')
@Controller('api')
@Access('customer')
export class GoogleController {
  constructor(
    private readonly google: GoogleLogins,
    private readonly logins: Logins,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
  ) {}

  @Get('auth/methods')
  @Access('anyone')
  @ApiOperation({ summary: 'How one can log in here' })
  @Answers(200, 'The ways', dto.LoginMethods)
  methods(): dto.LoginMethods {
    return { password: true, google: this.google.isConfigured };
  }

  @Get('auth/google')
  @Access('anyone')
  @ApiOperation({ summary: 'Register or log in with Google: sends the browser there' })
  @Answers(303, 'To Google')
  async begin(
    @Query() { next }: dto.NextQuery,
    @Req() { ip }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    try {
      void reply.redirect(await this.#begin(reply, ip, next === undefined ? {} : { next }), 303);
    } catch (error) {
      void reply.redirect(`/login${searchWith({ next, fault: faultOf(error) })}`, 303);
    }
  }

  @Get('auth/google/callback')
  @Access('anyone')
  @ApiOperation({ summary: 'Where Google sends the browser back to' })
  @Answers(303, 'Logged in, to the dashboard')
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const begun = request.cookies[COOKIE];
    void reply.clearCookie(COOKIE, this.cookie.attributes(COOKIE_PATH));
    const current = await this.sessions.currentOf(request);
    try {
      const language = languageAskedFor(request.headers['accept-language']);
      const arrived = { query: searchOf(request.url), cookie: begun, visitor: current?.userId, language };
      const { person, next } = await this.google.finish(arrived);
      // Linked; the session goes on.
      if (current?.userId === person.userId) return void reply.redirect(next ?? '/account', 303);
      await this.cookie.logIn(person, false, request, reply);
      // Logged in, the page of the login goes on to where the person works.
      const page = hasSecondFactor(person.user) ? '/second-factor' : '/login';
      void reply.redirect(`${page}${searchWith({ next })}`, 303);
    } catch (error) {
      void reply.redirect(
        `${current === undefined ? '/login' : '/account'}${searchWith({ fault: faultOf(error) })}`,
        303,
      );
    }
  }

  @Post('me/google')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begin to link a Google account; the browser goes to the address in the answer' })
  @Answers(200, 'Where to go', dto.GoogleStart)
  async link(
    @Body() { password }: dto.WithPassword,
    @Req() { principal, ip }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<dto.GoogleStart> {
    await this.logins.again(principal, password, ip);
    return { url: await this.#begin(reply, ip, { linkTo: principal.userId }).catch(unreachable) };
  }

  @Delete('me/google')
  @HttpCode(204)
  @ApiOperation({ summary: 'Unlink the Google account; needs a password to be set' })
  @Answers(204, 'Unlinked')
  async unlink(@Req() { principal }: FastifyRequest): Promise<void> {
    await this.google.unlink(principal.userId);
  }

  async #begin(reply: FastifyReply, ip: string, login: GoogleLogin): Promise<string> {
    const { url, cookie } = await this.google.begin(ip, login);
    void reply.setCookie(COOKIE, cookie, { ...this.cookie.attributes(COOKIE_PATH), maxAge: GOOGLE_LOGIN_MS / 1_000 });
    return url;
  }
}

const searchOf = (url: string): string => (url.includes('?') ? url.slice(url.indexOf('?')) : '');

function unreachable(error: unknown): never {
  if (!(error instanceof GoogleFailed)) throw error;
  throw serviceUnavailable(
    'Google can’t be reached just now. Try again in a moment, or log in with your password.',
    10,
  );
}

/** What the page is told, which has the words for it. @throws any other error, which the error filter answers */
function faultOf(error: unknown): string {
  if (error instanceof Refused) return error.rejection.code;
  if (error instanceof GoogleFailed) return 'google_failed';
  throw error;
}

function searchWith(fields: { readonly next?: string | undefined; readonly fault?: string }): string {
  const given = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}
