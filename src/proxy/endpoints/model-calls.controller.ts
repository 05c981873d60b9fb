import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, LargeBodies } from '../../platform/http/index.js';
import { CallPipeline } from '../call/call-pipeline.js';
import { CHAT, COMPLETIONS } from './chat/chat.js';
import { MESSAGES } from './chat/messages.js';
import { RESPONSES } from './chat/responses.js';
import { EMBEDDINGS } from './plain/embeddings.js';
import { IMAGES } from './plain/images.js';
import { MODERATIONS } from './plain/moderations.js';
import { RERANK } from './plain/rerank.js';
import { SPEECH } from './plain/speech.js';
import { transcriptions } from './plain/transcriptions.js';

const TRANSCRIPTIONS = transcriptions('/audio/transcriptions');
const TRANSLATIONS = transcriptions('/audio/translations');

/** The endpoints that call a model. */
@Controller('v1')
@Access('api-key-with-hold')
@LargeBodies()
export class ModelCallsController {
  constructor(private readonly pipeline: CallPipeline) {}

  @Post('chat/completions')
  chatCompletions(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(CHAT, http, reply);
  }

  @Post('responses')
  responses(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(RESPONSES, http, reply);
  }

  @Post('completions')
  completions(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(COMPLETIONS, http, reply);
  }

  @Post('messages')
  messages(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(MESSAGES, http, reply);
  }

  @Post('embeddings')
  embeddings(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(EMBEDDINGS, http, reply);
  }

  @Post('images/generations')
  images(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(IMAGES, http, reply);
  }

  @Post('audio/transcriptions')
  transcriptions(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(TRANSCRIPTIONS, http, reply);
  }

  @Post('audio/translations')
  translations(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(TRANSLATIONS, http, reply);
  }

  @Post('audio/speech')
  speech(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(SPEECH, http, reply);
  }

  @Post('moderations')
  moderations(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(MODERATIONS, http, reply);
  }

  @Post('rerank')
  rerank(@Req() http: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.pipeline.run(RERANK, http, reply);
  }
}
