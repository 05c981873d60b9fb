// The real command: killed, interrupted, without its server, refused; and what the other commands say afterwards.
// Modes: embedded. It brings a server of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EventStoreDbEventStore } from '../../src/adapters/eventstoredb/eventstoredb-event-store.js';
import { acquireGatewayLock } from '../../src/adapters/sqlite/gateway-lock.js';
import { SqliteEventStore } from '../../src/adapters/sqlite/sqlite-event-store.js';
import { SqliteReadModelStore } from '../../src/adapters/sqlite/sqlite-read-model-store.js';
import { type EventStore, NO_STREAM, bringUpToDate, START } from '../../src/event-store/index.js';
import { balances } from '../../src/ledger/index.js';
import { PROJECTIONS, StoreMigration } from '../../src/operations/index.js';
import { event, readAllOf } from '../contract/event-store.fixture.js';
import { SecondProcess } from '../contract/second-process.js';
import { type Ended, runCommand } from '../support/command-line.js';
import { EventStoreServer } from '../support/event-store-server/event-store-server.js';
import { until } from '../support/gateway/until.js';
import { Program, startGatewayProcess } from '../support/gateway/gateway-process.js';
import { ledgerWithHistory } from '../support/ledger/history.js';

const ACCOUNTS = ['a', 'b', 'c'];
const CALLS = 40;
const PASSWORD = 'correct-horse';

let folder: string;
let source: string;
let events: Awaited<ReturnType<typeof contents>>;
let server: EventStoreServer;

/** A ledger file with some accounts whose calls take turns. */
async function makeLedger(path: string): Promise<void> {
  const { store, ...made } = await ledgerWithHistory();
  for (const account of ACCOUNTS) await made.open(account);
  for (let call = 0; call < CALLS; call++) {
    for (const account of ACCOUNTS) await made.hold(account, `${account}-${call}`);
    for (const account of ACCOUNTS) await made.settle(account, `${account}-${call}`, 10 + call);
  }
  const file = await SqliteEventStore.open(path);
  await new StoreMigration(store, file).run();
  await file.close();
}

const contents = async (store: EventStore) =>
  (await readAllOf(store, START, 1_000)).map(({ stream, revision, id, type, data, metadata, recordedAt }) => {
    return { stream, revision, id, type, data, hash: metadata['hash'], recordedAt };
  });

/** Works on the store of a URL by a connection of its own. */
async function onStore<T>(url: string, work: (store: EventStore) => Promise<T>): Promise<T> {
  const path = url.replace(/^sqlite:/, '');
  const store = await (url === path ? EventStoreDbEventStore.open(url) : SqliteEventStore.open(path));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
const contentsAt = (url: string) => onStore(url, contents);

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => runCommand(args, env);
const migration = (from: string, to: string) => ['migrate-store', '--from', from, '--to', to];
const migrate = (from: string, to: string, ...more: string[]) => run([...migration(from, to), ...more]);
/** As a process of its own. */
const startMigration = (from: string, to: string): Program => new Program('src/cli.js', migration(from, to), {});

async function succeeds(command: Promise<Ended>): Promise<string> {
  const { code, stdout, stderr } = await command;
  expect(`${code} ${stderr}`).toBe('0 ');
  return stdout;
}

async function fails(command: Promise<Ended>): Promise<string> {
  const { code, stdout, stderr } = await command;
  expect(code).toBe(1);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stdout + stderr).not.toContain(PASSWORD);
  return stdout + stderr;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'token-hub-'));
  source = `sqlite:${join(folder, 'events.db')}`;
  await makeLedger(join(folder, 'events.db'));
  events = await contentsAt(source);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  server = await EventStoreServer.start();
});
afterEach(() => server.stop());

/** What an append takes while something is to happen in the middle of a move. */
const SLOW_MS = 20;
const LIMIT_MS = 60_000;
const stored = (): number =>
  ACCOUNTS.reduce((sum, id) => sum + (server.log.readStream(`account-${id}`)?.length ?? 0), 0);

