import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, AtMost } from '../../platform/http/index.js';
import { LivePages } from './live-pages.js';

/** What happens to a person’s account, as it happens. */
@ApiTags('Usage')
@Controller('api/live')
@Access('customer')
export class LiveController {
  constructor(private readonly pages: LivePages) {}

  @Get()
  @AtMost(60)
  @ApiHeader({ name: 'last-event-id', required: false, description: 'the last `id` that was received, to go on after' })
  @ApiOperation({
    summary: 'What happens to your account, as server-sent events',
    description:
      'The events are `balance` (`balance`, `held`, `available`, `as_of`), `charge` (`charge_id`, `request_id`, `key_id`, `model`, `status`, `cost`), ' +
      '`key` (`key_id`, `change`), `topup` (`topup_id`, `lot_id`, `amount`), and `missed`: more happened than is told, so read again what you show. ' +
      'Their `id` is the revision of the account in the ledger.',
  })
  @ApiOkResponse({ description: 'The events', content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async live(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (request.method === 'HEAD') return void reply.header('content-type', 'text/event-stream').send();
    await this.pages.open(request, reply);
  }
}
