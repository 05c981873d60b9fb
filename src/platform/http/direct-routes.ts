// Routes that their controllers declare as all others do, and that Fastify answers without Nest's chain of guards, interceptors and pipes: see
// ADR 14. Whatever else holds for a route of the application holds for these.
import type { Type } from '@nestjs/common';
import { type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { audienceOf, isKeyAudience } from './access.js';
import { Authenticator } from './authenticator.js';
import { bodyLimitOf } from './body-limit.js';
import type { BodyReader } from './body.interceptor.js';
import type { ErrorFilter } from './error.filter.js';
import type { KeptBody } from './bodies.js';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** A controller with routes that are `@Direct()`. */
export interface DirectController {
  /** Refuses a request by who makes it, before its body is read. @throws ApiError */
  admit?(request: FastifyRequest): void;
}

interface Direct {
  readonly controller: Type;
  readonly handler: Handler;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly direct?: Direct;
  }
}

/** A route for programs with an API key, whose method takes the request and the reply and sends the answer itself. */
export const Direct =
  () =>
  <Method extends Handler>(target: object, name: string, descriptor: TypedPropertyDescriptor<Method>): void => {
    const direct = { controller: target.constructor, handler: descriptor.value };
    RouteConfig({ direct })(target, name, descriptor);
  };

/** Has Fastify answer the routes that are `@Direct()`. To be called before Nest registers its routes, which is when the application starts. */
export function answerDirectly(app: NestFastifyApplication, bodies: BodyReader, errors: ErrorFilter): void {
  const authenticator = app.get(Authenticator, { strict: false });
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    const { direct } = route.config ?? {};
    if (direct === undefined) return;
    const { controller, handler } = direct;
    const audience = audienceOf(handler, controller);
    if (!isKeyAudience(audience)) throw new Error(`${route.url} is not for API keys, and can’t be @Direct().`);
    const instance = app.get<DirectController>(controller, { strict: false });
    const limit = bodyLimitOf(handler, controller);
    const answer: Handler = async (request, reply) => {
      let kept: KeptBody | undefined;
      try {
        await authenticator.run(audience, request);
        instance.admit?.(request);
        kept = await bodies.read(request, reply, limit);
        await handler.call(instance, request, reply);
      } catch (error) {
        errors.answer(error, request, reply);
      } finally {
        kept?.forget();
      }
    };
    // Not async: after a promise Fastify sends an answer of its own, when that of a refusal still waits for the rest of the request.
    route.handler = (request, reply) => {
      answer(request, reply).catch((error: unknown) => reply.send(error));
    };
  });
}
