// Plain answers that are too large together come one after the other: each is delivered whole, and charged.
// Modes: embedded. What waits between two sockets has nothing to do with stores.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chat, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged } from '../../support/gateway/ledger-desk.js';
import { RawClient } from '../../support/gateway/raw-client.js';
import { until } from '../../support/gateway/until.js';
import { answering, type ScriptedUpstream, startUpstream, usageBlock } from '../../support/gateway/upstream.js';

/** Much more than sockets hold by themselves. */
const LARGE = { padding: 'x'.repeat(16_777_216) };
const COST = '0.0000045'; // gpt-4o-mini: 10 × $0.15 + 5 × $0.60 per million

let gateway: TestGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  upstream = await startUpstream(answering(usageBlock(10, 5), LARGE));
  gateway = await startGateway({
    env: { ANSWERS_UNDER_WAY_BYTES: '1048576', CLIENT_STALL_TIMEOUT_MS: '3000' },
    channels: () => [channel('scripted', upstream.url)],
  });
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

it('together', async () => {
  const accounts = await Promise.all(Array.from({ length: 4 }, () => gateway.desk.account()));
  const answers = await Promise.all(accounts.map(({ key }) => post(gateway.url, key, chat('Hi'))));
  expect(answers.map(({ status, text }) => [status, text.length > LARGE.padding.length])).toEqual(
    accounts.map(() => [200, true]),
  );
  for (const account of accounts) expect(await account.ending()).toEqual(charged(COST));
});

it('behind one that its client does not read', async () => {
  const [idle, busy] = [await gateway.desk.account(), await gateway.desk.account()];
  await new RawClient(gateway.url, idle.key, chat('Hi')).head();
  const before = upstream.calls.length;
  const waiting = post(gateway.url, busy.key, chat('Hi'));
  const { response } = await until('the call upstream', () => upstream.calls[before]);
  expect(response.writableFinished).toBe(false);
  expect((await waiting).status).toBe(200);
  expect([await idle.ending(), await busy.ending()]).toEqual([charged(COST), charged(COST)]);
});
