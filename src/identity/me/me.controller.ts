import { Body, Controller, Delete, Get, Header, HttpCode, Patch, Post, Put, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Answers } from '../../platform/http/index.js';
import { type JsonObject, Refused } from '../../kernel/index.js';
import { EmailChange } from './email-change.js';
import * as dto from '../api/identity.dto.js';
import { Passwords } from './passwords.js';
import { PersonalData } from './personal-data.js';
import { type LoggedIn, SessionCookie } from '../sessions/session-cookie.js';
import { notLoggedIn, Sessions, type CurrentSession } from '../sessions/sessions.js';
import { hasSecondFactor, isVerified, languageOf, without } from '../users/user.js';
import { Users } from '../users/users.js';

/** A user's own data. */
@ApiTags('Me')
@Controller('api/me')
@Access('customer')
export class MeController {
  constructor(
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
    private readonly emailChange: EmailChange,
    private readonly personalData: PersonalData,
    private readonly cookie: SessionCookie,
    private readonly users: Users,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who is logged in' })
  @Answers(200, 'The person', dto.Me)
  async me(@Req() request: FastifyRequest): Promise<dto.Me> {
    return meOf(await this.#currentOf(request));
  }

  @Patch()
  @ApiOperation({ summary: 'Change the language of emails and pages' })
  @Answers(200, 'The person', dto.Me)
  async change(@Body() { language }: dto.ChangeMe, @Req() request: FastifyRequest): Promise<dto.Me> {
    await this.users.change(request.principal.userId, (user) => ({ ...user, language }));
    return meOf(await this.#currentOf(request));
  }

  @Post('password')
  @HttpCode(200)
  @ApiOperation({ summary: 'Change the password: ends every other session' })
  @Answers(200, 'Changed; this session goes on under a new id', dto.LoggedIn)
  async changePassword(
    @Body() body: dto.ChangePassword,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LoggedIn> {
    const { principal, ip } = request;
    const input = { now: body.current_password, next: body.new_password };
    const person = await this.passwords.change(principal, input, ip);
    return this.cookie.logIn(person, principal.secondFactor, request, reply);
  }

  @Post('email')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for another email address, which is confirmed by a link that is mailed there' })
  @Answers(202, 'An email is on its way', dto.Accepted)
  async changeEmail(
    @Body() { email, password }: dto.ChangeEmail,
    @Req() { principal, ip }: FastifyRequest,
  ): Promise<dto.Accepted> {
    await this.emailChange.ask(principal, { email, password }, ip);
    return { message: 'An email is on its way to the new address. Nothing changes until its link is opened.' };
  }

  @Put('billing')
  @ApiOperation({ summary: 'Set who your invoices are made out to. An invoice keeps those it was first opened with' })
  @Answers(200, 'The person', dto.Me)
  async setBilling(@Body() body: dto.SetBillingDetails, @Req() request: FastifyRequest): Promise<dto.Me> {
    const { name, address, tax_id: taxId } = body;
    const billing = { name, address, ...(taxId !== undefined && { taxId }) };
    await this.users.change(request.principal.userId, (user) => ({ ...user, billing, billingKey: name.toLowerCase() }));
    return meOf(await this.#currentOf(request));
  }

  @Delete('billing')
  @ApiOperation({ summary: 'Forget who your invoices are made out to' })
  @Answers(200, 'The person', dto.Me)
  async forgetBilling(@Req() request: FastifyRequest): Promise<dto.Me> {
    await this.users.change(request.principal.userId, (user) => without(user, 'billing', 'billingKey'));
    return meOf(await this.#currentOf(request));
  }

  @Get('export')
  @Header('content-disposition', 'attachment; filename="token-hub-personal-data.json"')
  @ApiOperation({ summary: 'All that is kept about this person, as a file' })
  @Answers(200, 'The data')
  async export(@Req() request: FastifyRequest): Promise<JsonObject> {
    return this.personalData.export(await this.#currentOf(request));
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Close the account and delete all personal data. The ledger keeps its ids; the person is gone',
  })
  @Answers(204, 'Deleted')
  async delete(
    @Body() { password, forfeit_credit: forfeit }: dto.DeleteUser,
    @Req() { principal, ip }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.personalData.delete(principal, { password, forfeitCredit: forfeit === true }, ip);
    this.cookie.forget(reply);
  }

  async #currentOf(request: FastifyRequest): Promise<CurrentSession> {
    const current = await this.sessions.currentOf(request);
    if (current === undefined) throw new Refused(notLoggedIn); // ended since the guard let it in
    return current;
  }
}

const meOf = ({ userId, user, csrfToken }: CurrentSession): dto.Me => ({
  user_id: userId,
  email: user.email,
  email_verified: isVerified(user),
  roles: [...user.roles],
  account_id: user.accountId,
  language: languageOf(user),
  has_password: user.passwordHash !== undefined,
  google: user.googleId === undefined ? null : { email: user.googleEmail ?? user.email },
  billing: user.billing
    ? { name: user.billing.name, address: user.billing.address, tax_id: user.billing.taxId ?? null }
    : null,
  second_factor: {
    enabled: hasSecondFactor(user),
    required: user.roles.length > 0,
    recovery_codes_left: user.totp?.recoveryCodes.length ?? 0,
  },
  csrf_token: csrfToken,
  created: user.registeredAt,
});
