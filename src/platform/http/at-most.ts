// Routes that cost much to answer are answered to one person only so often.
import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Refused } from '../../kernel/index.js';
import { overLimit, RateLimitStore } from './rate-limit-store.js';

const PER_MINUTE = 'answers per minute';

/** Answers a person at most so often a minute, counted over all gateways. Under a guard that says who it is. */
export const AtMost = (perMinute: number): MethodDecorator =>
  applyDecorators(SetMetadata(PER_MINUTE, perMinute), UseGuards(LimitGuard));

@Injectable()
class LimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly store: RateLimitStore,
  ) {}

  /** @throws Refused `rate_limit_exceeded` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handler = context.getHandler();
    const points = this.reflector.get<number>(PER_MINUTE, handler);
    const limit = { name: `api-${context.getClass().name}-${handler.name}`, points, windowSeconds: 60 };
    const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
    const [verdict] = await this.store.consume([{ limit, id: principal.userId, points: 1 }]);
    if (verdict?.allowed !== false) return true;
    throw new Refused(overLimit(`This can be asked for ${points} times a minute.`, verdict));
  }
}
