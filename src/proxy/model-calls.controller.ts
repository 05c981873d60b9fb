import { Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LargeBodies } from '../http/index.js';
import { BearerGuard } from './bearer.guard.js';
import { Calls } from './calls.js';
import { CHAT, COMPLETIONS } from './endpoints/chat.js';
import { EMBEDDINGS } from './endpoints/embeddings.js';
import { IMAGES } from './endpoints/images.js';
import { MESSAGES } from './endpoints/messages.js';
import { MODERATIONS } from './endpoints/moderations.js';
import { RERANK } from './endpoints/rerank.js';
import { RESPONSES } from './endpoints/responses.js';
import { SPEECH } from './endpoints/speech.js';
import { transcriptions } from './endpoints/transcriptions.js';

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
