import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Answers } from '../../platform/http/index.js';
import { languageAskedFor } from '../../platform/mail/index.js';
import { EmailChange } from '../me/email-change.js';
import * as dto from '../api/identity.dto.js';
import { Passwords } from '../me/passwords.js';
import { Registration } from './registration.js';
import { type LoggedIn, SessionCookie } from '../sessions/session-cookie.js';
import { hasSecondFactor } from '../users/user.js';

const SENT = { message: 'If this address can be used, an email is on its way. Open the link in it.' };

/** What begins without a session, or ends with a link in an email. */
@ApiTags('Login')
@Controller('api/auth')
@Access('anyone')
export class AuthController {
  constructor(
    private readonly registration: Registration,
    private readonly passwords: Passwords,
    private readonly emailChange: EmailChange,
    private readonly cookie: SessionCookie,
  ) {}

  @Post('register')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Register with an email address and a password; the answer does not reveal who is registered',
  })
  @Answers(202, 'An email is on its way', dto.Accepted)
  async register(@Body() body: dto.Register, @Req() { ip, headers }: FastifyRequest) {
    const language = body.language ?? languageAskedFor(headers['accept-language']);
    await this.registration.begin({ ...body, language }, ip);
    return SENT;
  }

  @Post('resend')
  @HttpCode(202)
  @ApiOperation({ summary: 'Another verification email; the password is the one of the registration' })
  @Answers(202, 'An email is on its way', dto.Accepted)
  resend(@Body() body: dto.Register, @Req() request: FastifyRequest) {
    return this.register(body, request); // whoever registers again gets another link
  }

  @Post('verify')
  @HttpCode(200)
  @ApiOperation({ summary: 'Verify the address by the token of the mailed link: opens the account and logs in' })
  @Answers(200, 'Logged in', dto.LoggedIn)
  async verify(
    @Body() { token }: dto.WithToken,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoggedIn> {
    return this.cookie.logIn(await this.registration.verify(token, request.ip), false, request, reply);
  }

  @Post('forgot')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for a link to set a new password; the answer does not reveal who is registered' })
  @Answers(202, 'An email is on its way', dto.Accepted)
  async forgot(@Body() { email }: dto.ForEmail, @Req() { ip }: FastifyRequest) {
    await this.passwords.askReset(email, ip);
    return SENT;
  }

  @Post('reset')
  @HttpCode(200)
  @ApiOperation({ summary: 'Set a new password by the token of the mailed link: ends all sessions and logs in' })
  @Answers(200, 'Logged in', dto.LoggedIn)
  async reset(
    @Body() { token, password, totp: code }: dto.ResetPassword,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoggedIn> {
    const person = await this.passwords.reset({ token, password, code }, request.ip);
    return this.cookie.logIn(person, hasSecondFactor(person.user), request, reply);
  }

  @Post('confirm-email')
  @HttpCode(200)
  @ApiOperation({ summary: 'Confirm a new address by the token of the link that was mailed there' })
  @Answers(200, 'Changed', dto.Accepted)
  async confirmEmail(@Body() { token }: dto.WithToken, @Req() { ip }: FastifyRequest) {
    await this.emailChange.confirm(token, ip);
    return { message: 'Your email address is changed.' };
  }
}
