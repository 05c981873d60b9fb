// A witness at the command line: it needs no ledger, only what a gateway answers, or files of it.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommand } from '../../test/support/command-line.js';
import { isCosigned } from '../../test/support/seals/is-cosigned.js';
import { happen, sealing } from '../../test/support/seals/sealing.js';
import { Cosigner } from '../seals/index.js';
import { readVerifierKey } from '../seals/note.js';
import { LogController } from '../seals/http/log.controller.js';

let folder: string;
let close: (() => Promise<void>)[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
  close = [];
});
afterEach(async () => {
  for (const each of close) await each();
  await rm(folder, { recursive: true });
});

const witness = (...args: string[]) => runCommand(['witness', ...args, '--folder', join(folder, 'seen')], {});
const seen = (): Promise<string[]> => readdir(join(folder, 'seen'));

/** A ledger of some events with the routes of its log. */
async function gateway(ledger = sealing()) {
  const { store, seals, sealer } = ledger;
  const log = new LogController(seals);
  const grow = async (): Promise<string> => {
    await happen(store);
    await sealer.seal();
    return log.checkpoint();
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://hub');
    const [from, to] = [Number(searchParams.get('from')), Number(searchParams.get('to'))];
    const answer = pathname === '/log/checkpoint' ? log.checkpoint() : log.consistency({ from, to });
    answer.then(
      (found) => response.end(typeof found === 'string' ? found : JSON.stringify(found)),
      (error: Error) => response.writeHead(404).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, grow, log, key: seals.keys?.all[0]?.verifierKey ?? '', ...ledger };
}

it('keeps the checkpoints of a gateway as long as each continues those before', async () => {
  const { url, grow, key } = await gateway();
  for (const events of ['1 event', '3 events', '5 events']) {
    await grow();
    const { code, stdout } = await witness('add', url, '--key', key);
    expect([code, stdout]).toEqual([0, `The checkpoint of ${events} continues what was seen.\n`]);
  }
  expect(await seen()).toEqual(['0000000000000001.txt', '0000000000000003.txt', '0000000000000005.txt']);
  expect((await witness('list')).stdout).toMatch(/1[^]*3[^]*5/);
});

it('finds a gateway that shows another history, prints both checkpoints, and keeps what it has', async () => {
  const honest = await gateway();
  const note = await honest.grow();
  await witness('add', honest.url, '--key', honest.key);
  const forged = await gateway(sealing(honest.keys));
  await forged.grow();
  const forgery = await forged.grow();
  const { code, stderr } = await witness('add', forged.url, '--key', honest.key);
  expect(code).toBe(1);
  expect(stderr).toContain('do not belong to one history');
  expect([stderr.includes(note), stderr.includes(forgery)]).toEqual([true, true]);
  expect(await seen()).toEqual(['0000000000000001.txt']);
});

it('takes files, in any order, with the proofs between them', async () => {
  const { grow, log, key } = await gateway();
  const [first, second] = [await grow(), await grow()];
  const [early, late, proof] = ['1.txt', '3.txt', 'proof.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(early, first);
  await writeFile(late, second);
  await witness('add', late, '--key', key);
  expect((await witness('add', early, '--key', key)).stderr).toContain('GET /log/consistency?from=1&to=3');
  await writeFile(proof, '{"proof":"?"}');
  expect((await witness('add', early, '--key', key, '--proof', proof)).stderr).toContain('is not the answer of');
  await writeFile(proof, JSON.stringify(await log.consistency({ from: 1, to: 3 })));
  expect((await witness('add', early, '--key', key, '--proof', proof)).code).toBe(0);
  expect(await readFile(join(folder, 'seen', '0000000000000001.txt'), 'utf8')).toBe(first);
});

it('cosigns what it has seen', async () => {
  const { url, grow, key } = await gateway();
  await grow();
  const file = join(folder, 'witness.key');
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const { stdout } = await witness('add', url, '--key', key, '--cosign', file, '--name', 'auditor.example.com');
  const { publicKey } = readVerifierKey(new Cosigner('x', privateKey).verifierKey);
  expect(isCosigned(stdout, 'auditor.example.com', publicKey)).toBe(true);
});

it('says in a sentence what is wrong', async () => {
  const { url, grow } = await gateway();
  const stranger = sealing().seals.keys?.all[0]?.verifierKey ?? '';
  expect((await witness('add', url, '--key', stranger)).stderr).toContain(`${url}/log/checkpoint answered 404`);
  await grow();
  expect((await witness('add', url, '--key', stranger)).stderr).toMatch(/^tokenhub: http.*: .*\.\n$/);
  expect((await witness('add', 'http://127.0.0.1:1', '--key', stranger)).stderr).toContain('can’t be reached');
  expect((await witness('add', join(folder, 'none'), '--key', stranger)).stderr).toContain(
    'none can’t be read: ENOENT',
  );
  expect((await witness('list')).stdout).toBe('No checkpoint was seen yet.\n');
});
