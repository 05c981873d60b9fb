// The disk with the ledger is full: calls are refused before anything is forwarded, whoever balances the load hears of it, and what was
// under way is charged as soon as there is room. The disk with the read models is full: calls go on, and /readyz says why those do not.
// Modes: embedded. Servers have their disks elsewhere.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../../src/kernel/index.js';
import { chat, errorOf, jsonOf, post, request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { mode } from '../../support/gateway/mode.js';
import { until } from '../../support/gateway/until.js';
import { CAN_MOUNT, mountSmallDisk, type SmallDisk } from '../../support/small-disk.js';

let gateway: TestGateway;
const readiness = async (): Promise<JsonObject> => {
  const answer = await request(`${gateway.url}/readyz`);
  return { ...jsonOf(answer), status: answer.status };
};

describe.runIf(CAN_MOUNT && mode === 'embedded')('a gateway whose disk is full', () => {
  let disk: SmallDisk;
  beforeAll(async () => {
    disk = mountSmallDisk(32);
    const env = { EVENT_STORE_URL: `sqlite:${join(disk.folder, 'events.db')}`, HOLD_TIMEOUT_MS: '2500' };
    gateway = await startGateway({ env });
  });
  afterAll(async () => {
    await gateway.close();
    disk.close();
  });

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

describe.runIf(CAN_MOUNT && mode === 'embedded')('a gateway whose read models have no room', () => {
  let disk: SmallDisk;
  beforeAll(async () => {
    disk = mountSmallDisk(32);
    gateway = await startGateway({ env: { READ_MODEL_URL: `sqlite:${join(disk.folder, 'read-models.db')}` } });
  });
  afterAll(async () => {
    await gateway.close();
    disk.close();
  });

  it('answers calls, says why its read models stand still, and goes on with them by itself', async () => {
    const account = await gateway.desk.account();
    disk.fillUp();
    const call = async () => expect((await post(gateway.url, account.key, chat('Hi'))).status).toBe(200);
    const full = await until('read models to stand still', async () => {
      await call();
      const found = await readiness();
      return isDown(found) ? found : undefined;
    });
    const reasons = { readModels: expect.stringContaining('full') as string };
    expect(full).toMatchObject({ status: 200, checks: { eventStore: 'up' }, reasons });
    disk.free();
    await until('read models to go on', async () => !isDown(await readiness()));
    await call();
    expect(await account.ending()).toMatchObject({ open: 0 });
  });
});

const isDown = ({ checks }: JsonObject): boolean => isJsonObject(checks) && checks['readModels'] === 'down';
