import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BearerGuard } from './bearer.guard.js';
import { Calls } from './calls.js';
import { CHAT } from './chat-endpoint.js';

@Controller('v1')
@UseGuards(BearerGuard)
export class ModelCallsController {
  constructor(private readonly calls: Calls) {}

  @Post('chat/completions')
  chatCompletions(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(CHAT, http, reply);
  }
}
