// Builds the HTTP application: Nest on Fastify, errors in OpenAI's shape, a request id on every answer.
import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { decodedBody } from './http/index.js';
import { ApiDocument } from './openapi/index.js';
import { createLogger, NestLogger } from './operations/index.js';
import { answerClientError, answerFrameworkError, corsFor, ErrorFilter, newRequestId } from './proxy/index.js';

/** How long last bytes may take to leave when all calls have ended and the gateway closes. */
const LAST_BYTES_MS = 5_000;

/** How long a whole request, body and all, may take to arrive. */
const REQUEST_ARRIVES_MS = 300_000;

/** @throws ConfigurationError, or whatever keeps a store from opening. The caller listens, and closes it. */
export async function createGateway(config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: config.BODY_LIMIT_BYTES,
    // One hop: only the last entry of X-Forwarded-For is the proxy's own; the client may have written the others.
    trustProxy: config.TRUST_PROXY && ((_address: string, hop: number) => hop === 0),
    requestTimeout: REQUEST_ARRIVES_MS,
    // Clients put paths together in every way: a base URL that ends with a slash is no reason to fail.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
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
  fastify.addHook('preParsing', async (request, _reply, payload) => decodedBody(request, payload));
  // Closing waits for connections that are not idle: also for a request that never ends, or a client that never reads.
  fastify.addHook('preClose', (done) => {
    setTimeout(() => fastify.server.closeAllConnections(), LAST_BYTES_MS).unref();
    done();
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(createLogger(config)),
  });
  if (config.CORS_ORIGINS !== undefined) app.enableCors({ delegator: corsFor(config.CORS_ORIGINS) });
  await app.register(cookie);
  app.useGlobalFilters(new ErrorFilter());
  app.get(ApiDocument).describes(app);
  return app;
}
