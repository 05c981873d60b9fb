// How many requests a minute are let in: 429.
// Modes: embedded, servers. Each gateway counts for itself.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, errorOf, post } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { ACCOUNT_REQUESTS_PER_MINUTE: '60' } });
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
});
