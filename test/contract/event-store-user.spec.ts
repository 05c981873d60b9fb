// The user that gateways are: who may append, read, and read the log, and nothing else.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { afterEach, beforeAll, afterAll, beforeEach, describe, expect, it } from 'vitest';
import { grantEventStoreUser, ledgerFault } from '../../src/adapters/stores/store-check.js';
import { EventStoreDbEventStore } from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { NO_STREAM, START } from '../../src/event-store/event-store.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { events, newStream } from './event-store.fixture.js';

const run = promisify(execFile);
const TOOL = fileURLToPath(new URL('../support/docker/es-gencert-cli', import.meta.url));

let folder: string;
let server: EventStoreServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-hub-user-'));
  await run(TOOL, ['create-ca', '-out', join(folder, 'ca')]);
  const signed = ['-ca-certificate', join(folder, 'ca/ca.crt'), '-ca-key', join(folder, 'ca/ca.key')];
  await run(TOOL, [
    'create-node',
    ...signed,
    '-out',
    join(folder, 'node'),
    '-dns-names',
    'localhost',
    '-ip-addresses',
    '127.0.0.1',
  ]);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  const [cert, key] = [await readFile(join(folder, 'node/node.crt')), await readFile(join(folder, 'node/node.key'))];
  server = await EventStoreServer.start(undefined, { cert, key });
  server.users.set('admin', { password: 'changeit', admin: true });
});
afterEach(() => server.stop());

const urlOf = (user: string): string =>
  `esdb://${user}@localhost:${server.port}?tls=true&tlsCaFile=${join(folder, 'ca/ca.crt')}`;
const grant = (password = 'secret') => grantEventStoreUser(urlOf('admin:changeit'), 'tokenhub', password);
const settings = (): unknown => JSON.parse(new TextDecoder().decode(server.log.readStream('$settings')?.at(-1)?.data));

describe('the user that gateways are', () => {
  it('may do what a gateway does', async () => {
    expect(await grant()).toEqual([
      'tokenhub was made',
      'tokenhub may read the log',
      'tokenhub may append to streams and read them',
    ]);
    expect(await ledgerFault({ EVENT_STORE_URL: urlOf('tokenhub:secret') })).toBeUndefined();
    const store = await EventStoreDbEventStore.open(urlOf('tokenhub:secret'));
    const [stream, batch] = [newStream(), events(2)];
    await store.append(stream, NO_STREAM, batch);
    expect(await store.readStream(stream, 0, 10)).toHaveLength(2);
    expect(await store.readAll(START, 10)).toHaveLength(2);
    await store.probe();
    for await (const seen of store.subscribe(START, new AbortController().signal)) {
      expect(seen).toHaveLength(2);
      break;
    }
    await store.close();
  });

  it('may nothing else: neither the settings, nor the metadata of a stream, nor other users', async () => {
    await grant();
    const client = EventStoreDBClient.connectionString(urlOf('tokenhub:secret'));
    const written = (stream: string) => client.appendToStream(stream, jsonEvent({ type: 'test', data: {} }));
    const denied = { type: 'access-denied' };
    await expect(written('$settings')).rejects.toMatchObject(denied);
    await expect(client.setStreamMetadata('account-1', { maxCount: 1 })).rejects.toMatchObject(denied);
    await expect(client.setStreamMetadata('$all', {})).rejects.toMatchObject(denied);
    await client.dispose();
    await expect(grantEventStoreUser(urlOf('tokenhub:secret'), 'other', 'x')).rejects.toThrow(
      /^EVENT_STORE_URL: the user .* can't create users or grant them rights \(.*\)\. Name an administrator\.$/,
    );
  });

  it('is left as it is when it is made again, but for its password', async () => {
    await grant();
    const before = settings();
    expect(await grant('new')).toEqual(['tokenhub was there, and has this password now']);
    expect(settings()).toEqual(before);
    expect(await ledgerFault({ EVENT_STORE_URL: urlOf('tokenhub:new') })).toBeUndefined();
    expect((await ledgerFault({ EVENT_STORE_URL: urlOf('tokenhub:secret') }))?.cause).toContain('by this password');
  });

  it('is told of when it may read and not append, before a call meets it', async () => {
    await grant();
    const url = urlOf('tokenhub:secret');
    const store = await EventStoreDbEventStore.open(url);
    await store.append(newStream(), NO_STREAM, events(1));
    await store.close();
    const admin = EventStoreDBClient.connectionString(urlOf('admin:changeit'));
    const readOnly = { $userStreamAcl: { $r: ['tokenhub'], $w: '$admins' } };
    await admin.appendToStream('$settings', jsonEvent({ type: 'update-default-acl', data: readOnly }));
    await admin.dispose();
    expect(await ledgerFault({ EVENT_STORE_URL: url })).toMatchObject({
      cause: 'the event store does not let this user read the log ($all) and append to streams',
      passes: false,
    });
  });

  it('joins those to whom an operator has given rights, and takes nothing from them', async () => {
    const admin = EventStoreDBClient.connectionString(urlOf('admin:changeit'));
    const own = { $userStreamAcl: { $r: '$all', $w: ['billing'], $d: 'billing' }, other: 1 };
    await admin.appendToStream('$settings', jsonEvent({ type: 'update-default-acl', data: own }));
    await admin.setStreamMetadata('$all', { acl: { readRoles: ['reports'] } });
    await admin.dispose();
    await grant();
    expect(settings()).toMatchObject({
      ...own,
      $userStreamAcl: { $r: '$all', $w: ['billing', 'tokenhub'], $d: 'billing' },
    });
    const metadata = new TextDecoder().decode(server.log.readStream('$$$all')?.at(-1)?.data);
    expect(JSON.parse(metadata)).toMatchObject({ $acl: { $r: ['reports', 'tokenhub'] } });
  });
});
