import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { countOf, wholeSeconds } from '../../kernel/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import type { Caller } from '../../keys/index.js';
import { Accounts, type KeySettings } from '../../ledger/index.js';
import { ApiError } from '../../platform/http/index.js';
import { type RateLimit, RateLimitStore, type Verdict } from '../../platform/http/index.js';
import { AdmittedTokens, tokensExceeded, tokensTooMany } from './token-limit.js';

/** What has limits of its own: programs count tokens before each of their calls (https://platform.claude.com/docs/en/build-with-claude/token-counting). */
type Admitted = 'requests' | 'counts of tokens';

const NAMES: Readonly<Record<Admitted, readonly [key: string, account: string, one: string]>> = {
  requests: ['key', 'account', 'request'],
  'counts of tokens': ['key-counts', 'account-counts', 'count of tokens'],
};

/** Requests per minute, of a key and of its account, and tokens per minute of a key. */
@Injectable()
export class RateLimits {
  /** The keys whose settings were read again within the last second. */
  readonly #lookedUp = new RateLimiterMemory({ points: 1, duration: 1 });

  constructor(
    private readonly store: RateLimitStore,
    private readonly accounts: Accounts,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Counts a request; returns the headers that OpenAI's clients read. @throws ApiError 429 that names the limit and when to retry. */
  async admit(caller: Caller, what: Admitted = 'requests'): Promise<Record<string, string>> {
    let perKey = this.#requestsOf(caller.settings);
    let [key, account] = await this.#count(caller, perKey, what);
    if (!key.allowed) {
      const newest = await this.#newestSettings(caller);
      if (newest !== undefined && this.#requestsOf(newest) !== perKey) {
        perKey = this.#requestsOf(newest);
        [key, account] = await this.#count(caller, perKey, what);
      }
    }
    const [, , one] = NAMES[what];
    if (!key.allowed)
      throw exceeded(`This API key has reached its limit of ${countOf(perKey, one, what)}`, perKey, key);
    const { ACCOUNT_REQUESTS_PER_MINUTE: perAccount } = this.config;
    if (account?.allowed === false)
      throw exceeded(`This account has reached its limit of ${countOf(perAccount, one, what)}`, perAccount, account);
    return headers(perKey, key);
  }

  /**
   * Counts the estimated tokens of a request, until `used` corrects them.
   * @throws ApiError 429 that names the limit, what is used of it and when to retry.
   */
  async admitTokens(caller: Caller, estimate: number): Promise<AdmittedTokens> {
    const perKey = this.#tokensOf(caller.settings);
    const refusedOrNot = await this.#countTokens(caller, perKey, estimate);
    if (refusedOrNot instanceof AdmittedTokens) return refusedOrNot;
    const newest = await this.#newestSettings(caller);
    const changed = newest !== undefined && this.#tokensOf(newest) !== perKey;
    const outcome = changed ? await this.#countTokens(caller, this.#tokensOf(newest), estimate) : refusedOrNot;
    if (outcome instanceof AdmittedTokens) return outcome;
    throw outcome;
  }

  /** The tokens of a refused request are given back, so a smaller request may still be let in within the minute. */
  async #countTokens(caller: Caller, limit: number | undefined, estimate: number): Promise<AdmittedTokens | ApiError> {
    if (limit === undefined) return new AdmittedTokens();
    if (estimate > limit) return tokensTooMany(limit, estimate);
    const perMinuteOfKey = { ...perMinute('key-tokens', limit), refundable: true };
    const use = { limit: perMinuteOfKey, id: caller.rootId, points: estimate };
    const [verdict] = (await this.store.consume([use])) as [Verdict];
    if (verdict.allowed) return new AdmittedTokens({ store: this.store, use, verdict });
    await this.store.giveBack(use, verdict);
    return tokensExceeded(use, verdict);
  }

  /** The verdicts of the key's limit and, unless that refuses, of the account's. */
  async #count({ rootId, accountId }: Caller, perKey: number, what: Admitted): Promise<[Verdict, Verdict?]> {
    const [ofKey, ofAccount] = NAMES[what];
    const verdicts = await this.store.consume([
      { limit: perMinute(ofKey, perKey), id: rootId, points: 1 },
      { limit: perMinute(ofAccount, this.config.ACCOUNT_REQUESTS_PER_MINUTE), id: accountId, points: 1 },
    ]);
    return verdicts as [Verdict, Verdict?];
  }

  /**
   * The key's settings in the newest state of its account, as another process may have changed them. Undefined when that can't be read, or
   * was read less than a second ago, so that many refused calls don't burden the event store.
   */
  async #newestSettings({ keyId, accountId }: Caller): Promise<KeySettings | undefined> {
    try {
      await this.#lookedUp.consume(keyId);
      return await this.accounts.read(accountId, ({ keys }) => keys.get(keyId)?.settings, { fresh: true });
    } catch {
      return undefined; // the known limits apply
    }
  }

  /**
   * What `work` comes to, done while a server counts the request, and after it where none is asked. A refusal comes first, whatever `work`
   * comes to; one that is known without asking a server keeps it from being begun, so that a flood of refused requests costs no more.
   * @throws what `counted` rejects with, else what `work` throws
   */
  async whileCounted<T>(counted: Promise<unknown>, beside: Beside<T>): Promise<T> {
    if (this.store.asksServer) return besideServer(counted, beside);
    await counted;
    return beside.work();
  }

  #requestsOf({ requestsPerMinute }: KeySettings): number {
    return requestsPerMinute ?? this.config.KEY_REQUESTS_PER_MINUTE;
  }

  #tokensOf({ tokensPerMinute }: KeySettings): number | undefined {
    return tokensPerMinute ?? this.config.KEY_TOKENS_PER_MINUTE;
  }
}

/** What runs beside a count, and what takes it back when the count refuses. */
export interface Beside<T> {
  readonly work: () => T | Promise<T>;
  readonly undo?: (done: T) => Promise<void>;
}

async function besideServer<T>(counted: Promise<unknown>, { work, undo }: Beside<T>): Promise<T> {
  await Promise.race([counted, new Promise<void>((resolve) => process.nextTick(resolve))]);
  const [letIn, done] = await Promise.allSettled([counted, (async () => work())()]);
  if (letIn.status === 'rejected') {
    if (done.status === 'fulfilled') await undo?.(done.value);
    throw letIn.reason;
  }
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}

const perMinute = (name: string, points: number): RateLimit => ({ name, points, windowSeconds: 60 });

function exceeded(sentence: string, limit: number, verdict: Verdict): ApiError {
  const seconds = wholeSeconds(verdict.resetsInMs);
  return new ApiError({
    status: 429,
    type: 'rate_limit_exceeded',
    code: 'rate_limit_exceeded',
    message: `${sentence} per minute. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds), ...headers(limit, verdict) },
  });
}

const headers = (limit: number, { remaining, resetsInMs }: Verdict): Record<string, string> => ({
  'x-ratelimit-limit-requests': String(limit),
  'x-ratelimit-remaining-requests': String(remaining),
  'x-ratelimit-reset-requests': `${wholeSeconds(resetsInMs)}s`,
});
