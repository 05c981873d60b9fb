import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LargeBodies } from '../../platform/http/index.js';
import { FreshBearerGuard } from '../../keys/index.js';
import { TokenCounts } from './token-counts.js';

@Controller('v1/messages/count_tokens')
@UseGuards(FreshBearerGuard)
@LargeBodies()
export class TokenCountsController {
  constructor(private readonly counts: TokenCounts) {}

  @Post()
  count(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.counts.run(http, reply);
  }
}
