import { Readable } from 'node:stream';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { finalize, type Observable } from 'rxjs';
import type { Bodies, KeptBody } from './bodies.js';
import { type BodyLimit, bodyLimitOf } from './body-limit.js';

export interface BodyTerms {
  /** The largest body of all, in bytes, for routes with `@LargeBodies()`. */
  readonly largest: number;
  /** Whose share of the memory a body counts to. */
  ownerOf(request: FastifyRequest): string;
}

/** Reads the body of a request that was let in: then `request.body` is the whole of it, as bytes. */
export class BodyReader {
  constructor(
    private readonly bodies: Bodies,
    private readonly terms: BodyTerms,
  ) {}

  /** To be forgotten when the request has been handled; undefined where there is no body. @throws ApiError, or rejects with it */
  read(
    request: FastifyRequest,
    reply: FastifyReply,
    limit: BodyLimit,
  ): KeptBody | undefined | Promise<KeptBody | undefined> {
    if (!(request.body instanceof Readable)) return undefined;
    const kept = this.bodies.read(request.raw, reply.raw, {
      limit: limit === 'large' ? this.terms.largest : Math.min(limit, this.terms.largest),
      owner: this.terms.ownerOf(request),
    });
    const keep = (body: KeptBody): KeptBody => {
      request.body = body.bytes;
      return body;
    };
    return kept instanceof Promise ? kept.then(keep) : keep(kept);
  }
}

/** Reads the body of each request that the guards have let in, before anything else of its route runs. */
export class BodyInterceptor implements NestInterceptor {
  constructor(private readonly reader: BodyReader) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const limit = bodyLimitOf(context.getHandler(), context.getClass());
    const kept = await this.reader.read(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), limit);
    return kept === undefined ? next.handle() : next.handle().pipe(finalize(() => kept.forget()));
  }
}
