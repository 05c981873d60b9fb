// What is wrong with a store that can't be used, as the person reads it who runs the gateway: which variable, why, what to do, and whether it
// may pass by itself.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerFault, mongoDbFaults, sentenceOf } from '../../src/adapters/stores/store-check.js';
import { ownPort } from '../support/network/own-port.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { startFaultyProxy } from '../support/mongodb/faulty-proxy.js';
import { hasMongoServer, type MongoTestServer, startMongoServer } from '../support/mongodb/mongodb-server.js';

const run = promisify(execFile);
const TOOL = fileURLToPath(new URL('../support/docker/es-gencert-cli', import.meta.url));
interface Somebody {
  readonly port: number;
  readonly stop: () => void;
}
const FILES = { READ_MODEL_URL: 'sqlite:data/x.db' };

let folder: string;
let plain: EventStoreServer;
let secure: EventStoreServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-hub-tls-'));
  const [ca, other, node] = ['ca', 'other', 'node'].map((name) => join(folder, name)) as [string, string, string];
  await run(TOOL, ['create-ca', '-out', ca]);
  await run(TOOL, ['create-ca', '-out', other]);
  const signed = ['-ca-certificate', join(ca, 'ca.crt'), '-ca-key', join(ca, 'ca.key')];
  const names = ['-dns-names', 'node', '-ip-addresses', '127.0.0.1'];
  await run(TOOL, ['create-node', ...signed, '-out', node, ...names]);
  const [cert, key] = [await readFile(join(node, 'node.crt')), await readFile(join(node, 'node.key'))];
  plain = await EventStoreServer.start();
  secure = await EventStoreServer.start(undefined, { cert, key });
  for (const server of [plain, secure]) {
    server.users.set('tokenhub', { password: 'right', admin: true });
    server.users.set('powerless', { password: 'right' });
  }
});
afterAll(async () => {
  await plain.stop();
  await secure.stop();
  await rm(folder, { recursive: true });
});

/** The sentence, and whether the gateway is to wait. */
async function faultOf(url: string): Promise<[sentence: string | undefined, passes: boolean | undefined]> {
  const fault = await ledgerFault({ ...FILES, EVENT_STORE_URL: url });
  return [fault && sentenceOf(fault), fault?.passes];
}

describe.concurrent('an event store', () => {
  const authority = (name = 'ca') => `tls=true&tlsCaFile=${join(folder, name, 'ca.crt')}`;
  const at = (server: EventStoreServer, user: string, options: string) =>
    `esdb://${user}127.0.0.1:${server.port}?${options}`;

  it('that can be used has no fault, by TLS or without', async () => {
    const open = await EventStoreServer.start();
    expect(await faultOf(at(open, '', 'tls=false'))).toEqual([undefined, undefined]);
    await open.stop();
    expect(await faultOf(at(secure, 'tokenhub:right@', authority()))).toEqual([undefined, undefined]);
  });

  it.each([
    [
      'a wrong password',
      () => at(secure, 'tokenhub:wrong@', authority()),
      /does not know this user by this password\. Correct/,
    ],
    [
      'nobody’s name',
      () => at(plain, '', 'tls=false'),
      /lets only users it knows read the log \(\$all\).*names none\. .*A user for the event store/,
    ],
    [
      'a user who may not read the log',
      () => at(secure, 'powerless:right@', authority()),
      /does not let this user read the log \(\$all\).*docs\/operating\.md/,
    ],
    [
      'a user, to whom no name is given without TLS',
      () => at(plain, 'tokenhub:right@', 'tls=false'),
      /with tls=false the client names it none\. Use TLS/,
    ],
    [
      'TLS here alone',
      () => at(plain, 'tokenhub:right@', 'tls=true'),
      /asks for TLS, but the server at 127.0.0.1:\d+ does not speak it.*tls=false/,
    ],
    [
      'TLS there alone',
      () => at(secure, 'tokenhub:right@', 'tls=false'),
      /speaks TLS, but the connection string does not ask for it\. Add tls=true/,
    ],
    [
      'an authority that did not sign',
      () => at(secure, 'tokenhub:right@', authority('other')),
      /not accepted by the authority of \S+other\/ca.crt \([A-Z_]+\)/,
    ],
    [
      'no authority',
      () => at(secure, 'tokenhub:right@', 'tls=true'),
      /not accepted by this system's own authorities \([A-Z_]+\)/,
    ],
    [
      'a name that is not in the certificate',
      () => at(secure, 'tokenhub:right@', authority()).replace('127.0.0.1', 'localhost'),
      /not accepted by .* \(ERR_TLS_CERT_ALTNAME_INVALID\)\. .*address the server by a name in the certificate/,
    ],
    [
      'a file that is not there',
      () => at(secure, '', 'tls=true&tlsCaFile=/nope/ca.crt'),
      /names the file \/nope\/ca\.crt, which can't be read \(ENOENT\)\. Put/,
    ],
    ['an option nobody knows', () => at(plain, '', 'tsl=false'), /an option that is not supported, "tsl"/],
  ])('with %s is told of, and not waited for', async (_case, url, sentence) => {
    const [told, passes] = await faultOf(url());
    expect(told).toMatch(/^EVENT_STORE_URL: /);
    expect(told).toMatch(sentence);
    expect(told).not.toMatch(/wrong@|right@|\n/);
    expect(passes).toBe(false);
  });

  it('with a cluster’s connection string has the same faults', async () => {
    const nobody = await ownPort();
    const cluster = (user: string, options: string) =>
      `esdb://${user}127.0.0.1:${secure.port},127.0.0.1:${nobody}?${options}&maxDiscoverAttempts=2&discoveryInterval=20`;
    expect(await faultOf(cluster('tokenhub:right@', authority()))).toEqual([undefined, undefined]);
    expect((await faultOf(cluster('tokenhub:wrong@', authority())))[0]).toContain('by this password');
    expect((await faultOf(cluster('tokenhub:right@', authority('other'))))[0]).toContain('not accepted');
  });

  it.each([
    ['nobody is there', async (): Promise<Somebody> => ({ port: await ownPort(), stop: () => undefined })],
    [
      'somebody is there who hangs up, as the proxy of a server that is not there yet',
      async (): Promise<Somebody> => {
        const server = createServer((socket) => socket.destroy());
        await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
        return { port: (server.address() as AddressInfo).port, stop: () => void server.close() };
      },
    ],
  ])('is waited for where %s', async (_case, start) => {
    const { port, stop } = await start();
    for (const tls of [false, true]) {
      const [told, passes] = await faultOf(`esdb://127.0.0.1:${port}?tls=${tls}`);
      expect(told).toMatch(
        new RegExp(`^EVENT_STORE_URL: no event store can be used at 127.0.0.1:${port} \\(.+\\)\\. Start it`),
      );
      expect(passes).toBe(true);
    }
    stop();
  });

  it('in a file is not looked at', async () => {
    expect(await ledgerFault({ ...FILES, EVENT_STORE_URL: 'sqlite:/nope/x.db' })).toBeUndefined();
  });
});

