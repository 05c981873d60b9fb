// The disk with the ledger is full: calls are refused before anything is forwarded, whoever balances the load hears of it, and what was
// under way is charged as soon as there is room.
// Modes: embedded. Servers have their disks elsewhere.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chat, errorOf, jsonOf, post, request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { mode } from '../../support/gateway/mode.js';
import { until } from '../../support/gateway/until.js';
import { CAN_MOUNT, mountSmallDisk, type SmallDisk } from '../../support/small-disk.js';

describe.runIf(CAN_MOUNT && mode === 'embedded')('a gateway whose disk is full', () => {
  let disk: SmallDisk;
  let gateway: TestGateway;
  beforeAll(async () => {
    disk = mountSmallDisk(32);
    const env = { EVENT_STORE_URL: `sqlite:${join(disk.folder, 'events.db')}`, HOLD_TIMEOUT_MS: '2500' };
    gateway = await startGateway({ env });
  });
  afterAll(async () => {
    await gateway.close();
    disk.close();
  });

  const readiness = async () => {
    const answer = await request(`${gateway.url}/readyz`);
    return { ...jsonOf(answer), status: answer.status };
  };

  it('is not ready and says why, is ready again by itself, and has lost no charge', async () => {
    const account = await gateway.desk.account();
    expect(await readiness()).toMatchObject({ status: 200 });
    const underWay = post(gateway.url, account.key, chat('[[sandbox delay=3000]]'));
    await until('its hold', async () => (await account.ending()).open === 1);
    disk.fillUp();
    const forwarded = (await gateway.usageLines()).length;
    const refused = await post(gateway.url, account.key, chat('Hi'));
    expect(errorOf(refused)).toMatchObject({ status: 503, code: 'service_unavailable' });
    const reasons = { eventStore: expect.stringContaining('full') as string };
    const full = { status: 503, checks: { eventStore: 'down' }, reasons };
    expect(await readiness()).toMatchObject(full);
    expect(await readiness(), 'and stays so').toMatchObject(full);
    disk.free();
    await until('readiness', async () => (await readiness()).status === 200);
    expect((await underWay).status).toBe(200);
    expect(await gateway.wasForwarded(refused.requestId)).toBe(false);
    expect((await post(gateway.url, account.key, chat('Hi'))).status).toBe(200);
    const { charged, open } = await account.ending();
    expect([charged.length, open, (await gateway.usageLines()).length - forwarded]).toEqual([2, 0, 2]);
  });
});