describe('tokenhub migrate-store', () => {
  it('moves a file to a server, which is then the same ledger, and says what to do next', async () => {
    const output = await succeeds(migrate(source, server.url));
    expect(output).toContain(`All ${events.length} events are there`);
    expect(output).toMatch(
      /1\. Set EVENT_STORE_URL[^]*LEDGER_KEY_FILE=\S+\.key[^]*2\. Where READ_MODEL_URL stays the same, run "tokenhub replay"[^]*To go back/,
    );
    expect(await contentsAt(server.url)).toEqual(events);
    const back = `sqlite:${join(folder, 'back.db')}`;
    expect(await succeeds(migrate(server.url, back))).not.toContain('LEDGER_KEY_FILE'); // no key lies beside a server
    expect(await contentsAt(back)).toEqual(events);
    expect(await succeeds(migrate(source, back, '--verify-only'))).toContain(`All ${events.length} events are there`);
  });

  it('leaves read models that no command and no gateway goes on with, until they are rebuilt', async () => {
    const file = join(folder, 'read-models.db');
    const readModels = await SqliteReadModelStore.open(file);
    await onStore(source, async (store) => {
      await bringUpToDate(store, readModels, PROJECTIONS);
    });
    const spent = async () =>
      (await readModels.find(balances.view, {})).map(({ id, doc: { charges, spent: usd } }) => ({ id, charges, usd }));
    const before = await spent();
    await succeeds(migrate(source, server.url));
    const env = { EVENT_STORE_URL: server.url, READ_MODEL_URL: `sqlite:${file}` };
    const sentence = 'balances-1 was made from this ledger in another store';
    expect(await fails(run(['account', 'list'], env))).toContain(sentence);
    expect(await fails(run(['verify'], env))).toMatch(new RegExp(`- ${sentence}.*tokenhub replay`));
    const gateway = await startGatewayProcess({ ...env, LOG_LEVEL: 'silent' });
    const readiness = async () => (await fetch(`${gateway.url}/readyz`)).text();
    await expect.poll(readiness, { timeout: LIMIT_MS }).toContain(sentence);
    await gateway.program.kill('SIGTERM');
    await succeeds(run(['replay'], env));
    expect(await succeeds(run(['verify'], env))).toContain('The ledger is right.');
    expect(await spent()).toEqual(before);
    await readModels.close();
  });

  it('continues when it was killed, as often as that happens, and nothing is there twice', async () => {
    server.faults.appendDelayMs = SLOW_MS;
    for (const share of [0.2, 0.5, 0.7]) {
      const program = startMigration(source, server.url);
      await until('a part is moved', () => stored() > share * events.length, LIMIT_MS);
      expect(() => acquireGatewayLock(join(folder, 'events.db'))).toThrow('is in use');
      await program.kill('SIGKILL');
      expect(stored()).toBeLessThan(events.length - 1);
    }
    server.faults.appendDelayMs = 0;
    const report = JSON.parse(await succeeds(run(['--json', 'migrate-store', '--from', source, '--to', server.url])));
    expect(report).toMatchObject({ events: events.length, faults: [] });
    expect(report.moved).toBeLessThan(0.5 * events.length);
    expect(await contentsAt(server.url)).toEqual(events);
  });

  it('ends at Ctrl-C, and continues', async () => {
    server.faults.appendDelayMs = SLOW_MS;
    const program = startMigration(source, server.url);
    await until('a part is moved', () => stored() > events.length / 3, LIMIT_MS);
    program.signal('SIGINT');
    expect(await program.end()).toBe(130);
    expect(program.stderr).toContain('Stopped. The same command goes on from there.');
    server.faults.appendDelayMs = 0;
    await succeeds(migrate(source, server.url));
    expect(await contentsAt(server.url)).toEqual(events);
  });

  it('waits for a server that loses an answer and is then gone for a while', async () => {
    server.faults.appends.push('drop-after-storing', 'drop-before-storing', 'refuse');
    server.faults.appendDelayMs = SLOW_MS;
    const program = startMigration(source, server.url);
    await until('a part is moved', () => stored() > events.length / 3, LIMIT_MS);
    await server.restart();
    server.faults.appendDelayMs = 0;
    expect(await program.end()).toBe(0);
    expect(program.stderr).toContain('trying again');
    expect(await contentsAt(server.url)).toEqual(events);
  });
});

describe('tokenhub migrate-store refuses', () => {
  it('a ledger that a gateway runs on, at either end', async () => {
    const other = join(folder, 'other.db');
    await (await SqliteEventStore.open(other)).close();
    for (const [locked, from, to] of [
      [join(folder, 'events.db'), source, server.url],
      [other, source, `sqlite:${other}`],
    ] as const) {
      const gateway = new SecondProcess('lock', locked);
      expect(await gateway.message()).toBe('locked');
      expect(await fails(migrate(from, to))).toContain(`${locked} is in use by another token-hub gateway`);
      await gateway.kill();
    }
    expect(stored()).toBe(0);
  });

  it('a destination with events of something else, and leaves it as it is', async () => {
    await onStore(server.url, (store) => store.append('orders', NO_STREAM, [event()]));
    expect(await fails(migrate(source, server.url))).toContain('holds something other than a beginning of the source');
    expect(await contentsAt(server.url)).toHaveLength(1);
  });

  it('to say that all is well when an event is missing or altered', async () => {
    const short = `sqlite:${join(folder, 'short.db')}`;
    const [{ stream, id, type, data, recordedAt }] = events as [(typeof events)[number]];
    const altered = { id, type, data, metadata: { hash: 'another', recordedAt } };
    await onStore(short, (store) => store.append(stream, NO_STREAM, [altered]));
    const output = await fails(migrate(source, short, '--verify-only'));
    expect(output).toMatch(/The ledger has not arrived as it was:\n- .*differs in its hash/);
    expect(output).toContain('- The source has events after the');
  });

  it.each<[string, () => [from: string, to: string], string | RegExp]>([
    ['the same file twice', () => [source, source.replace('events.db', 'x/../events.db')], 'name the same event store'],
    ['the same server twice', () => [server.url, server.url.replace('//', '//me:pw@')], 'name the same event store'],
    ['a file that is not there', () => [`${source}x`, server.url], 'There is no ledger at'],
    ['an empty source', () => [server.url, `sqlite:${join(folder, 'new.db')}`], 'has no events'],
    ['a URL of another kind', () => [source, `mongodb://me:${PASSWORD}@host`], '--to must be sqlite:'],
    [
      'a server that is not there',
      () => [source, `esdb://me:${PASSWORD}@127.0.0.1:1?tls=false`],
      'esdb://127.0.0.1:1: ',
    ],
    ['a broken URL', () => [source, `esdb://me:x@${PASSWORD}@127.0.0.1:1`], 'as %40'],
  ])('%s', async (_what, urls, sentence) => {
    expect(await fails(migrate(...urls()))).toMatch(sentence);
  });
});
