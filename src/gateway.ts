// Builds the HTTP application: Nest on Fastify, errors in OpenAI's shape, a request id on every answer.
import type { Server } from 'node:http';
import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { Config } from './platform/config.js';
import { Seldom } from './kernel/index.js';
import {
  answerClientError,
  answerFrameworkError,
  Bodies,
  BodyBudget,
  BodyInterceptor,
  bodyMemory,
  boundConnections,
  closeUnread,
  connectionsBy,
  corsFor,
  descriptorLimit,
  ErrorFilter,
  HEAD_ARRIVES_IN_TIME,
  newRequestId,
  turnAway,
} from './platform/http/index.js';
import { createLogger, NestLogger } from './platform/index.js';
import { errorDialect } from './proxy/index.js';

/** How long last bytes may take to leave when all calls have ended and the gateway closes. */
const LAST_BYTES_MS = 5_000;

/** How long a whole request, body and all, may take to arrive. */
const REQUEST_ARRIVES_MS = 300_000;

/** @throws ConfigurationError, or whatever keeps a store from opening. The caller listens, and closes it. */
export async function createGateway(config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    // One hop: only the last entry of X-Forwarded-For is the proxy's own; the client may have written the others.
    trustProxy: config.TRUST_PROXY && ((_address: string, hop: number) => hop === 0),
    http: HEAD_ARRIVES_IN_TIME,
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
  // No body is read here: a request may be refused by its head alone, and the interceptor reads those of the others. Bodies stay bytes: their
  // length bounds the prompt, and JSON errors are ours to word.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (request.raw.complete) return done();
    // What has come with the head is read after the head's own work.
    setImmediate(() => {
      if (closeUnread(request.raw)) void reply.header('connection', 'close');
      done();
    });
  });
  // Who asks before sending a body (RFC 9110, section 10.1.1) is told to go on when it is about to be read.
  fastify.server.on('checkContinue', (request, response) => fastify.server.emit('request', request, response));
  // Closing waits for connections that are not idle: also for a request that never ends, or a client that never reads.
  fastify.addHook('preClose', (done) => {
    setTimeout(() => fastify.server.closeAllConnections(), LAST_BYTES_MS).unref();
    done();
  });
  const logger = createLogger(config);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(logger),
  });
  if (config.CORS_ORIGINS !== undefined) app.enableCors({ delegator: corsFor(config.CORS_ORIGINS) });
  await app.register(cookie);
  app.useGlobalFilters(new ErrorFilter(errorDialect));
  app.useGlobalInterceptors(bodyReader(config));
  bound(fastify.server, config, logger);
  return app;
}

const bodyReader = ({ BODY_LIMIT_BYTES: largest, BODIES_UNDER_WAY_BYTES: together }: Config): BodyInterceptor =>
  new BodyInterceptor(new Bodies(new BodyBudget(together ?? bodyMemory(largest), largest)), {
    largest,
    ownerOf: ({ caller, principal, ip }) => caller?.accountId ?? principal?.userId ?? ip,
  });

/** How often the log says that connections are turned away, at most. */
const SAID_EVERY_MS = 60_000;

function bound(server: Server, { MAX_CONNECTIONS }: Config, logger: Logger): void {
  const most = MAX_CONNECTIONS ?? connectionsBy(descriptorLimit());
  const said = new Seldom(SAID_EVERY_MS);
  const say = (why: object) => {
    if (!said.isDue()) return;
    logger.warn({ ...why, msg: `connections are turned away: MAX_CONNECTIONS is ${most}; see ulimit -n` });
  };
  boundConnections(server, {
    most,
    turnAway: (socket) => {
      say({ connections: most });
      turnAway(socket);
    },
    failed: (err) => {
      if (server.listening) say({ err });
    },
  });
}
