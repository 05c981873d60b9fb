import { wholeSeconds } from '../../kernel/index.js';
import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { CONFIG, type Config } from '../../platform/config.js';
import type { Caller } from '../../keys/index.js';
import { Accounts, type KeySettings } from '../../ledger/index.js';
import { ApiError } from '../../platform/http/index.js';
import { type RateLimit, RateLimitStore, type Verdict } from '../../platform/http/index.js';
import { AdmittedTokens, tokensExceeded, tokensTooMany } from './token-limit.js';

/** What is counted apart: programs count tokens before each of their calls (https://platform.claude.com/docs/en/build-with-claude/token-counting). */
type Admitted = 'requests' | 'counts of tokens';

const NAMES: Readonly<Record<Admitted, readonly [key: string, account: string]>> = {
  requests: ['key', 'account'],
  'counts of tokens': ['key-counts', 'account-counts'],
};

/** Requests per minute, of a key and of its account, and tokens per minute of a key. */
@Injectable()
export class RateLimits {
  /** The keys whose settings were read anew within the last second. */
  readonly #lookedUp = new RateLimiterMemory({ points: 1, duration: 1 });

  constructor(
    private readonly store: RateLimitStore,
    private readonly accounts: Accounts,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Counts a request; returns the headers OpenAI's clients read. @throws ApiError 429 saying which limit, and when it frees. */
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
    if (!key.allowed) throw exceeded(`This API key has reached its limit of ${perKey} ${what}`, perKey, key);
    const { ACCOUNT_REQUESTS_PER_MINUTE: perAccount } = this.config;
    if (account?.allowed === false)
      throw exceeded(`This account has reached its limit of ${perAccount} ${what}`, perAccount, account);
    return headers(perKey, key);
  }

  /**
   * Counts the tokens that a request is estimated at, until it is told what it used.
   * @throws ApiError 429 saying how it stands with the limit, and when it frees.
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

  /** What is refused is given back: else nothing smaller would be let in either for the rest of the minute. */
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

  /** How it stands with the key's limit, and with the account's unless the key's refuses. */
  async #count({ rootId, accountId }: Caller, perKey: number, what: Admitted): Promise<[Verdict, Verdict?]> {
    const [ofKey, ofAccount] = NAMES[what];
    const verdicts = await this.store.consume([
      { limit: perMinute(ofKey, perKey), id: rootId, points: 1 },
      { limit: perMinute(ofAccount, this.config.ACCOUNT_REQUESTS_PER_MINUTE), id: accountId, points: 1 },
    ]);
    return verdicts as [Verdict, Verdict?];
  }

  /**
   * The key's settings by the newest state of its account, as another process may have changed them. Undefined when it can't be read, or
   * was read a moment ago: refused calls, however many there are, ask the event store once a second.
   */
  async #newestSettings({ keyId, accountId }: Caller): Promise<KeySettings | undefined> {
    try {
      await this.#lookedUp.consume(keyId);
      return await this.accounts.read(accountId, ({ keys }) => keys.get(keyId)?.settings, { fresh: true });
    } catch {
      return undefined; // the limits as they were known stand
    }
  }

  #requestsOf({ requestsPerMinute }: KeySettings): number {
    return requestsPerMinute ?? this.config.KEY_REQUESTS_PER_MINUTE;
  }

  #tokensOf({ tokensPerMinute }: KeySettings): number | undefined {
    return tokensPerMinute ?? this.config.KEY_TOKENS_PER_MINUTE;
  }
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
