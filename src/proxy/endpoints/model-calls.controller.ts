import { Controller, Post } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, Direct, type DirectController, LargeBodies } from '../../platform/http/index.js';
import { Admissions } from '../call/admissions.js';
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
export class ModelCallsController implements DirectController {
  constructor(
    private readonly pipeline: CallPipeline,
    private readonly admissions: Admissions,
  ) {}

  admit(http: FastifyRequest): void {
    this.admissions.check(http);
  }

  @Post('chat/completions')
  @Direct()
  chatCompletions(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(CHAT, http, reply);
  }

  @Post('responses')
  @Direct()
  responses(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(RESPONSES, http, reply);
  }

  @Post('completions')
  @Direct()
  completions(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(COMPLETIONS, http, reply);
  }

  @Post('messages')
  @Direct()
  messages(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(MESSAGES, http, reply);
  }

  @Post('embeddings')
  @Direct()
  embeddings(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(EMBEDDINGS, http, reply);
  }

  @Post('images/generations')
  @Direct()
  images(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(IMAGES, http, reply);
  }

  @Post('audio/transcriptions')
  @Direct()
  transcriptions(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(TRANSCRIPTIONS, http, reply);
  }

  @Post('audio/translations')
  @Direct()
  translations(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(TRANSLATIONS, http, reply);
  }

  @Post('audio/speech')
  @Direct()
  speech(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(SPEECH, http, reply);
  }

  @Post('moderations')
  @Direct()
  moderations(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(MODERATIONS, http, reply);
  }

  @Post('rerank')
  @Direct()
  rerank(http: FastifyRequest, reply: FastifyReply): Promise<void> {
    return this.pipeline.run(RERANK, http, reply);
  }
}
