// Builds the HTTP application: Nest on Fastify, errors in OpenAI's shape, a request id on every answer.
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { createLogger, NestLogger } from './operations/index.js';
import { answerClientError, answerFrameworkError, ErrorFilter, newRequestId } from './proxy/index.js';

/** @throws ConfigurationError, or whatever keeps a store from opening. The caller listens, and closes it. */
export async function createGateway(config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: config.BODY_LIMIT_BYTES,
    trustProxy: config.TRUST_PROXY,
    genReqId: newRequestId,
    forceCloseConnections: 'idle',
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    logger: false,
  });
  const fastify = adapter.getInstance();
  // Bodies stay bytes: their length bounds the prompt, and JSON errors are ours to word.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(createLogger(config)),
  });
  app.useGlobalFilters(new ErrorFilter());
  return app;
}
