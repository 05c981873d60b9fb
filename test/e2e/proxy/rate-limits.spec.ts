// How many requests and tokens a minute are let in, and how many calls at the same time: 429.
// Modes: embedded, servers. Each gateway counts for itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, chat, errorOf, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { until } from '../../support/gateway/until.js';

let gateway: TestGateway;
beforeAll(async () => {
  // A server that is late would be done without, and this gateway count alone.
  gateway = await startGateway({ env: { ACCOUNT_REQUESTS_PER_MINUTE: '60', RATE_LIMIT_TIMEOUT_MS: '5000' } });
});
afterAll(() => gateway.close());

describe('429', () => {
  const busy = { status: 429, type: 'rate_limit_exceeded', param: null, code: 'rate_limit_exceeded' };
  const call = (key: string) => post(gateway.url, key, chat('Hi', { n: 0 }));

  it('says that the key is at its limit, and when to come again', async () => {
    const limited = await gateway.desk.account('5.00', { requestsPerMinute: 2 });
    const [first, second] = [await call(limited.key), await call(limited.key)];
    expect([first, second].map(({ headers }) => headers.get('x-ratelimit-remaining-requests'))).toEqual(['1', '0']);
    const answer = await call(limited.key);
    const { message, ...error } = errorOf(answer);
    expect(error).toEqual(busy);
    const wait = answer.headers.get('retry-after');
    expect(Number(wait)).toBeGreaterThan(0);
    expect(Number(wait)).toBeLessThanOrEqual(60);
    expect(message).toBe(`This API key has reached its limit of 2 requests per minute. Try again in ${wait} s.`);
    expect(answer.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(answer.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(answer.headers.get('x-ratelimit-reset-requests')).toBe(`${wait}s`);
    expect((await call((await limited.issueKey()).key)).status, 'another key is free').toBe(400);
  });

  it('says that the account is at its limit, whichever key is used', async () => {
    const busyOne = await gateway.desk.account();
    const another = (await busyOne.issueKey()).key;
    for (let calls = 0; calls < 60; calls++) await call(calls % 2 === 0 ? busyOne.key : another);
    const answer = await call(another);
    const { message, ...error } = errorOf(answer);
    expect(error).toEqual(busy);
    expect(message).toContain('This account has reached its limit of 60 requests per minute');
    expect(answer.headers.get('x-ratelimit-limit-requests')).toBe('60');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('says that the key is at its limit of tokens, and counts what calls really used', async () => {
    const limited = await gateway.desk.account('5.00', { tokensPerMinute: 1_000 });
    const ask = (cap: number, more = {}) => post(gateway.url, limited.key, chat('Hi', { max_tokens: cap, ...more }));
    const tokensLeft = ({ headers }: Answer) => Number(headers.get('x-ratelimit-remaining-tokens'));
    const first = await ask(900);
    expect(first.status).toBe(200);
    expect(first.headers.get('x-ratelimit-limit-tokens')).toBe('1000');
    expect(first.headers.get('x-ratelimit-reset-tokens')).toBe('60s');
    expect(tokensLeft(first), 'its cap counts when it is let in').toBe(100);
    const { usage } = await limited.charge();
    const streamed = await ask(800, { stream: true });
    expect(tokensLeft(streamed), 'then what it used').toBe(1_000 - usage.totalTokens - 800);
    const [, second] = await limited.eventsOf('TokensCharged');
    const used = usage.totalTokens + (second?.usage.totalTokens ?? 0);
    const refused = await ask(1_000);
    const wait = refused.headers.get('retry-after');
    const { message, ...error } = errorOf(refused);
    expect(error).toEqual(busy);
    expect(message).toBe(
      `This API key has a limit of 1000 tokens per minute and has used ${used}; this request may take 1000. Try again in ${wait} s.`,
    );
    expect(tokensLeft(refused)).toBe(1_000 - used);
    expect(errorOf(await ask(1_001)).message).toContain('it is never let in');
    const failed = await post(gateway.url, limited.key, chat('[[sandbox fault=status_500]]', { max_tokens: 400 }));
    expect(failed.status).toBe(502);
    expect(tokensLeft(await ask(200)), 'nothing was charged, so nothing counts').toBe(1_000 - used - 200);
  });

  it('says that the key has as many calls under way as it may have, until one has ended', async () => {
    const limited = await gateway.desk.account('5.00', { parallelRequests: 2 });
    const slow = () => post(gateway.url, limited.key, chat('[[sandbox delay=3000]]', { stream: true }));
    const underWay = [slow(), slow()];
    await until('two holds', async () => (await limited.ending()).open === 2);
    const refused = await post(gateway.url, limited.key, chat('Hi'));
    const { message, ...error } = errorOf(refused);
    expect(error).toEqual(busy);
    expect(message).toContain('This API key has 2 requests under way; its limit is 2 at the same time.');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await post(gateway.url, (await limited.issueKey()).key, chat('Hi'))).status, 'another key is free').toBe(
      200,
    );
    await Promise.all(underWay);
    for (let n = 0; n < 3; n++) expect((await post(gateway.url, limited.key, chat('Hi'))).status).toBe(200);
  });

  it('says how long a budget that is spent will be', async () => {
    const account = await gateway.desk.account();
    const ask = (key: string) => post(gateway.url, key, chat('Hi', { max_tokens: 100 }));
    await ask(account.key);
    const [hold] = await account.eventsOf('HoldPlaced');
    const { key } = await account.issueKey({ budgetDaily: hold?.amount });
    expect((await ask(key)).status).toBe(200);
    const answer = await ask(key);
    expect(errorOf(answer).message).toMatch(/It begins anew at \d{4}-\d\d-\d\dT00:00:00.000Z\.$/);
    const wait = Number(answer.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(86_400);
  });
});
