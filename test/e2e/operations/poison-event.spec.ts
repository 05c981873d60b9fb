// An event that a read model can't take in stops that read model, loudly, and nothing else: not even the next start.
// Modes: embedded. On servers nothing is read before a start.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type NewEvent, NO_STREAM } from '../../../src/event-store/index.js';
import { newId } from '../../../src/kernel/index.js';
import { accountStream, charges } from '../../../src/ledger/index.js';
import { PROJECTIONS } from '../../../src/operations/index.js';
import { chat, errorOf, get, jsonOf, post, request } from '../../support/gateway/calls.js';
import { newFolder } from '../../support/gateway/gateway.js';
import { type RunningGateway, startGatewayProcess, tokenhub } from '../../support/gateway/gateway-process.js';
import { type Office, openOffice } from '../../support/gateway/office.js';
import { until } from '../../support/gateway/until.js';

let files: Awaited<ReturnType<typeof newFolder>>;
let office: Office;
let gateway: RunningGateway;
beforeAll(async () => {
  files = await newFolder();
  gateway = await startGatewayProcess(files.env);
  office = await openOffice(files.env);
});
afterAll(async () => {
  await office.close();
  await gateway.program.kill('SIGKILL');
  await rm(files.folder, { recursive: true });
});

/** The end of a charge that never began, in the stream of an account that there is not. */
const poison = (): NewEvent => ({
  id: '6f1b2f0e-6d0a-4c57-9a3e-2f5d8c1f7a11',
  type: 'HoldReleased',
  data: { chargeId: newId(), amount: '0.00', at: new Date().toISOString() },
  metadata: {},
});

const ready = async () => jsonOf(await request(`${gateway.url}/readyz`));

const stopped = {
  status: 'ready',
  checks: {
    projections: PROJECTIONS.map(({ view: { name } }) =>
      name === charges.view.name
        ? { name, state: 'stopped', reason: expect.stringContaining('HoldReleased without a hold') as string }
        : { name, state: 'live' },
    ),
  },
};

it('a read model that an event stops says so; calls go on, and so they do after a restart', async () => {
  const account = await office.desk.account();
  await office.desk.store.append(accountStream(newId()), NO_STREAM, [poison()]);
  await until('the read model to stop', async () => JSON.stringify(await ready()).includes('"stopped"'));
  expect(await ready()).toMatchObject(stopped);
  expect(gateway.program.output).toContain('a projection stopped; calls go on without it');
  const call = () => post(gateway.url, account.key, chat('Hi'));
  expect((await call()).status).toBe(200);
  expect(errorOf(await get(gateway.url, '/v1/charges', account.key))).toMatchObject({ status: 503 });

  await gateway.program.kill('SIGKILL');
  gateway = await startGatewayProcess(files.env);
  expect((await call()).status).toBe(200);
  await until('the read model to stop', async () => JSON.stringify(await ready()).includes('"stopped"'));
  expect(await ready()).toMatchObject(stopped);
  const views = (await tokenhub(files.env, 'views')) as { view: string }[];
  expect(views.find(({ view }) => view === 'charges-5')).toMatchObject({ state: 'stopped', inUse: true });
  await expect(tokenhub(files.env, 'replay', 'charges')).rejects.toThrow(
    /tokenhub: charges-5-rebuild stopped at HoldReleased, revision 0 of account-\w+: Error: HoldReleased without a hold\n$/,
  );
});
