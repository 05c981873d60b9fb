// Requests that move money are sent again when their answer is lost. The same key with the same body has the same answer for ever
// (https://docs.stripe.com/api/idempotent_requests, without its 24 hours).
import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { type Collection, DocumentStore } from '../documents/index.js';
import { derivedId, type JsonObject, type JsonValue, Refused } from '../kernel/index.js';
import { ApiError, errorOf, invalidRequest } from './api-error.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes that are `@Idempotent()`. */
    idempotency: {
      /** A pure function of person, route and key: the id of what the request makes, so that it is made once. */
      readonly id: string;
    };
  }
}

interface Answered extends JsonObject {
  readonly bodyHash: string;
  /** With the answer. */
  readonly status?: number;
  readonly answer?: JsonValue;
}

const ANSWERS: Collection<Answered> = { name: 'idempotent-answers-1', unique: [], indexes: [] };
const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,255}$/;
/** What the next try may find otherwise. */
const PASSING = new Set([401, 403, 404, 429]);

/** Makes a route answer once for each key. Its handler must do its work once for each `request.idempotency.id`. */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'Any text of yours, new for each thing you want done: the same key does it once.',
    }),
  );

@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly documents: DocumentStore) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return from(this.#answer(http.getRequest(), http.getResponse(), next));
  }

  async #answer(request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const id = idOf(request, keyOf(request));
    request.idempotency = { id };
    const bodyHash = hashOf(request.body);
    await this.documents.insert(ANSWERS, id, { bodyHash }); // false where the key was used before
    const before = await this.#known(id, bodyHash);
    if (before !== undefined) return replay(reply, before);
    const fresh = await outcomeOf(reply, next);
    await this.documents.replace(ANSWERS, { id, version: 1 }, { bodyHash, ...fresh });
    // Of two at the same moment, the first answer counts.
    return replay(reply, (await this.#known(id, bodyHash)) ?? fresh, false);
  }

  /** The answer that was given. @throws ApiError 409 when it was to another body */
  async #known(id: string, bodyHash: string): Promise<Outcome | undefined> {
    const known = (await this.documents.get(ANSWERS, id))?.doc;
    if (known !== undefined && known.bodyHash !== bodyHash) throw keyReused();
    return known?.status === undefined ? undefined : { status: known.status, answer: known.answer ?? null };
  }
}

interface Outcome {
  readonly status: number;
  readonly answer: JsonValue;
}

/** What the handler answers, or refuses for good. @throws what another try may change */
async function outcomeOf(reply: FastifyReply, next: CallHandler): Promise<Outcome> {
  try {
    const answer: unknown = await lastValueFrom(next.handle());
    return { status: reply.statusCode, answer: JSON.parse(JSON.stringify(answer ?? null)) as JsonValue };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { status, body } = errorOf(error.rejection);
    if (status >= 500 || PASSING.has(status)) throw error;
    return { status, answer: body };
  }
}

function replay(reply: FastifyReply, { status, answer }: Outcome, again = true): JsonValue {
  void reply.status(status);
  if (again) void reply.header('idempotent-replayed', 'true');
  return answer;
}

function keyOf({ headers }: FastifyRequest): string {
  const key = headers[HEADER];
  if (key === undefined) {
    const advice = 'Send an Idempotency-Key header with a new value, such as a UUID, for each thing you want done';
    throw invalidRequest(`${advice}; the same value does it once.`, HEADER, 'idempotency_key_required');
  }
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw invalidRequest('An Idempotency-Key has 1 to 255 visible ASCII characters.', HEADER, 'invalid_idempotency_key');
}

const idOf = ({ principal: { userId }, method, url }: FastifyRequest, key: string): string =>
  derivedId(JSON.stringify([userId, method, url.split('?')[0], key]));

const hashOf = (body: unknown): string =>
  createHash('sha256')
    .update(Buffer.isBuffer(body) ? body : '')
    .digest('hex');

const keyReused = (): ApiError =>
  new ApiError({
    status: 409,
    type: 'invalid_request_error',
    code: 'idempotency_key_reused',
    message: 'This Idempotency-Key was used for another request. Use a new one.',
    param: HEADER,
  });
