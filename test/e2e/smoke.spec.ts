import { afterAll, beforeAll, expect, it } from 'vitest';
import { chat, post } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

it('works', async () => {
  const account = await gateway.desk.account();
  const answer = await post(gateway.url, account.key, chat('Hi'));
  expect(answer.status).toBe(200);
  console.log(answer, await account.ending(), await gateway.usageLines());
  const s = await post(gateway.url, account.key, chat('Hi', { stream: true }));
  console.log(s, await account.ending(), await account.balance());
});
