import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CONFIG, type Config } from '../config.js';
import type { Caller } from '../keys/index.js';
import { ApiError } from './api-error.js';

const WINDOW_SECONDS = 60;

/** Requests per minute, of a key and of its account. */
@Injectable()
export class RateLimits {
  /** One limiter per limit in use: keys with the same limit share it. */
  readonly #limiters = new Map<string, RateLimiterMemory>();

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Counts a request; returns the headers OpenAI's clients read. @throws ApiError 429 saying which limit, and when it frees. */
  async admit({ accountId, keyId, settings }: Caller): Promise<Record<string, string>> {
    const perKey = settings.requestsPerMinute ?? this.config.KEY_REQUESTS_PER_MINUTE;
    const key = await this.#count('key', keyId, perKey);
    await this.#count('account', accountId, this.config.ACCOUNT_REQUESTS_PER_MINUTE);
    return headers(perKey, key);
  }

  async #count(what: 'key' | 'account', id: string, limit: number): Promise<RateLimiterRes> {
    const name = `${what}:${limit}`;
    let limiter = this.#limiters.get(name);
    if (limiter === undefined) {
      limiter = new RateLimiterMemory({ keyPrefix: name, points: limit, duration: WINDOW_SECONDS });
      this.#limiters.set(name, limiter);
    }
    try {
      return await limiter.consume(id);
    } catch (state) {
      if (!(state instanceof RateLimiterRes)) throw state;
      throw exceeded(what, limit, state);
    }
  }
}

function exceeded(what: 'key' | 'account', limit: number, state: RateLimiterRes): ApiError {
  const seconds = Math.ceil(state.msBeforeNext / 1_000);
  const of = what === 'key' ? 'This API key' : 'This account';
  return new ApiError({
    status: 429,
    type: 'rate_limit_exceeded',
    code: 'rate_limit_exceeded',
    message: `${of} has reached its limit of ${limit} requests per minute. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds), ...headers(limit, state) },
  });
}

const headers = (limit: number, { remainingPoints, msBeforeNext }: RateLimiterRes): Record<string, string> => ({
  'x-ratelimit-limit-requests': String(limit),
  'x-ratelimit-remaining-requests': String(Math.max(0, remainingPoints)),
  'x-ratelimit-reset-requests': `${Math.ceil(msBeforeNext / 1_000)}s`,
});
