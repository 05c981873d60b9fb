import { Controller, Post } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Direct, type DirectController, LargeBodies } from '../../platform/http/index.js';
import { Admissions } from '../call/admissions.js';
import { CallPipeline } from '../call/call-pipeline.js';
import { COUNT_TOKENS } from './chat/count-tokens.js';

/** Apart from the calls, as no hold checks the newest state of the key: its guard does. */
@Controller('v1/messages/count_tokens')
@Access('api-key')
@LargeBodies()
export class TokenCountsController implements DirectController {
  constructor(
    private readonly pipeline: CallPipeline,
    private readonly admissions: Admissions,
  ) {}

  admit(http: FastifyRequest): void {
    this.admissions.check(http);
  }

  @Post()
  @Direct()
  count(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.runFree(COUNT_TOKENS, http, reply);
  }
}
