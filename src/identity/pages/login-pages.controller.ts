import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, checked, sendPage } from '../../platform/http/index.js';
import { GoogleLogins } from '../google/google-logins.js';
import * as dto from '../api/identity.dto.js';
import { Logins } from '../login/logins.js';
import { formOf, orFault } from './page-forms.js';
import { emailForm, homeContent, loginForm, registerForm, sentContent, welcomeContent } from './content.js';
import { Passwords } from '../me/passwords.js';
import { Registration } from '../registration/registration.js';
import { SessionCookie } from '../sessions/session-cookie.js';
import { Sessions } from '../sessions/sessions.js';
import { hasSecondFactor } from '../users/user.js';

/** Registering and logging in without any script, and where one gets to then: what mails and other pages link to. */
@Controller()
@ApiExcludeController()
@Access('anyone')
export class LoginPagesController {
  constructor(
    private readonly registration: Registration,
    private readonly passwords: Passwords,
    private readonly logins: Logins,
    private readonly google: GoogleLogins,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
  ) {}

  @Get()
  async home(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const current = await this.sessions.currentOf(request);
    if (current === undefined) return sendPage(reply, 200, 'token-hub', welcomeContent());
    const { user, session } = current;
    if (hasSecondFactor(user) && !session.secondFactor) return void reply.redirect('/second-factor', 303);
    sendPage(reply, 200, 'You are logged in', homeContent(user.email, user.accountId));
  }

  @Get('login')
  showLogin(@Res() reply: FastifyReply): void {
    sendPage(reply, 200, LOGIN, loginForm('', this.google.isConfigured));
  }

  @Post('login')
  async login(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { email = '', password = '', totp } = formOf(request);
    const work = async () => {
      const input = await checked(dto.LogIn, { email, password, ...(totp !== '' && { totp }) });
      const person = await this.logins.withPassword({ ...input, code: input.totp }, request.ip);
      await this.cookie.logIn(person, hasSecondFactor(person.user), request, reply);
      void reply.redirect('/', 303);
    };
    await orFault(reply, LOGIN, work, () => loginForm(email, this.google.isConfigured));
  }

  @Get('register')
  showRegister(@Res() reply: FastifyReply): void {
    sendPage(reply, 200, REGISTER, registerForm('', this.google.isConfigured));
  }

  @Post('register')
  async register(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { email = '', password = '' } = formOf(request);
    const work = async () => {
      const input = await checked(dto.Register, { email, password });
      await this.registration.begin(input, request.ip);
      sendPage(reply, 202, SENT, sentContent(input.email));
    };
    await orFault(reply, REGISTER, work, () => registerForm(email, this.google.isConfigured));
  }

  @Get('forgot')
  showForgot(@Res() reply: FastifyReply): void {
    sendPage(reply, 200, FORGOT, emailForm(''));
  }

  @Post('forgot')
  async forgot(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { email = '' } = formOf(request);
    const work = async () => {
      const input = await checked(dto.ForEmail, { email });
      await this.passwords.askReset(input.email, request.ip);
      sendPage(reply, 202, SENT, sentContent(input.email));
    };
    await orFault(reply, FORGOT, work, () => emailForm(email));
  }

  /** That the request comes from a page of ours is what the guard has checked. */
  @Post('logout')
  async logout(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.cookie.logOut(request, reply);
    void reply.redirect('/', 303);
  }
}

const LOGIN = 'Log in';
const REGISTER = 'Sign up';
const FORGOT = 'Set a new password';
const SENT = 'Look into your mailbox';
