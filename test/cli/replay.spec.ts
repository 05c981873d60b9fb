// Rebuilding read models from the command line, as operators do before and after an upgrade.
// Modes: embedded. It looks into the file of read models; the stores behave alike.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteEventStore } from '../../src/adapters/sqlite/sqlite-event-store.js';
import { SqliteReadModelStore } from '../../src/adapters/sqlite/sqlite-read-model-store.js';
import { besideView, type NewEvent, NO_STREAM, START, viewLease } from '../../src/event-store/index.js';
import type { JsonObject } from '../../src/kernel/index.js';
import { balances, charges } from '../../src/ledger/index.js';
import { PROJECTIONS } from '../../src/operations/index.js';
import { runCommand } from '../support/command-line.js';
import { chat, get, jsonOf, post } from '../support/gateway/calls.js';
import { newFolder } from '../support/gateway/gateway.js';
import { Program, type RunningGateway, startGatewayProcess, tokenhub } from '../support/gateway/gateway-process.js';
import { openOffice } from '../support/gateway/office.js';
import { until } from '../support/gateway/until.js';

const PATIENCE_MS = 120_000;
const CANCELLED = 130;

let files: Awaited<ReturnType<typeof newFolder>>;
let readModels: SqliteReadModelStore;
let gateway: RunningGateway | undefined;
beforeEach(async () => {
  files = await newFolder();
  readModels = await SqliteReadModelStore.open(join(files.folder, 'read-models.db'));
});
afterEach(async () => {
  await gateway?.program.kill('SIGKILL');
  gateway = undefined;
  await readModels.close();
  await rm(files.folder, { recursive: true });
});

const at = '2026-11-23T12:00:00.000Z';
const event = (type: string, data: JsonObject): NewEvent => ({ id: randomUUID(), type, data, metadata: {} });

/** A ledger of `count` calls under way. Returns the position of its last event. */
async function longLedger(count: number): Promise<number> {
  const store = await SqliteEventStore.open(join(files.folder, 'events.db'));
  const call = { requestId: 'req', keyId: 'key', model: 'gpt-4o', priceVersion: 1, amount: '0.01', expiresAt: at, at };
  await store.append('account-a', NO_STREAM, [event('AccountOpened', { accountId: 'a', at })]);
  for (let revision = 0; revision < count; revision += 1_000) {
    const holds = Array.from({ length: 1_000 }, (_, n) =>
      event('HoldPlaced', { ...call, chargeId: `${revision + n}` }),
    );
    await store.append('account-a', revision, holds);
  }
  const head = await store.head();
  await store.close();
  return head;
}

const replay = () => new Program('src/cli.js', ['--json', 'replay', 'charges'], files.env);
const rebuilt = () => readModels.checkpoint(besideView(charges.view));

/** Waits until a replay has got on from `position`. */
const movesOn = (from: number) => until('the replay to move on', async () => (await rebuilt()) > from, PATIENCE_MS);

