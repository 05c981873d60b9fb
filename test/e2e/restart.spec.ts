// What a crash leaves behind is cleared up at the next start, also when the read models are gone.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/index.js';
import { chat, get, jsonOf, post } from '../support/gateway/calls.js';
import { newFolder } from '../support/gateway/gateway.js';
import { type RunningGateway, startGatewayProcess, tokenhub } from '../support/gateway/gateway-process.js';
import { openOffice } from '../support/gateway/office.js';
import { until } from '../support/gateway/until.js';

let files: Awaited<ReturnType<typeof newFolder>>;
let gateway: RunningGateway;
beforeEach(async () => {
  files = await newFolder();
  gateway = await startGatewayProcess(files.env);
});
afterEach(async () => {
  await gateway.program.kill('SIGKILL');
  await rm(files.folder, { recursive: true });
});

/** Kills the gateway in the middle of two calls; returns their account as the ledger was left. */
async function crash() {
  const office = await openOffice(files.env);
  const account = await office.desk.account('1.00');
  const call = (more: JsonObject) =>
    post(gateway.url, account.key, chat('[[sandbox fault=hang]]', more)).catch(() => undefined);
  const calls = [call({ max_tokens: 9 }), call({ max_tokens: 9, stream: true })];
  await until('two holds', async () => (await account.ending()).open === 2);
  await gateway.program.kill('SIGKILL');
  await Promise.all(calls);
  return { account, office, requestIds: (await account.eventsOf('HoldPlaced')).map(({ requestId }) => requestId) };
}

describe('after a kill -9 the next gateway', () => {
  it.each([
    ['releases the holds that were open', false],
    ['does so also when the read models are lost', true],
  ])('%s, and tells operators which calls they were', async (_case, lost) => {
    const { account, office, requestIds } = await crash();
    await office.close();
    const views = (await readdir(files.folder)).filter((file) => lost && file.startsWith('read-models.db'));
    await Promise.all(views.map((file) => rm(join(files.folder, file))));

    gateway = await startGatewayProcess(files.env);
    const balance = jsonOf(await get(gateway.url, '/v1/account/balance', account.key));
    expect(balance).toMatchObject({ balance: '1.00', held: '0.00', available: '1.00' });
    for (const requestId of requestIds) expect(gateway.program.output).toContain(requestId);
    const listed = await tokenhub(files.env, 'charge', 'list', '--reason', 'gateway_restarted');
    expect((listed as { requestId: string }[]).map(({ requestId }) => requestId).toSorted()).toEqual(
      requestIds.toSorted(),
    );
    expect((await post(gateway.url, account.key, chat('Hi'))).status).toBe(200);
    expect(await tokenhub(files.env, 'verify')).toMatchObject({ faults: [] });
  });

  it('releases them once, however often it crashes again', async () => {
    const { account, office } = await crash();
    for (let start = 0; start < 2; start++) {
      gateway = await startGatewayProcess(files.env);
      await gateway.program.kill('SIGKILL');
    }
    const twice = ['gateway_restarted', 'gateway_restarted'];
    expect(await account.ending()).toEqual({ charged: [], released: twice, open: 0 });
    await office.close();
  });
});
