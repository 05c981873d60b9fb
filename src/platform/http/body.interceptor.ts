import { Readable } from 'node:stream';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { finalize, type Observable } from 'rxjs';
import type { Bodies } from './bodies.js';
import { bodyLimitOf } from './body-limit.js';

export interface BodyTerms {
  /** The largest body of all, in bytes, for routes with `@LargeBodies()`. */
  readonly largest: number;
  /** Whose share of the memory a body counts to. */
  ownerOf(request: FastifyRequest): string;
}

/** Reads the body of each request that the guards have let in, before anything else of its route runs: a handler finds it whole, as bytes. */
export class BodyInterceptor implements NestInterceptor {
  constructor(
    private readonly bodies: Bodies,
    private readonly terms: BodyTerms,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (!(request.body instanceof Readable)) return next.handle();
    const limit = bodyLimitOf(context.getHandler(), context.getClass());
    const kept = await this.bodies.read(request.raw, http.getResponse<FastifyReply>().raw, {
      limit: limit === 'large' ? this.terms.largest : Math.min(limit, this.terms.largest),
      owner: this.terms.ownerOf(request),
    });
    request.body = kept.bytes;
    return next.handle().pipe(finalize(() => kept.forget()));
  }
}