describe('tokenhub replay', () => {
  it('goes on where it was killed, and where Ctrl-C stopped it; readers see nothing until it is whole', async () => {
    const head = await longLedger(80_000);
    const killed = replay();
    await movesOn(START);
    await killed.kill('SIGKILL');
    const first = await rebuilt();

    const stopped = replay();
    await movesOn(first);
    stopped.signal('SIGINT');
    expect(await stopped.end()).toBe(CANCELLED);
    expect(stopped.stderr).toContain('The same command goes on from there');
    const second = await rebuilt();
    expect(second).toBeLessThan(head);
    expect(await readModels.checkpoint(charges.view)).toBe(START);
    const listed = (await tokenhub(files.env, 'views')) as { view: string }[];
    expect(listed.find(({ view }) => view === 'charges-5-rebuild')).toMatchObject({
      state: 'idle',
      position: second,
    });

    const seconds = expect.stringMatching(/^\d+\.\d\d$/) as string;
    const rest = [{ view: 'charges-5', events: head - second, seconds }];
    expect(await tokenhub(files.env, 'replay', 'charges')).toEqual(rest);
    expect(await readModels.checkpoint(charges.view)).toBe(head);
    expect((await readModels.load(charges.view, ['0', '79999'])).size).toBe(2);
    expect(await rebuilt()).toBe(START);
  });

  it('begins anew where another release had begun', async () => {
    const head = await longLedger(1_000);
    const beside = besideView(charges.view);
    await viewLease(readModels, beside, 'another').acquire(0, { release: '0.0.9' });
    const strange = { id: 'strange', position: 5, doc: {} };
    await readModels.apply(beside, { rows: [strange], checkpoint: { from: START, to: 5 } });
    expect(await tokenhub(files.env, 'replay', 'charges')).toMatchObject([{ events: head }]);
    expect((await readModels.load(charges.view, ['strange', '0'])).size).toBe(1);
  });

  it('leaves a place to another replay that is at work in it', async () => {
    await viewLease(readModels, besideView(charges.view), 'another').acquire(Date.now() + 60_000);
    const { code, stderr } = await runCommand(['replay', 'charges'], files.env);
    expect(code).toBe(1);
    expect(stderr).toBe('tokenhub: Another replay is rebuilding charges-5. Wait for it, or stop it.\n');
  });

  it('prints every difference from the events, and the rows as of an earlier position', async () => {
    const head = await longLedger(1_000);
    await tokenhub(files.env, 'replay', 'charges');
    const [row] = (await readModels.load(charges.view, ['7'])).values();
    if (row === undefined) throw new Error('no such row');
    const wrong = { ...row, position: head, doc: { ...row.doc, hold: '9' } };
    await readModels.apply(charges.view, { rows: [wrong] });
    const program = await runCommand(['replay', 'charges', '--diff'], files.env);
    expect(program.code).toBe(1);
    expect(program.stdout).toBe('charges-5 7: hold differs; live: "9", rebuilt: "0.01"\n');
    expect(program.stderr).toContain(`charges-5: 1 difference, as of position ${head}`);

    const past = await runCommand(['replay', 'charges', '--until', '3'], files.env);
    expect(past.code).toBe(0);
    const rows = past.stdout.trim().split('\n');
    expect(rows).toHaveLength(3 - (head - 1_000));
    expect(JSON.parse(rows[0] ?? '')).toMatchObject({ id: '0', hold: '0.01', status: 'open' });
    expect(await readModels.checkpoint({ ...charges.view, name: 'charges-5-as-of' })).toBe(START);
  });

  it('takes nothing away from those who read while a gateway keeps the same view', async () => {
    const { url } = (gateway = await startGatewayProcess(files.env));
    const office = await openOffice(files.env);
    const { key } = await office.desk.account();
    let isDone = false;
    let calls = 0;
    const replays = (async () => {
      for (let round = 0; round < 2 || calls < 5; round++)
        expect(await tokenhub(files.env, 'replay')).toHaveLength(PROJECTIONS.length);
    })().finally(() => (isDone = true));
    for (; !isDone; calls++) {
      const id = (await post(url, key, chat('Hi'))).headers.get('x-tokenhub-charge-id') ?? '';
      const found = await get(url, `/v1/charges/${id}`, key);
      expect([found.status, jsonOf(found)['status']]).toEqual([200, 'charged']);
    }
    await replays;
    await office.close();
    await gateway.program.kill('SIGTERM');
    expect(await tokenhub(files.env, 'verify')).toMatchObject({ faults: [], charges: calls });
  });
});

describe('tokenhub views', () => {
  const views = async () => {
    const rows = (await tokenhub(files.env, 'views')) as { view: string }[];
    return new Map(rows.map((row) => [row.view, row]));
  };
  const refusal = async (...args: string[]) => {
    const { code, stderr } = await runCommand(['views', ...args], files.env);
    expect(code).toBe(1);
    return stderr;
  };
  const previous = { name: 'charges-1', indexes: [['accountId']] };

  it('lists the views of this release, and those of others that have rows', async () => {
    const head = await longLedger(1_000);
    await readModels.apply(previous, { rows: [], checkpoint: { from: START, to: 500 } });
    await readModels.apply(balances.view, { rows: [], checkpoint: { from: START, to: head } });
    const listed = await views();
    expect([...listed.keys()]).toEqual([...PROJECTIONS.map(({ view }) => view.name), 'charges-1']);
    expect(listed.get('balances-1')).toMatchObject({
      state: 'idle',
      lagSeconds: 0,
      progress: '100 %',
      thisRelease: true,
    });
    expect(listed.get('charges-1')).toMatchObject({ position: 500, progress: '50 %', inUse: false });
    expect(listed.get('charges-1')).toMatchObject({ state: 'idle', thisRelease: false });
  });

  it('drops a version that nobody uses any more, and no other', async () => {
    await longLedger(1_000);
    const row = { id: 'c1', position: 5, doc: { accountId: 'a' } };
    await readModels.apply(previous, { rows: [row], checkpoint: { from: START, to: 5 } });
    const lease = viewLease(readModels, previous, 'a gateway of the old release');
    await lease.acquire(Date.now() + 60_000, { release: '0.0.9' });
    expect((await views()).get('charges-1')).toMatchObject({ release: '0.0.9', inUse: true, thisRelease: false });
    expect(await refusal('drop', 'charges-1')).toContain('charges-1 is in use by release 0.0.9');
    expect(await refusal('drop', 'charges-5')).toContain('charges-5 is a read model of this release');
    expect(await refusal('drop', 'leases-1')).toContain('There is no view "leases-1" with rows');
    expect(await refusal('drop', 'no view')).toContain('There is no view "no view" with rows');
    expect(await readModels.find(previous, {})).toEqual([row]);

    await lease.release(0);
    expect(await tokenhub(files.env, 'views', 'drop', 'charges-1')).toEqual({ view: 'charges-1', status: 'dropped' });
    expect(await readModels.find(previous, {})).toEqual([]);
    expect((await views()).has('charges-1')).toBe(false);
  });
});
