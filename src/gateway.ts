// Builds the HTTP application: Nest on Fastify, errors in OpenAI's shape, a request id on every answer.
import type { Server } from 'node:http';
import cookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { prepareOutgoing } from './adapters/index.js';
import { AppModule } from './app.module.js';
import type { Config } from './platform/config.js';
import { Seldom } from './kernel/index.js';
import {
  ANSWERS_ALL_HEADS,
  answerClientError,
  answerDirectly,
  answerExpectations,
  answerFrameworkError,
  Bodies,
  BodyBudget,
  BodyInterceptor,
  bodyMemory,
  BodyReader,
  boundConnections,
  closeUnread,
  connectionsBy,
  corsFor,
  descriptorLimit,
  ErrorFilter,
  HEAD_ARRIVES_IN_TIME,
  headFault,
  newRequestId,
  readForwardedFor,
  RequestPipe,
  turnAway,
} from './platform/http/index.js';
import { createLogger, NestLogger, standardOutput } from './platform/index.js';
import { errorDialect } from './proxy/index.js';

/** How long the last bytes may take to leave when all calls have ended and the gateway closes. */
const LAST_BYTES_MS = 5_000;

/** How long a whole request, with its body, may take to arrive. */
const REQUEST_ARRIVES_MS = 300_000;

/** Creates a gateway; the caller makes it listen, and closes it. @throws ConfigurationError, or the error of a store that can't be opened */
export async function createGateway(config: Config): Promise<NestFastifyApplication> {
  const adapter = fastifyAdapter(config);
  const fastify = adapter.getInstance<FastifyInstance>();
  leaveBodies(fastify);
  if (config.TRUST_PROXY) readForwardedFor(fastify);
  nameRequests(fastify);
  refuseHeads(fastify);
  closeUnreadRequests(fastify);
  closeInTime(fastify);
  const logger = createLogger(config);
  await prepareOutgoing(config);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLogger(logger),
  });
  if (config.CORS_ORIGINS !== undefined) app.enableCors({ delegator: corsFor(config.CORS_ORIGINS) });
  await app.register(cookie);
  const [errors, bodies] = [new ErrorFilter(errorDialect), bodyReader(config)];
  app.useGlobalFilters(errors);
  app.useGlobalPipes(new RequestPipe());
  app.useGlobalInterceptors(new BodyInterceptor(bodies));
  answerDirectly(app, bodies, errors);
  limitConnections(fastify.server, config, logger);
  return app;
}

/** Nest's pipe checks what comes in: no route has a schema of Fastify's, whose compilers take 1.4 MiB. */
const refuseSchema = () => () => {
  throw new Error('no route may have a schema of Fastify’s');
};

const fastifyAdapter = ({ TRUST_PROXY }: Config): FastifyAdapter =>
  new FastifyAdapter({
    // One hop: the proxy itself wrote only the last entry of X-Forwarded-For; the client may have written the others.
    trustProxy: TRUST_PROXY && ((_address: string, hop: number) => hop === 0),
    http: { ...HEAD_ARRIVES_IN_TIME, ...ANSWERS_ALL_HEADS },
    requestTimeout: REQUEST_ARRIVES_MS,
    // Clients join base URL and path in every way: a slash too many is no reason to fail.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    genReqId: newRequestId,
    forceCloseConnections: 'idle',
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
    frameworkErrors: answerFrameworkError,
    clientErrorHandler: answerClientError,
    logger: false,
  });

/**
 * Fastify reads no body: a request may be refused by its head alone, and `BodyReader` reads the bodies of all others. Bodies stay
 * bytes, as their length bounds the prompt and errors in their JSON are answered in our words.
 */
function leaveBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  // What nearly all send is named, as Fastify looks for any other type anew in each request.
  fastify.addContentTypeParser(['application/json', '*'], (_request, body, done) => done(null, body));
  // A client that asks before it sends a body (RFC 9110, section 10.1.1) gets its answer when the body is about to be read.
  fastify.server.on('checkContinue', (request, response) => fastify.server.emit('request', request, response));
}

function nameRequests(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
}

function refuseHeads(fastify: FastifyInstance): void {
  answerExpectations(fastify.server);
  fastify.addHook('onRequest', (request, _reply, done) => done(headFault(request.raw)));
}

/** An answer to a request whose body was not read ends the connection. */
function closeUnreadRequests(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (request.raw.complete) return done();
    // A body that came together with the head counts as read only after the work on the head.
    setImmediate(() => {
      if (closeUnread(request.raw)) void reply.header('connection', 'close');
      done();
    });
  });
}

/** Closing would wait for every connection that is not idle, even for a request that never ends or a client that never reads. */
function closeInTime(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done) => {
    standardOutput().end();
    setTimeout(() => fastify.server.closeAllConnections(), LAST_BYTES_MS).unref();
    done();
  });
}

const bodyReader = ({ BODY_LIMIT_BYTES: largest, BODIES_UNDER_WAY_BYTES: together }: Config): BodyReader =>
  new BodyReader(new Bodies(new BodyBudget(together ?? bodyMemory(largest), largest)), {
    largest,
    ownerOf: ({ caller, principal, ip }) => caller?.accountId ?? principal?.userId ?? ip,
  });

/** How often the log repeats that connections are turned away. */
const REPEAT_EVERY_MS = 60_000;

function limitConnections(
  server: Server,
  { MAX_CONNECTIONS, CLIENT_STALL_TIMEOUT_MS: stallMs }: Config,
  logger: Logger,
): void {
  const most = MAX_CONNECTIONS ?? connectionsBy(descriptorLimit());
  const repeat = new Seldom(REPEAT_EVERY_MS);
  const warn = (why: object) => {
    if (!repeat.isDue()) return;
    logger.warn({ ...why, msg: `connections are turned away: MAX_CONNECTIONS is ${most}; see ulimit -n` });
  };
  boundConnections(server, {
    most,
    stallMs,
    turnAway: (socket) => {
      warn({ connections: most });
      turnAway(socket);
    },
    failed: (err) => {
      if (server.listening) warn({ err });
    },
  });
}
