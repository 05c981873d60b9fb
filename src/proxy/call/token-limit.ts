// Tokens per minute of a key, as OpenAI counts them: a request is admitted by an estimate, since its usage is not yet known.
import { countOf, wholeSeconds } from '../../kernel/index.js';
import { ApiError } from '../../platform/http/index.js';
import type { RateLimitStore, Use, Verdict } from '../../platform/http/index.js';
import type { Demand } from '../billing/demand.js';
import { promptEstimate } from '../billing/estimate.js';

/**
 * The tokens that a request counts when it is admitted: its own cap on completion tokens or a rough count of its prompt, whichever is more
 * (OpenAI: "the maximum of max_tokens and the estimated number of tokens based on the character count of your request",
 * https://platform.openai.com/docs/guides/rate-limits). The prompt's bound counts one token per byte.
 */
export function estimatedTokens({ input, maxTokens = 0, choices }: Demand): number {
  return Math.max(maxTokens * choices, promptEstimate(input));
}

/** The tokens that a request was admitted with. */
export class AdmittedTokens {
  /** `counted` is undefined if the key has no limit. */
  constructor(
    private readonly counted?: { readonly store: RateLimitStore; readonly use: Use; readonly verdict: Verdict },
  ) {}

  get headers(): Record<string, string> {
    return this.counted === undefined ? {} : tokenHeaders(this.counted.use.limit.points, this.counted.verdict);
  }

  /**
   * Counts the tokens that the request really used instead. Unused ones return to the minute they were counted in. Additional ones count in
   * the current minute, and affect later requests only. Call it once; it never rejects.
   */
  async used(tokens: number): Promise<void> {
    if (this.counted === undefined) return;
    const { store, use, verdict } = this.counted;
    const more = tokens - use.points;
    if (more > 0) await store.consume([{ ...use, points: more }]);
    if (more < 0) await store.giveBack({ ...use, points: -more }, verdict);
  }
}

/** The figures are without the refused request, whose tokens were given back. */
export function tokensExceeded({ limit, points }: Use, verdict: Verdict): ApiError {
  const seconds = wholeSeconds(verdict.resetsInMs);
  const used = verdict.used - points;
  const remaining = Math.max(0, limit.points - used);
  return refusal(
    `This API key has a limit of ${countOf(limit.points, 'token')} per minute and has used ${used}; this request may take ${points}. Try again in ${seconds} s.`,
    { 'retry-after': String(seconds), ...tokenHeaders(limit.points, { ...verdict, remaining }) },
  );
}

/** No minute has that many tokens, so there is no time to wait for. */
export const tokensTooMany = (limit: number, estimate: number): ApiError =>
  refusal(
    `This request may take ${countOf(estimate, 'token')}, and this API key has a limit of ${countOf(limit, 'token')} per minute: it is never let in. Shorten it, or ask for fewer tokens.`,
    { 'x-should-retry': 'false', 'x-ratelimit-limit-tokens': String(limit) },
  );

const refusal = (message: string, headers: Readonly<Record<string, string>>): ApiError =>
  new ApiError({ status: 429, type: 'rate_limit_exceeded', code: 'rate_limit_exceeded', message, headers });

const tokenHeaders = (limit: number, { remaining, resetsInMs }: Verdict): Record<string, string> => ({
  'x-ratelimit-limit-tokens': String(limit),
  'x-ratelimit-remaining-tokens': String(remaining),
  'x-ratelimit-reset-tokens': `${wholeSeconds(resetsInMs)}s`,
});
