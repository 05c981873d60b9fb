import { Body, Controller, Delete, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Answers } from '../../platform/http/index.js';
import * as dto from '../api/identity.dto.js';
import { Logins } from '../login/logins.js';
import { SecondFactor } from '../second-factor/second-factor.js';
import { SessionCookie } from '../sessions/session-cookie.js';

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
  @Answers(200, 'To be confirmed with a code', dto.TotpSetUp)
  async begin(
    @Body() { password }: dto.WithPassword,
    @Req() { principal, ip }: FastifyRequest,
  ): Promise<dto.TotpSetUp> {
    await this.logins.again(principal, password, ip);
    const { secret, url } = await this.secondFactor.begin(principal.userId);
    return { secret, otpauth_url: url };
  }

  @Post('confirm')
  @HttpCode(200)
  @ApiOperation({ summary: 'Turn the second factor on with a code; the recovery codes are shown this once' })
  @Answers(200, 'On; this session goes on under a new id', dto.ConfirmedSecondFactor)
  async confirm(
    @Body() { totp }: dto.WithCode,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<dto.ConfirmedSecondFactor> {
    const { userId } = request.principal;
    const { person, recoveryCodes } = await this.secondFactor.confirm(userId, totp, request.ip);
    return { ...(await this.cookie.logIn(person, true, request, reply)), recovery_codes: recoveryCodes };
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @ApiOperation({ summary: 'New recovery codes in the place of those that are left' })
  @Answers(200, 'Shown this once', dto.RecoveryCodes)
  async renew(@Body() { totp }: dto.WithCode, @Req() { principal, ip }: FastifyRequest): Promise<dto.RecoveryCodes> {
    return { recovery_codes: await this.secondFactor.renewRecoveryCodes(principal.userId, totp, ip) };
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Turn the second factor off, with a code' })
  @Answers(204, 'Off')
  async end(@Body() { totp }: dto.WithCode, @Req() { principal, ip }: FastifyRequest): Promise<void> {
    await this.secondFactor.end(principal.userId, totp, ip);
  }
}
