import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd, picoUsd, usd } from '../../../src/kernel/index.js';
import { chat, errorOf, jsonOf, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { NOTHING } from '../../support/gateway/ledger-desk.js';
import { until } from '../../support/gateway/until.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const SENTENCE =
  /^This request may cost up to \$([\d.]+); \$([\d.]+) of credit is available\. With max_tokens of at most (\d+) instead of (\d+) it can go ahead; or top up\.$/;

describe('402', () => {
  it('names the largest cost, the credit, and the max_tokens that would do, exactly', async () => {
    const account = await gateway.desk.account('0.001');
    const answer = await post(gateway.url, account.key, chat('Hi', { max_tokens: 100_000 }));
    const { message, ...error } = errorOf(answer);
    expect(error).toEqual({
      status: 402,
      type: 'insufficient_balance',
      param: 'max_tokens',
      code: 'insufficient_balance',
    });
    const [, cost = '', credit, affordable = '', asked] = SENTENCE.exec(message) ?? [];
    expect({ credit, asked }).toEqual({ credit: '0.001', asked: '100000' });
    // gpt-4o-mini: $0.60 per million output tokens; the rest of the cost is the prompt's, which is the same for both.
    const output = 600_000n;
    const fits = picoUsd(usd(cost) - (100_000n - BigInt(affordable)) * output);
    expect(fits <= usd('0.001') && fits + output > usd('0.001'), formatUsd(fits)).toBe(true);
    expect(await gateway.wasForwarded(answer.requestId)).toBe(false);
    expect(await account.ending()).toEqual(NOTHING);

    // The number is true to the token, for a body of the same length.
    const padded = `Hi${'.'.repeat('100000'.length - affordable.length)}`;
    const beyond = await post(gateway.url, account.key, chat(padded, { max_tokens: Number(affordable) + 1 }));
    expect(beyond.status).toBe(402);
    const within = await post(gateway.url, account.key, chat(padded, { max_tokens: Number(affordable) }));
    expect(within.status).toBe(200);
  });

  it('asks to top up when no cap would do', async () => {
    const account = await gateway.desk.account('0.00');
    const answer = await post(gateway.url, account.key, chat('Hi'));
    const { message, ...error } = errorOf(answer);
    expect(error).toEqual({ status: 402, type: 'insufficient_balance', param: null, code: 'insufficient_balance' });
    expect(message).toContain('$0.00 of credit is available. Top up to go on.');
    expect(await gateway.wasForwarded(answer.requestId)).toBe(false);
    expect(await account.ending()).toEqual(NOTHING);
  });

  it('counts what other requests hold as spent', async () => {
    const account = await gateway.desk.account('0.01');
    const slow = post(gateway.url, account.key, chat('[[sandbox delay=3000]]', { max_tokens: 16_000 }));
    await until('the hold', async () => (await account.ending()).open === 1);
    const refused = errorOf(await post(gateway.url, account.key, chat('Hi', { max_tokens: 16_000 })));
    expect(refused.status).toBe(402);
    expect((await slow).status).toBe(200);
    expect((await post(gateway.url, account.key, chat('Hi', { max_tokens: 10_000 }))).status).toBe(200);
  });

  it('multiplies the cap by the number of choices', async () => {
    const account = await gateway.desk.account('0.01');
    const choices = (n: number) => post(gateway.url, account.key, chat('Hi', { max_tokens: 5_000, n }));
    expect((await choices(4)).status).toBe(402);
    const three = await choices(3);
    expect(three.status).toBe(200);
    expect(jsonOf(three)['choices']).toHaveLength(3);
  });

  it('ends as soon as there is credit again', async () => {
    const account = await gateway.desk.account('0.00');
    expect((await post(gateway.url, account.key, chat('Hi'))).status).toBe(402);
    await account.grant('0.01');
    expect((await post(gateway.url, account.key, chat('Hi'))).status).toBe(200);
  });
});
