import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LargeBodies } from '../../platform/http/index.js';
import { BearerGuard } from '../../keys/index.js';
import { Calls } from '../call/calls.js';
import { CHAT, COMPLETIONS } from './chat.js';
import { EMBEDDINGS } from './embeddings.js';
import { IMAGES } from './images.js';
import { MESSAGES } from './messages.js';
import { MODERATIONS } from './moderations.js';
import { RERANK } from './rerank.js';
import { RESPONSES } from './responses.js';
import { SPEECH } from './speech.js';
import { transcriptions } from './transcriptions.js';

const TRANSCRIPTIONS = transcriptions('/audio/transcriptions');
const TRANSLATIONS = transcriptions('/audio/translations');

/** The endpoints that call a model. */
@Controller('v1')
@UseGuards(BearerGuard)
@LargeBodies()
export class ModelCallsController {
  constructor(private readonly calls: Calls) {}

  @Post('chat/completions')
  chatCompletions(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(CHAT, http, reply);
  }

  @Post('responses')
  responses(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(RESPONSES, http, reply);
  }

  @Post('completions')
  completions(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(COMPLETIONS, http, reply);
  }

  @Post('messages')
  messages(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(MESSAGES, http, reply);
  }

  @Post('embeddings')
  embeddings(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(EMBEDDINGS, http, reply);
  }

  @Post('images/generations')
  images(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(IMAGES, http, reply);
  }

  @Post('audio/transcriptions')
  transcriptions(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(TRANSCRIPTIONS, http, reply);
  }

  @Post('audio/translations')
  translations(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(TRANSLATIONS, http, reply);
  }

  @Post('audio/speech')
  speech(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(SPEECH, http, reply);
  }

  @Post('moderations')
  moderations(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(MODERATIONS, http, reply);
  }

  @Post('rerank')
  rerank(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.calls.run(RERANK, http, reply);
  }
}
