// More connections than there are descriptors for: a gateway stays reachable.
// Modes: embedded. It has nothing to do with stores.
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { request } from '../../support/gateway/calls.js';
import { newFolder } from '../../support/gateway/folder.js';
import { Running } from '../../support/gateway/gateway-process.js';
import { until } from '../../support/gateway/until.js';

const MAIN = fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url));
const DESCRIPTORS = 400;
const SILENT = 420;

let files: Awaited<ReturnType<typeof newFolder>>;
let gateway: Running;
let url: string;
beforeAll(async () => {
  files = await newFolder();
  const command = ['sh', '-c', `ulimit -n ${DESCRIPTORS} && exec "$0" "$1"`, process.execPath, MAIN];
  gateway = new Running(command, { PORT: '0', ...files.env });
  [, url = ''] = await gateway.printed(/listens on (http:\S+)\/v1/);
});
const silent: { socket: Socket; closed: boolean }[] = [];
afterAll(async () => {
  for (const { socket } of silent) socket.destroy();
  await gateway.kill('SIGKILL');
  await files.close();
});

/** Sends nothing, and keeps its half open whatever it is told. */
function fallSilent(): void {
  const { hostname, port } = new URL(url);
  const one = { socket: connect({ host: hostname, port: Number(port), allowHalfOpen: true }), closed: false };
  const close = () => (one.closed = true);
  one.socket.on('error', close).on('end', close);
  silent.push(one);
}

it('a call is answered while 420 clients are connected that say nothing', async () => {
  for (let count = 0; count < SILENT; count++) fallSilent();
  await until('most of them to be closed', () => silent.filter(({ closed }) => !closed).length < DESCRIPTORS / 2);
  expect((await request(`${url}/healthz`)).status).toBe(200);
  expect((await request(`${url}/readyz`)).status).toBe(200);
  expect((await request(`${url}/v1/models`)).status).toBe(401);
  expect(gateway.ended).toBeUndefined();
});
