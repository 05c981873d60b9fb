import { Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, checked, type Html, sendPage } from '../../platform/http/index.js';
import { EmailChange } from '../me/email-change.js';
import * as dto from '../api/identity.dto.js';
import { Logins } from '../login/logins.js';
import { formOf, orFault } from './page-forms.js';
import { codeForm, doneContent, resetForm, tokenForm } from './content.js';
import { Passwords } from '../me/passwords.js';
import { Registration } from '../registration/registration.js';
import { SessionCookie } from '../sessions/session-cookie.js';
import { Sessions } from '../sessions/sessions.js';
import { hasSecondFactor } from '../users/user.js';

/**
 * The pages that mailed links open. Each shows a button first: programs that look through mail open links, too, and would use them up.
 * Their forms come back here, without any script.
 */
@Controller()
@ApiExcludeController()
@Access('anyone')
export class PagesController {
  constructor(
    private readonly registration: Registration,
    private readonly passwords: Passwords,
    private readonly emailChange: EmailChange,
    private readonly logins: Logins,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
  ) {}

  @Get('verify')
  showVerify(@Query('token') token: unknown, @Res() reply: FastifyReply): void {
    sendPage(reply, 200, VERIFY, tokenForm(String(token ?? ''), 'Confirm'));
  }

  @Post('verify')
  async verify(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await orFault(reply, VERIFY, async () => {
      const { token } = await checked(dto.WithToken, { token: formOf(request)['token'] });
      await this.cookie.logIn(await this.registration.verify(token, request.ip), false, request, reply);
      sendPage(reply, 200, 'Your address is confirmed', doneContent('You are logged in.'));
    });
  }

  @Get('confirm-email')
  showConfirmEmail(@Query('token') token: unknown, @Res() reply: FastifyReply): void {
    sendPage(reply, 200, CONFIRM_EMAIL, tokenForm(String(token ?? ''), 'Use this address'));
  }

  @Post('confirm-email')
  async confirmEmail(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await orFault(reply, CONFIRM_EMAIL, async () => {
      const { token } = await checked(dto.WithToken, { token: formOf(request)['token'] });
      const { user } = await this.emailChange.confirm(token, request.ip);
      sendPage(reply, 200, 'Your address is changed', doneContent(`From now on you log in with ${user.email}.`));
    });
  }

  @Get('reset')
  async showReset(
    @Query('token') token: unknown,
    @Req() { ip }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await orFault(reply, RESET, async () => {
      sendPage(reply, 200, RESET, await this.#resetForm(String(token ?? ''), ip));
    });
  }

  @Post('reset')
  async reset(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { token = '', password = '', totp } = formOf(request);
    const form = (): Promise<Html> => this.#resetForm(token, request.ip);
    await orFault(
      reply,
      RESET,
      async () => {
        const input = await checked(dto.ResetPassword, {
          token,
          password,
          ...(totp !== undefined && totp !== '' && { totp }),
        });
        const person = await this.passwords.reset({ ...input, code: input.totp }, request.ip);
        await this.cookie.logIn(person, hasSecondFactor(person.user), request, reply);
        const done = 'You are logged in here, and logged out everywhere else.';
        sendPage(reply, 200, 'Your password is changed', doneContent(done));
      },
      form,
    );
  }

  @Get('second-factor')
  showSecondFactor(@Res() reply: FastifyReply): void {
    sendPage(reply, 200, SECOND_FACTOR, codeForm());
  }

  /** A form carries no header with the CSRF token: that the request comes from this very page is what the guard has checked. */
  @Post('second-factor')
  async secondFactor(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await orFault(
      reply,
      SECOND_FACTOR,
      async () => {
        const { totp } = await checked(dto.WithCode, { totp: formOf(request)['totp'] });
        const current = await this.sessions.currentOf(request);
        if (current === undefined) return void reply.redirect('/login', 303);
        const person = await this.logins.withCode(current, totp, request.ip);
        await this.cookie.logIn(person, hasSecondFactor(person.user), request, reply);
        void reply.redirect('/', 303);
      },
      async () => codeForm(),
    );
  }

  async #resetForm(token: string, ip: string): Promise<Html> {
    const { user } = await this.passwords.ofLink(token, ip);
    return resetForm(token, user.email, hasSecondFactor(user));
  }
}

const VERIFY = 'Confirm your email address';
const CONFIRM_EMAIL = 'Change your email address';
const RESET = 'Set a new password';
const SECOND_FACTOR = 'Enter your code';
