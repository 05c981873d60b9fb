// Nobody takes a gateway's log any more: the disk with it is full, or the program that reads it has ended. Calls go on.
// Modes: embedded. A gateway on servers writes its log alike.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chat, post, request } from '../../support/gateway/calls.js';
import { newFolder } from '../../support/gateway/folder.js';
import { built, Running } from '../../support/gateway/gateway-process.js';
import { until } from '../../support/gateway/until.js';
import { ownPort } from '../../support/network/own-port.js';
import { CAN_MOUNT, mountSmallDisk } from '../../support/small-disk.js';

let files: Awaited<ReturnType<typeof newFolder>>;
let program: Running | undefined;
beforeEach(async () => {
  files = await newFolder();
});
afterEach(async () => {
  await program?.kill('SIGKILL');
  await files.close();
});

/** Its output goes where the shell is told. */
async function start(redirection: string): Promise<string> {
  const port = await ownPort();
  const url = `http://127.0.0.1:${port}`;
  const line = `exec "${process.execPath}" "${built('src/main.js')}" ${redirection}`;
  program = new Running(['bash', '-c', line], { ...files.env, PORT: String(port) });
  const isUp = () => request(`${url}/healthz`).then(({ status }) => status === 200);
  await until('the gateway', () => isUp().catch(() => false), 60_000);
  return url;
}

it.runIf(CAN_MOUNT)(
  'a gateway goes on when the disk with its log is full, and with its log when there is room',
  async () => {
    const disk = mountSmallDisk(1);
    try {
      const log = join(disk.folder, 'log');
      const url = await start(`> "${log}"`);
      const key = await until('the key', async () => /sk-th_\w{60}/.exec(await readFile(log, 'utf8'))?.[0]);
      disk.fillUp();
      for (let call = 0; call < 20; call++) expect((await post(url, key, chat('Hi'))).status).toBe(200);
      await until('the word of it', () => program?.stderr !== ''); // lines leave together, a little later
      expect(program?.stderr).toMatch(/^token-hub: the log can’t be written \(ENOSPC[^\n]*\n$/);
      disk.free();
      const { requestId } = await post(url, key, chat('Hi'));
      await until('the log', async () => (await readFile(log, 'utf8')).includes(requestId));
    } finally {
      disk.close();
    }
  },
);

it('a gateway goes on when nobody reads what it prints', async () => {
  const url = await start('> >(head -1 >/dev/null)');
  const isTold = async () => {
    expect((await post(url, 'sk-th_none', chat('Hi'))).status).toBe(401); // is logged
    return program?.stderr !== '';
  };
  await until('the word of it', isTold);
  for (let look = 0; look < 20; look++) expect((await request(`${url}/healthz`)).status).toBe(200);
  expect(program?.stderr).toMatch(/^token-hub: the log can’t be written \(EPIPE[^\n]*\n$/);
});
