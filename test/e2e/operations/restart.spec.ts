// Modes: embedded, two-gateways. Two gateways run on servers, too.
// What a crash leaves behind is cleared up by the next gateway, also when the read models are gone.
import { describe, expect, it, type TestContext } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { chat, get, jsonOf, post } from '../../support/gateway/calls.js';
import { newFolder } from '../../support/gateway/gateway.js';
import { RunningGateways, tokenhub } from '../../support/gateway/gateway-process.js';
import { orphans, SHORT_HOLDS } from '../../support/gateway/mode.js';
import { openOffice } from '../../support/gateway/office.js';
import { until } from '../../support/gateway/until.js';

/** Kills a gateway in the middle of two calls; returns their account as the ledger was left. */
async function crash({ onTestFinished }: TestContext) {
  const files = await newFolder();
  onTestFinished(() => files.close());
  const env = { ...files.env, ...SHORT_HOLDS };
  const running = await RunningGateways.start(env);
  onTestFinished(() => running.kill('SIGKILL'));
  const gateway = running.first;
  const office = await openOffice(env);
  onTestFinished(() => office.close());
  const account = await office.desk.account('1.00');
  const call = (more: JsonObject) =>
    post(gateway.url, account.key, chat('[[sandbox fault=hang]]', more)).catch(() => undefined);
  const calls = [call({ max_tokens: 9 }), call({ max_tokens: 9, stream: true })];
  await until('two holds', async () => (await account.ending()).open === 2);
  await gateway.program.kill('SIGKILL');
  await Promise.all(calls);
  const requestIds = (await account.eventsOf('HoldPlaced')).map(({ requestId }) => requestId).toSorted();
  return { files, env, running, gateway, account, requestIds };
}

describe.concurrent('after a kill -9 the next gateway', () => {
  it.for([
    ['releases the holds that were open', false],
    ['does so also when the read models are lost', true],
  ] as const)('%s, and tells operators which calls they were', async ([, lost], test) => {
    const { files, env, running, gateway, account, requestIds } = await crash(test);
    if (lost) await files.loseReadModels();
    await running.replace(gateway);

    const balance = async () => jsonOf(await get(running.url, '/v1/account/balance', account.key));
    await until('free credit', async () => (await balance())['held'] === '0.00', orphans.releasedWithinMs);
    expect(await balance()).toMatchObject({ balance: '1.00', held: '0.00', available: '1.00' });
    await until('their log lines', () => requestIds.every((requestId) => running.output.includes(requestId)));
    const listed = (await tokenhub(env, 'charge', 'list', '--reason', orphans.reason)) as { requestId: string }[];
    expect(listed.map(({ requestId }) => requestId).toSorted()).toEqual(requestIds);
    expect((await post(running.url, account.key, chat('Hi'))).status).toBe(200);
    expect(await tokenhub(env, 'verify')).toMatchObject({ faults: [] });
  });

  it('releases them once, however often it crashes again', async (test) => {
    const { running, gateway, account } = await crash(test);
    await running.replace(gateway);
    const released = async () => (await account.ending()).open === 0;
    await until('the release', released, orphans.releasedWithinMs);
    for (let start = 0; start < 2; start++) {
      const { first } = running;
      await first.program.kill('SIGKILL');
      await running.replace(first);
    }
    expect(await account.ending()).toEqual({ charged: [], released: [orphans.reason, orphans.reason], open: 0 });
  });
});
