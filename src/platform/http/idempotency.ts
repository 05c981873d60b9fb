// Requests that move money are sent again when their answer is lost. The same key with the same body has the same answer for ever. A refusal
// did nothing, so it uses up no key: "If incoming parameters fail validation, or the request conflicts with another request that's executing
// concurrently, we don't save the idempotent result because no API endpoint initiates the execution. You can retry these requests."
// (https://docs.stripe.com/api/idempotent_requests, without its 24 hours.) What failed otherwise may have been done: its key stays with its body.
import { createHash } from 'node:crypto';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { type Collection, DocumentStore } from '../documents/index.js';
import { derivedId, type JsonObject, type JsonValue, Refused } from '../../kernel/index.js';
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
  /** Requests that are under way, or of which nobody knows what became. None: the key is free for another body. */
  readonly tries?: number;
  /** With the answer. */
  readonly status?: number;
  readonly answer?: JsonValue;
}

const ANSWERS: Collection<Answered> = { name: 'idempotent-answers-1', unique: [], indexes: [] };
const HEADER = 'idempotency-key';
const KEY = /^[\x21-\x7e]{1,255}$/;

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
class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly documents: DocumentStore) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return from(this.#answer(http.getRequest(), http.getResponse(), next));
  }

  async #answer(request: FastifyRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const id = idOf(request, keyOf(request));
    request.idempotency = { id };
    const bodyHash = hashOf(request.body);
    const before = await this.#begin(id, bodyHash);
    if (before !== undefined) return replay(reply, before);
    let fresh: Outcome;
    try {
      fresh = await outcomeOf(reply, next);
    } catch (error) {
      if (didNothing(error)) await this.#giveBack(id);
      throw error;
    }
    return replay(reply, await this.#keep(id, { bodyHash, ...fresh }), false);
  }

  /** The answer that was given before. @throws ApiError 409 when the key is another body’s */
  async #begin(id: string, bodyHash: string): Promise<Outcome | undefined> {
    for (;;) {
      if (await this.documents.insert(ANSWERS, id, { bodyHash, tries: 1 })) return undefined;
      const found = await this.documents.get(ANSWERS, id);
      if (found === undefined) continue; // it was given back just now
      const { bodyHash: others, tries = 1 } = found.doc; // what an earlier release left may have been done
      const answered = outcomeIn(found.doc);
      const isFree = answered === undefined && tries === 0;
      if (others !== bodyHash && !isFree) throw answered === undefined ? keyInUse() : keyReused();
      if (answered !== undefined) return answered;
      if (await this.documents.replace(ANSWERS, found, { bodyHash, tries: tries + 1 })) return undefined;
    }
  }

  /** Keeps an answer and returns it; of two at the same moment, the first one. */
  async #keep(id: string, answer: Answered & Outcome): Promise<Outcome> {
    for (;;) {
      const found = await this.documents.get(ANSWERS, id);
      const earlier = found && outcomeIn(found.doc);
      if (earlier !== undefined) return earlier;
      const kept = found
        ? await this.documents.replace(ANSWERS, found, answer)
        : await this.documents.insert(ANSWERS, id, answer);
      if (kept) return answer;
    }
  }

  /** The key is as it was before this request; free, when no other with it is under way. */
  async #giveBack(id: string): Promise<void> {
    for (;;) {
      const found = await this.documents.get(ANSWERS, id);
      const { bodyHash = '', tries = 0 } = found?.doc ?? {};
      if (found === undefined || tries === 0 || outcomeIn(found.doc) !== undefined) return;
      if (await this.documents.replace(ANSWERS, found, { bodyHash, tries: tries - 1 })) break;
    }
    await this.documents.remove(ANSWERS, { where: { id, tries: 0 } });
  }
}

interface Outcome {
  readonly status: number;
  readonly answer: JsonValue;
}

const outcomeIn = ({ status, answer = null }: Answered): Outcome | undefined =>
  status === undefined ? undefined : { status, answer };

async function outcomeOf(reply: FastifyReply, next: CallHandler): Promise<Outcome> {
  const answer: unknown = await lastValueFrom(next.handle());
  return { status: reply.statusCode, answer: JSON.parse(JSON.stringify(answer ?? null)) as JsonValue };
}

/** A refusal, of the request or by the domain: nothing has happened. Of anything else that is not known. */
function didNothing(error: unknown): boolean {
  const refusal = error instanceof Refused ? errorOf(error.rejection) : error;
  return refusal instanceof ApiError && refusal.status < 500;
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

const conflict = (code: string, message: string): ApiError =>
  new ApiError({ status: 409, type: 'invalid_request_error', code, message, param: HEADER });

const keyReused = (): ApiError =>
  conflict('idempotency_key_reused', 'This Idempotency-Key was used for another request. Use a new one.');

const keyInUse = (): ApiError =>
  conflict(
    'idempotency_key_in_use',
    'A request with this Idempotency-Key and another body is under way, or was cut off. Send that again to learn what became of it, or use a new key.',
  );
