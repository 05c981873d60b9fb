// The long work that operators start through /api.
import { generateKeyPairSync } from 'node:crypto';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { ledgerWithHistory } from '../../test/support/ledger/history.js';
import { MemoryDocumentStore } from '../adapters/memory/memory-document-store.js';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import type { EventStore, RecordedEvent } from '../event-store/index.js';
import { balances } from '../ledger/index.js';
import { SystemClock, type JsonObject } from '../kernel/index.js';
import { PeriodicWorkers } from '../platform/index.js';
import { JobRunner } from '../platform/jobs/job-runner.js';
import { type JobKind, Jobs } from '../platform/jobs/index.js';
import { AuthenticatedEventStore, LedgerKeys, Sealer, Seals } from '../seals/index.js';
import { PROJECTIONS } from './projections.js';
import { ReplayUntilJob, viewShown } from './replay/replay-until-job.js';
import { ReplayJob, viewsNamed } from './replay/replay-job.js';
import { VerifyJob, type VerifyOutcome } from './verify/verify-job.js';

const clock = new SystemClock();
const logger = pino({ level: 'silent' });

async function setup() {
  const keys = new LedgerKeys([generateKeyPairSync('ed25519').privateKey]);
  const ledger = await ledgerWithHistory(new AuthenticatedEventStore(new MemoryEventStore(), keys));
  await ledger.open('a');
  await ledger.hold('a', 'c1');
  const seals = new Seals(ledger.store, ledger.readModels, keys, []);
  const seal = () => new Sealer(seals, ledger.store, clock).seal();
  await seal();
  await ledger.settle('a', 'c1', 100);
  await ledger.project();
  const documents = new MemoryDocumentStore();
  /** One of several gateways on the same stores. */
  const gateway = (store: EventStore = ledger.store) => {
    const runner = new JobRunner(documents, clock, new PeriodicWorkers(logger), logger);
    const jobs = new Jobs(documents, runner, clock);
    const verify = new VerifyJob(jobs, store, ledger.readModels, seals);
    const replay = new ReplayJob(jobs, ledger.store, ledger.readModels);
    const until = new ReplayUntilJob(jobs, ledger.store, ledger.readModels);
    for (const each of [verify, replay, until]) each.onModuleInit();
    const start = (kind: JobKind<never, never>, id: string, input: JsonObject) =>
      jobs.start(kind, { id, input: input as never, by: 'olga', key: JSON.stringify(input) });
    const done = async (id: string) => {
      await runner.look();
      await runner.idle();
      return (await jobs.get('operator', id)).doc;
    };
    return { runner, verify, replay, until, start, done };
  };
  const forge = async () => {
    const row = (await ledger.readModels.load(balances.view, ['a'])).get('a');
    if (row === undefined) throw new Error('no row');
    const forged = { ...row, position: row.position + 1, doc: { ...row.doc, posted: '99.00' } };
    await ledger.readModels.apply(balances.view, { rows: [forged] });
  };
  return { ...ledger, gateway, forge, seal };
}

let made: Awaited<ReturnType<typeof setup>>;
beforeEach(async () => {
  made = await setup();
});

/** The store with a wrong MAC on every event after the first checkpoint. */
function withWrongMacs(store: EventStore): EventStore {
  const change = (event: RecordedEvent): RecordedEvent => {
    const { position, metadata } = event;
    if (position < 10) return event;
    return { ...event, metadata: { ...metadata, mac: String(metadata['mac']).replace(/.{8}$/, 'AAAAAAAA') } };
  };
  return Object.assign(Object.create(store) as EventStore, {
    head: () => store.head(),
    readStream: async (...args: Parameters<EventStore['readStream']>) => (await store.readStream(...args)).map(change),
    readAll: async (...args: Parameters<EventStore['readAll']>) => (await store.readAll(...args)).map(change),
  });
}

const FORGED = 'balances-1 a: posted differs; live: "99.00", rebuilt: "9.99875"';

describe('verifying', () => {
  it('tells what was verified, and that it is right', async () => {
    const { verify, start, done } = made.gateway();
    await start(verify as never, 'v', { read_models: true });
    const { result, progress } = await done('v');
    const counts = { events: 7, streams: 3, accounts: 1, charges: 1, open_holds: 0, read_models: PROJECTIONS.length };
    expect(result).toMatchObject({ is_right: true, fault_count: 0, faults: [], ...counts });
    expect(progress).toEqual({ done: 7, total: 7 });
  });

  it('names what is wrong, unless the read models are left out', async () => {
    await made.forge();
    const { verify, start, done } = made.gateway();
    await start(verify as never, 'v', { read_models: true });
    expect((await done('v')).result).toMatchObject({ is_right: false, fault_count: 1, faults: [FORGED] });
    await start(verify as never, 'w', { read_models: false });
    expect((await done('w')).result).toMatchObject({ is_right: true, read_models: 0 });
  });

  it('names some of every kind of fault, however many there are of one', async () => {
    for (let call = 0; call < 60; call++) {
      await made.hold('a', `n${call}`);
      await made.release('a', `n${call}`);
    }
    await made.project();
    await made.forge();
    await made.seal();
    const { verify, start, done } = made.gateway(withWrongMacs(made.store));
    await start(verify as never, 'v', { read_models: true });
    const result = (await done('v')).result as unknown as VerifyOutcome;
    const ofMacs = result.faults.filter((fault) => fault.endsWith('no gateway wrote it.'));
    expect(result.fault_count).toBe(120);
    expect(result.faults).toHaveLength(100);
    expect(ofMacs.length).toBeGreaterThan(90);
    expect(result.faults).toContainEqual(expect.stringContaining('are not those that the checkpoint in'));
    expect(result.faults).toContain(FORGED);
  });

  it('reads what came after a checkpoint, or one account', async () => {
    const { verify, start, done } = made.gateway();
    await start(verify as never, 'since', { since: 5, read_models: false });
    expect((await done('since')).result).toMatchObject({ is_right: true, events: 2, checkpoints: 0 });
    await start(verify as never, 'account', { account_id: 'a', read_models: true });
    expect((await done('account')).result).toMatchObject({ is_right: true, events: 5, streams: 1 });
  });

  it('is refused for what there is not', async () => {
    const { verify } = made.gateway();
    await expect(verify.check({ account_id: 'z', read_models: true })).rejects.toThrow('There is no account z.');
    await expect(verify.check({ since: 3, read_models: true })).rejects.toThrow('There is no checkpoint of 3 events.');
  });
});

