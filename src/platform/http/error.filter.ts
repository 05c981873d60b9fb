import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DocumentsUnavailable } from '../documents/index.js';
import { EventStoreUnavailable, ReadModelsUnavailable, ViewBehind } from '../../event-store/index.js';
import { Refused } from '../../kernel/index.js';
import {
  ApiError,
  errorOf,
  internalError,
  invalidRequest,
  ledgerUnavailable,
  notFound,
  serviceUnavailable,
} from './api-error.js';
import { pathOf } from './path.js';

/** What is particular to the API of some paths. */
export interface ErrorDialect {
  /** The body of an error as the clients of a path read it. */
  readonly bodyFor: (url: string, error: ApiError) => object;
  /** The error for a path that no route answers, where there is more to say than 404. */
  readonly unsupported: (url: string) => ApiError | undefined;
}

const OPENAI: ErrorDialect = { bodyFor: (_url, { body }) => body, unsupported: () => undefined };

/** Turns whatever was thrown into OpenAI's error shape. Never HTML, never a stack, never a body. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger('http');

  constructor(private readonly dialect: ErrorDialect = OPENAI) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const answer = this.#answerFor(error, request);
    if (reply.raw.headersSent) return void reply.raw.destroy();
    void reply
      .status(answer.status)
      .headers({ ...(OF_THE_KEY.includes(answer.status) && NO_RETRY), ...answer.options.headers })
      .send(this.dialect.bodyFor(request.url, answer));
  }

  #answerFor(error: unknown, { id, method, url }: FastifyRequest): ApiError {
    if (error instanceof ApiError) return error;
    if (error instanceof Refused) return errorOf(error.rejection);
    if (error instanceof EventStoreUnavailable) {
      this.#logger.error({ outage: 'ledger', requestId: id, msg: error.message });
      return ledgerUnavailable();
    }
    if (error instanceof ViewBehind || error instanceof ReadModelsUnavailable) {
      this.#logger.warn({ outage: 'read models', requestId: id, msg: error.message });
      return unreadable(error instanceof ViewBehind ? error.secondsLeft : undefined);
    }
    if (error instanceof DocumentsUnavailable) {
      this.#logger.error({ outage: 'people', requestId: id, msg: error.message });
      return serviceUnavailable(
        'Users and sessions can’t be reached just now. Nothing is lost; try again in a moment.',
      );
    }
    const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
    if (status === 404) return this.dialect.unsupported(url) ?? unknownUrl(method, url);
    if (status >= 400 && status < 500) return invalidRequest(error instanceof Error ? error.message : 'Bad request.');
    this.#logger.error({ requestId: id, msg: 'request failed', err: error });
    return internalError();
  }
}

/** Nothing of these passes by itself. OpenAI's and Anthropic's clients, and what is made of them, honour the header; some would go on for minutes. */
const OF_THE_KEY = [401, 402, 403];
const NO_RETRY = { 'x-should-retry': 'false' };

/** When a read model stands still, someone has to help; when it moves, it tells how long it takes. */
const STANDING_SECONDS = 10;
const MOST_SECONDS = 60;

function unreadable(secondsLeft: number | undefined): ApiError {
  const wait = Math.min(MOST_SECONDS, Math.max(1, Math.ceil(secondsLeft ?? STANDING_SECONDS)));
  const hope =
    secondsLeft === undefined
      ? 'if it stays so, whoever runs this gateway finds the reason in /readyz.'
      : `try again in ${wait} s.`;
  const message = `What this shows is behind the ledger or can’t be reached just now, so the answer would not be whole. Nothing is lost; ${hope}`;
  return serviceUnavailable(message, wait);
}

const statusOf = (error: unknown): number => {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : 500;
};

const unknownUrl = (method: string, url: string): ApiError =>
  notFound(
    'unknown_url',
    `Unknown request URL: ${method} ${pathOf(url)}. Check the path, for example POST /v1/chat/completions.`,
  );