describe.concurrent('a MongoDB', () => {
  const faultsOf = async (url: string, people?: string) =>
    mongoDbFaults({
      EVENT_STORE_URL: 'sqlite:x',
      READ_MODEL_URL: url,
      ...(people !== undefined && { PEOPLE_URL: people }),
    });

  it('that is not there is named by its variables, each once', async () => {
    const [port, other] = [await ownPort(), await ownPort()];
    const url = `mongodb://me:hunter2@127.0.0.1:${port}/x`;
    const faults = await faultsOf(url);
    expect(faults.map(sentenceOf)).toEqual([
      expect.stringMatching(/^READ_MODEL_URL: no MongoDB can be used at 127.0.0.1:\d+ \(.*ECONNREFUSED/),
    ]);
    expect(faults[0]?.passes).toBe(true);
    expect(sentenceOf(faults[0] as never)).not.toContain('hunter2');
    const both = await faultsOf('sqlite:x', `mongodb://127.0.0.1:${other}/x`);
    expect(both.map(({ variable }) => variable)).toEqual(['PEOPLE_URL']);
  });

  it('is told of where TLS, a file or the string is wrong', async () => {
    const tls = await faultsOf(`mongodb://localhost:${secure.port}/x`);
    expect(tls).toMatchObject([
      { passes: false, cause: expect.stringContaining('speaks TLS, but the connection string does not ask for it') },
    ]);
    const untrusted = await faultsOf(`mongodb://localhost:${secure.port}/x?tls=true`);
    expect(untrusted).toMatchObject([{ passes: false, cause: expect.stringContaining('not accepted') }]);
    const file = await faultsOf(`mongodb://localhost:${secure.port}/x?tls=true&tlsCAFile=/nope`);
    expect(file).toMatchObject([
      { passes: false, cause: expect.stringContaining("names the file /nope, which can't be read") },
    ]);
    const malformed = await faultsOf('mongodb://localhost/x?bogus=1');
    expect(malformed).toMatchObject([
      { passes: false, cause: expect.stringContaining('option bogus is not supported') },
    ]);
  });

  describe.skipIf(!hasMongoServer)('that answers', () => {
    let server: MongoTestServer;
    beforeAll(async () => {
      server = await startMongoServer();
    });
    afterAll(() => server.stop());

    it.each([
      [18, 'Authentication failed.', 'does not know this user by this password'],
      [8_000, 'bad auth : authentication failed', 'does not know this user by this password'],
      [13, 'command find requires authentication', 'not read and write the database'],
    ])('%i is told of', async (code, errmsg, cause) => {
      const proxy = await startFaultyProxy(server.url());
      expect(await faultsOf(proxy.url)).toEqual([]);
      proxy.onRequest = (message) => (message.includes('tokenhub-check') ? { ok: 0, code, errmsg } : 'pass');
      expect(await faultsOf(proxy.url)).toMatchObject([
        { variable: 'READ_MODEL_URL', passes: false, cause: expect.stringContaining(cause) },
      ]);
      await proxy.close();
    });
  });
});