describe('replaying', () => {
  it('puts rebuilt read models in place', async () => {
    await made.forge();
    const { replay, start, done } = made.gateway();
    await start(replay as never, 'r', { views: ['balances-1', 'keys-2'], diff: false });
    expect((await done('r')).result).toMatchObject({ views: [{ view: 'balances-1', events: 7 }, { events: 7 }] });
    expect((await made.readModels.load(balances.view, ['a'])).get('a')?.doc).toMatchObject({ posted: '9.99875' });
  });

  it('compares them, and changes nothing', async () => {
    await made.forge();
    const { replay, start, done } = made.gateway();
    await start(replay as never, 'r', { views: ['balances-1'], diff: true });
    const { result } = await done('r');
    expect(result).toEqual({ views: [{ view: 'balances-1', position: 6, differences: 1 }], differences: [FORGED] });
  });

  it('runs once, whichever of two gateways is asked', async () => {
    const [here, there] = [made.gateway(), made.gateway()];
    const input = { views: ['balances-1'], diff: false };
    const [one, other] = [
      await here.start(here.replay as never, 'r', input),
      await there.start(there.replay as never, 's', input),
    ];
    expect(other.id).toBe(one.id);
    await Promise.all([here.done('r'), there.done('r')]);
    expect((await here.done('r')).attempts).toBe(1);
  });

  it('knows read models by their names, with the version or without', () => {
    expect(viewsNamed(['balances', 'balances-1'])).toEqual(['balances-1']);
    expect(viewsNamed([])).toHaveLength(PROJECTIONS.length);
    expect(() => viewsNamed(['nothing'])).toThrow('There is no read model “nothing”. There are: balances-1, ');
  });
});

describe('replaying until a place in the log', () => {
  it('tells the rows as they were then, and changes nothing', async () => {
    const { until, start, done } = made.gateway();
    const live = await made.readModels.load(balances.view, ['a']);
    const heldAt = (await made.store.readAll(-1, 100)).find(({ type }) => type === 'HoldPlaced')?.position ?? 0;
    const of = async (id: string, position: number, more: JsonObject = {}) => {
      await start(until as never, id, { view: 'balances-1', until: { position }, ...more });
      return (await done(id)).result;
    };
    const held = { id: 'a', posted: '10.00', held: expect.not.stringMatching(/^0\.00$/), charges: 0 };
    expect(await of('then', heldAt)).toMatchObject({ position: heldAt, row_count: 1, rows: [held] });
    expect(await of('before', heldAt - 1)).toMatchObject({ rows: [{ held: '0.00' }] });
    expect(await of('other', heldAt, { account_id: 'b' })).toMatchObject({ row_count: 0, rows: [] });
    const now = await of('now', await made.store.head(), { account_id: 'a' });
    expect(now).toMatchObject({ rows: [{ ...live.get('a')?.doc, position: live.get('a')?.position }] });
    expect(await made.readModels.load(balances.view, ['a'])).toEqual(live);
  });

  it('tells a hundred rows at most, and how many there are', async () => {
    for (let call = 0; call < 120; call++) {
      await made.hold('a', `n${call}`);
      await made.release('a', `n${call}`);
    }
    const { until, start, done } = made.gateway();
    await start(until as never, 'u', { view: 'charges-5', until: { position: 1_000_000 } });
    const { rows, ...rest } = (await done('u')).result as { rows: unknown[] };
    expect(rest).toMatchObject({ view: 'charges-5', row_count: 121, position: await made.store.head() });
    expect(rows).toHaveLength(100);
  });

  it('shows no other rows than those that /api shows to operators', () => {
    expect(viewShown('balances').view.name).toBe('balances-1');
    const shown = ['balances-1', 'charges-5', 'lots-1', 'reratings-2'];
    const names = PROJECTIONS.map(({ view }) => view.name);
    expect(names.filter((name) => shown.includes(name))).toEqual(shown);
    for (const name of shown) expect(viewShown(name).view.name).toBe(name);
    for (const name of names.filter((each) => !shown.includes(each)))
      expect(() => viewShown(name)).toThrow(
        `The rows of ${name} are not shown here, only those of ${shown.join(', ')}.`,
      );
    expect(() => viewShown('nothing')).toThrow('There is no read model “nothing”.');
  });
});
