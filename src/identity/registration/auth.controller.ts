import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Access, Answers, JsonBody, Takes } from '../../platform/http/index.js';
import { EmailChange } from '../me/email-change.js';
import * as schemas from '../schemas/identity.schemas.js';
import { Passwords } from '../me/passwords.js';
import { Registration } from './registration.js';
import { type LoggedIn, SessionCookie } from '../sessions/session-cookie.js';
import { Throttle } from '../defences/throttle.js';
import { hasSecondFactor } from '../users/user.js';

type Body<Schema extends z.ZodType> = z.output<Schema>;
const SENT = { message: 'If this can be done, a mail is on its way. Its link says the rest.' };

/** Everything that begins without a session, or ends with a mailed link. */
@ApiTags('Login')
@Controller('api/auth')
@Access('anyone')
export class AuthController {
  constructor(
    private readonly registration: Registration,
    private readonly passwords: Passwords,
    private readonly emailChange: EmailChange,
    private readonly throttle: Throttle,
    private readonly cookie: SessionCookie,
  ) {}

  @Post('register')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Register with an email address and a password; the answer does not tell who is registered',
  })
  @Takes(schemas.RegisterBody)
  @Answers(202, 'A mail is on its way', schemas.Accepted)
  async register(
    @JsonBody(schemas.RegisterBody) body: Body<typeof schemas.RegisterBody>,
    @Req() { ip }: FastifyRequest,
  ) {
    await this.throttle.count('register', ip, body.email);
    this.registration.begin(body);
    return SENT;
  }

  @Post('resend')
  @HttpCode(202)
  @ApiOperation({ summary: 'Another verification mail; the password is the one of the registration' })
  @Takes(schemas.RegisterBody)
  @Answers(202, 'A mail is on its way', schemas.Accepted)
  resend(@JsonBody(schemas.RegisterBody) body: Body<typeof schemas.RegisterBody>, @Req() request: FastifyRequest) {
    return this.register(body, request); // whoever registers again gets another link
  }

  @Post('verify')
  @HttpCode(200)
  @ApiOperation({ summary: 'Verify the address by the token of the mailed link: opens the account and logs in' })
  @Takes(schemas.TokenBody)
  @Answers(200, 'Logged in', schemas.LoggedInAnswer)
  async verify(
    @JsonBody(schemas.TokenBody) { token }: Body<typeof schemas.TokenBody>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoggedIn> {
    await this.throttle.count('link', request.ip);
    return this.cookie.logIn(await this.registration.verify(token), false, request, reply);
  }

  @Post('forgot')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for a link to set a new password; the answer does not tell who is registered' })
  @Takes(schemas.EmailBody)
  @Answers(202, 'A mail is on its way', schemas.Accepted)
  async forgot(@JsonBody(schemas.EmailBody) { email }: Body<typeof schemas.EmailBody>, @Req() { ip }: FastifyRequest) {
    await this.throttle.count('reset', ip, email);
    this.passwords.askReset(email);
    return SENT;
  }

  @Post('reset')
  @HttpCode(200)
  @ApiOperation({ summary: 'Set a new password by the token of the mailed link: ends all sessions and logs in' })
  @Takes(schemas.ResetBody)
  @Answers(200, 'Logged in', schemas.LoggedInAnswer)
  async reset(
    @JsonBody(schemas.ResetBody) { token, password, totp: code }: Body<typeof schemas.ResetBody>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoggedIn> {
    await this.throttle.count('link', request.ip);
    const person = await this.passwords.reset({ token, password, code }, request.ip);
    return this.cookie.logIn(person, hasSecondFactor(person.user), request, reply);
  }

  @Post('confirm-email')
  @HttpCode(200)
  @ApiOperation({ summary: 'Confirm a new address by the token of the link that was mailed there' })
  @Takes(schemas.TokenBody)
  @Answers(200, 'Changed', schemas.Accepted)
  async confirmEmail(
    @JsonBody(schemas.TokenBody) { token }: Body<typeof schemas.TokenBody>,
    @Req() { ip }: FastifyRequest,
  ) {
    await this.throttle.count('link', ip);
    await this.emailChange.confirm(token);
    return { message: 'This is your address from now on.' };
  }
}
