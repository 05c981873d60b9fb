import { Controller, Delete, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Access, Answers, JsonBody, Takes } from '../../platform/http/index.js';
import * as schemas from '../schemas/identity.schemas.js';
import { Logins } from '../login/logins.js';
import { SecondFactor } from '../second-factor/second-factor.js';
import { SessionCookie } from '../sessions/session-cookie.js';

type CodeBody = z.output<typeof schemas.CodeBody>;

/** A person's second factor. */
@ApiTags('Me')
@Controller('api/me/second-factor')
@Access('customer')
export class SecondFactorController {
  constructor(
    private readonly logins: Logins,
    private readonly secondFactor: SecondFactor,
    private readonly cookie: SessionCookie,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Begin to set up a second factor (TOTP): the secret for an app' })
  @Takes(schemas.PasswordBody)
  @Answers(200, 'To be confirmed with a code', schemas.TotpSetUp)
  async begin(
    @JsonBody(schemas.PasswordBody) { password }: z.output<typeof schemas.PasswordBody>,
    @Req() { principal, ip }: FastifyRequest,
  ): Promise<z.output<typeof schemas.TotpSetUp>> {
    await this.logins.again(principal, password, ip);
    const { secret, url } = await this.secondFactor.begin(principal.userId);
    return { secret, otpauth_url: url };
  }

  @Post('confirm')
  @HttpCode(200)
  @ApiOperation({ summary: 'Turn the second factor on with a code; the recovery codes are shown this once' })
  @Takes(schemas.CodeBody)
  @Answers(200, 'On; this session goes on under a new id', schemas.ConfirmedSecondFactor)
  async confirm(
    @JsonBody(schemas.CodeBody) { totp }: CodeBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof schemas.ConfirmedSecondFactor>> {
    const { userId } = request.principal;
    const { person, recoveryCodes } = await this.secondFactor.confirm(userId, totp, request.ip);
    return { ...(await this.cookie.logIn(person, true, request, reply)), recovery_codes: recoveryCodes };
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @ApiOperation({ summary: 'New recovery codes in the place of those that are left' })
  @Takes(schemas.CodeBody)
  @Answers(200, 'Shown this once', schemas.RecoveryCodes)
  async renew(
    @JsonBody(schemas.CodeBody) { totp }: CodeBody,
    @Req() { principal, ip }: FastifyRequest,
  ): Promise<z.output<typeof schemas.RecoveryCodes>> {
    return { recovery_codes: await this.secondFactor.renewRecoveryCodes(principal.userId, totp, ip) };
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Turn the second factor off, with a code' })
  @Takes(schemas.CodeBody)
  @Answers(204, 'Off')
  async end(@JsonBody(schemas.CodeBody) { totp }: CodeBody, @Req() { principal, ip }: FastifyRequest): Promise<void> {
    await this.secondFactor.end(principal.userId, totp, ip);
  }
}
