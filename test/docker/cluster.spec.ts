// What holds the cluster of compose.cluster.yaml together: certificates and keys as its script makes them, and a gateway that calls by
// the very connection string.
import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerFault } from '../../src/adapters/stores/store-check.js';
import { EventStoreDbEventStore } from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { DOCKER_FOLDER, PASSWORDS, readCompose } from '../support/docker/compose.js';
import { ownPort } from '../support/network/own-port.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { chat, post } from '../support/gateway/calls.js';
import { startGateway } from '../support/gateway/gateway.js';

const run = promisify(execFile);
const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));
const TOOL = fileURLToPath(new URL('../support/docker/es-gencert-cli', import.meta.url));
const { services } = readCompose('compose.cluster.yaml', PASSWORDS);
const nodes = Object.entries(services)
  .filter(([name]) => name.startsWith('kurrentdb-'))
  .map(([name, { environment = {} }]) => ({ name, environment }));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-hub-secrets-'));
  for (const name of ['bin', 'authority', 'certs', 'mongodb']) await mkdir(join(folder, name));
  await cp(TOOL, join(folder, 'bin/es-gencert-cli'));
  // Giving files away is root's alone, and nobody is there to get them.
  await writeFile(join(folder, 'bin/chown'), '#!/bin/sh\n');
  await chmod(join(folder, 'bin/chown'), 0o755);
  await makeSecrets();
});
afterAll(() => rm(folder, { recursive: true }));

async function makeSecrets(...args: readonly string[]): Promise<void> {
  const env = { ...process.env, PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter) };
  await run('bash', [join(DOCKER_FOLDER, 'secrets.sh'), ...args], { cwd: folder, env });
}

/** The file behind a path in a container that has the certificates. */
const inCerts = (path = ''): string => path.replace(/^\/certs/, join(folder, 'certs'));

async function secrets(): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'base64')] as const);
  return Object.fromEntries(await Promise.all(contents));
}

describe('the secrets', () => {
  it('are a certificate for each node, by all the names it is called by, from one authority', async () => {
    const authority = new X509Certificate(await readFile(inCerts('/certs/ca.crt')));
    expect(nodes).toHaveLength(3);
    for (const { name, environment } of nodes) {
      expect(environment['KURRENTDB_NODE_HOST_ADVERTISE_AS']).toBe(name);
      expect(environment['KURRENTDB_REPLICATION_HOST_ADVERTISE_AS']).toBe(name);
      const certificate = new X509Certificate(await readFile(inCerts(environment['KURRENTDB_CERTIFICATE_FILE'])));
      const key = await readFile(inCerts(environment['KURRENTDB_CERTIFICATE_PRIVATE_KEY_FILE']));
      const names = [name, environment['KURRENTDB_CLUSTER_DNS'] ?? '', 'localhost'];
      expect(names.map((host) => certificate.checkHost(host))).toEqual(names);
      expect(certificate.verify(authority.publicKey)).toBe(true);
      expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
      expect(environment['KURRENTDB_TRUSTED_ROOT_CERTIFICATES_PATH']).toBe('/certs');
    }
  });

  it('are for their owners alone, but for the authority’s certificate', async () => {
    const modeOf = async (path: string): Promise<number> => (await stat(join(folder, path))).mode & 0o777;
    expect(await modeOf('certs/ca.crt')).toBe(0o444);
    for (const { name } of nodes) expect(await modeOf(`certs/${name}/node.key`)).toBe(0o400);
    expect(await modeOf('mongodb/key')).toBe(0o400);
    // https://www.mongodb.com/docs/manual/core/security-internal-authentication/#keyfiles
    expect((await readFile(join(folder, 'mongodb/key'), 'utf8')).replaceAll(/\s/g, '')).toMatch(/^[\w+/=]{6,1024}$/);
  });

  it('stay as they are at the next start; certificates are renewed on demand, by the same authority', async () => {
    const before = await secrets();
    await makeSecrets();
    expect(await secrets()).toEqual(before);
    await makeSecrets('renew');
    const after = await secrets();
    const changed = Object.keys(after).filter((path) => after[path] !== before[path]);
    expect(changed.toSorted()).toEqual(
      nodes.flatMap(({ name }) => [`certs/${name}/node.crt`, `certs/${name}/node.key`]),
    );
  });
});

describe('a gateway of the cluster', () => {
  let server: EventStoreServer;
  beforeAll(async () => {
    const [cert, key] = await Promise.all(
      ['node.crt', 'node.key'].map((file) => readFile(inCerts(`/certs/kurrentdb-1/${file}`))),
    );
    if (cert === undefined || key === undefined) throw new Error('no certificate');
    server = await EventStoreServer.start(undefined, { cert, key });
    server.users.set('admin', { password: PASSWORDS.KURRENTDB_ADMIN_PASSWORD, admin: true });
  });
  afterAll(() => server.stop());

  /** The connection string, for nodes of which the first one stands and the others don't. */
  async function connectionString(authority: string, service = 'gateway-1'): Promise<string> {
    const url = services[service]?.environment?.['EVENT_STORE_URL'] ?? '';
    const [down, alsoDown] = [await ownPort(), await ownPort()];
    return url
      .replace('kurrentdb-1:2113', `localhost:${server.port}`)
      .replace('kurrentdb-2:2113', `localhost:${down}`)
      .replace('kurrentdb-3:2113', `localhost:${alsoDown}`)
      .replace('/certs/ca.crt', authority);
  }

  it('is a user whom a service of the cluster makes, and who may do what a gateway does', async () => {
    const authority = inCerts('/certs/ca.crt');
    const before = await ledgerFault({ EVENT_STORE_URL: await connectionString(authority) });
    expect(before?.cause).toBe('the event store does not know this user by this password');
    const { command = [], environment = {} } = services['event-store-user'] ?? {};
    const [shell = '', ...script] = command;
    await writeFile(join(folder, 'bin/tokenhub'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
    await chmod(join(folder, 'bin/tokenhub'), 0o755);
    const own = { EVENT_STORE_URL: await connectionString(authority, 'event-store-user') };
    const env = { PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter), ...environment, ...own };
    const { stdout } = await run(shell, script, { env: { ...env, CHANNELS_FILE: '', MODELS_FILE: '' } });
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(await ledgerFault({ EVENT_STORE_URL: await connectionString(authority) })).toBeUndefined();
  });

  it('reaches the node that is there, by TLS', async () => {
    const gateway = await startGateway({
      env: { EVENT_STORE_URL: await connectionString(inCerts('/certs/ca.crt')) },
    });
    const account = await gateway.desk.account();
    expect((await post(gateway.url, account.key, chat('Hi'))).status).toBe(200);
    await gateway.close();
  });

  it('trusts no server whose certificate is from elsewhere', async () => {
    const other = join(folder, 'other');
    await run(TOOL, ['create-ca', '-out', other]);
    const store = await EventStoreDbEventStore.open(await connectionString(join(other, 'ca.crt')));
    await expect(store.head()).rejects.toThrow('Failed to discover');
    await store.close();
  });
});
