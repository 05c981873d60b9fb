import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryRateLimitStore } from '../../adapters/memory/memory-rate-limit-store.js';
import type { Use, Verdict } from '../../platform/http/index.js';
import { AdmittedTokens, tokensExceeded, tokensTooMany } from './token-limit.js';

const LIMIT = { name: 'key-tokens', points: 1_000, windowSeconds: 60, refundable: true };
const use = (points: number): Use => ({ limit: LIMIT, id: 'k', points });

let store: MemoryRateLimitStore;
beforeEach(() => (store = new MemoryRateLimitStore()));

async function take(points: number): Promise<Verdict> {
  const [verdict] = await store.consume([use(points)]);
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}
const admit = async (points: number) => new AdmittedTokens({ store, use: use(points), verdict: await take(points) });
/** What is left of the minute, seen by a use of one token. */
const left = async (): Promise<number> => (await take(1)).remaining + 1;

describe('tokens that a request was let in with', () => {
  it.each([
    ['fewer: the rest returns', 100, 900],
    ['as many', 400, 600],
    ['more: they count too', 550, 450],
    ['none', 0, 1_000],
  ])('become those it used: %s', async (_case, used, remaining) => {
    await (await admit(400)).used(used);
    expect(await left()).toBe(remaining);
  });

  it('count as OpenAI’s headers say', async () => {
    expect((await admit(400)).headers).toEqual({
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '600',
      'x-ratelimit-reset-tokens': '60s',
    });
  });

  it('count nowhere for a key without a limit', async () => {
    const free = new AdmittedTokens();
    await free.used(5_000);
    expect(free.headers).toEqual({});
    expect(await left()).toBe(1_000);
  });
});

describe('a request over the limit', () => {
  it('learns what is used without it, and when to try again', async () => {
    await take(700);
    const { status, body, options } = tokensExceeded(use(400), await take(400));
    expect(status).toBe(429);
    expect(body).toMatchObject({ error: { type: 'rate_limit_exceeded', code: 'rate_limit_exceeded' } });
    expect(options.message).toContain('and has used 700; this request may take 400');
    expect(options.headers).toMatchObject({ 'retry-after': '60', 'x-ratelimit-remaining-tokens': '300' });
  });

  it('is told not to retry when no minute is long enough for it', () => {
    const { status, options } = tokensTooMany(1_000, 1_001);
    expect(status).toBe(429);
    expect(options.headers).toEqual({ 'x-should-retry': 'false', 'x-ratelimit-limit-tokens': '1000' });
  });
});
