// Gateways of one release and of two, side by side on one ledger and one store of read models.
import type { FastifyReply } from 'fastify';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../../test/support/ledger/commands.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { loadConfig, RELEASE } from '../../platform/config.js';
import { keptViews, type Projection, ViewBehind, WaitFor } from '../../event-store/index.js';
import { Clock, SystemClock } from '../../kernel/index.js';
import { Accounts, balances, keys } from '../../ledger/index.js';
import { ClockWatch } from './clock-watch.js';
import { Health } from '../health/health.js';
import { HealthController } from '../health/health.controller.js';
import { loggedFeed } from '../../platform/event-feed/index.js';
import { Lifecycle } from '../../platform/lifecycle.js';
import { Metrics } from '../../platform/metrics.js';
import { PeriodicWorkers } from '../../platform/periodic-workers.js';
import type { SealWorker } from '../../seals/index.js';
import { ProjectionGauges } from './projection-gauges.js';
import { ProjectionRunner } from './projection-runner.js';

const SERVERS = loadConfig({ EVENT_STORE_URL: 'esdb://127.0.0.1:2113?tls=false' });
const TAKEOVER = { timeout: 15_000 };

/** Sees every event of a test as one of an hour ago. */
class LaterClock extends Clock {
  override now(): number {
    return Date.now() + HOUR;
  }
}

type Made = Awaited<ReturnType<typeof ledgerWithHistory>>;

const running = new Set<ProjectionRunner>();
const stop = async (runner: ProjectionRunner): Promise<void> => {
  running.delete(runner);
  await runner.onApplicationShutdown();
};
afterEach(async () => {
  await Promise.all([...running].map(stop));
});

/** What a gateway that keeps these projections does about them, with its metrics and its log. */
function gateway({ store, readModels, accounts }: Made, ...projections: readonly Projection[]) {
  const metrics = new Metrics();
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => log.push(JSON.parse(line) as Record<string, unknown>) });
  const runner = new ProjectionRunner(
    store,
    readModels,
    metrics,
    accounts,
    new LaterClock(),
    new PeriodicWorkers(logger),
    logger,
    SERVERS,
    projections,
    loggedFeed(store, logger),
  );
  const gauges = new ProjectionGauges(runner, metrics);
  running.add(runner);
  runner.onApplicationBootstrap();
  const statusOf = async (name: string) => (await runner.statuses()).find((status) => status.name === name);
  const gauge = async (name: string) => {
    const lines = (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
    return Object.fromEntries(lines.map((line) => [/"(.+)"/.exec(line)?.[1], Number(line.split(' ').at(-1))]));
  };
  return { runner, gauges, log, statusOf, gauge };
}

async function readiness({ store, readModels }: Made, runner: ProjectionRunner) {
  const answered: { status?: number; body?: unknown } = {};
  const reply = {
    status: (status: number) =>
      Object.assign(reply, { send: (body: unknown) => Object.assign(answered, { status, body }) }),
  };
  const [accounts, metrics] = [new Accounts(store, readModels), new Metrics()];
  const clocks = new ClockWatch(accounts, new SystemClock(), metrics, pino({ level: 'silent' }));
  const health = new HealthController(
    new Health(store, accounts, readModels, runner, clocks),
    new Lifecycle(),
    metrics,
    clocks,
    {
      fault: undefined,
    } as SealWorker,
  );
  await health.ready(reply as unknown as FastifyReply);
  return answered;
}

const old: Projection = balances;
const v2: Projection = {
  view: { name: 'balances-2', indexes: [['spent']] },
  rowId: (event) => old.rowId(event),
  step: (row, event) => ({ ...old.step(row, event), version: 2 }),
};
const poisoned: Projection = {
  view: { name: 'poisoned-1', indexes: [] },
  rowId: ({ type }) => type,
  step(_row, { type }) {
    if (type === 'HoldPlaced') throw new Error('this can’t be');
    return {};
  },
};

/** Holds back what is written to a view until it is opened. */
function gate({ readModels }: Made, { view: { name } }: Projection): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  const apply = readModels.apply.bind(readModels);
  readModels.apply = async (view, batch) => {
    if (view.name === name) await promise;
    return apply(view, batch);
  };
  return resolve;
}

const chargesIn =
  ({ readModels }: Made, { view }: Projection) =>
  async (): Promise<unknown> =>
    (await readModels.load(view, ['a'])).get('a')?.doc['charges'];

describe('a new version of a projection', () => {
  it('is built beside the old one, which its release keeps all the while; reads of the new one wait', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.hold('a', 'c1');
    await made.settle('a', 'c1', 10);
    const before = gateway(made, old);
    await expect.poll(chargesIn(made, old)).toBe(1);

    const open = gate(made, v2);
    const after = gateway(made, v2);
    await expect
      .poll(() => after.log.find(({ projection }) => projection === 'balances-2'), TAKEOVER)
      .toMatchObject({
        percent: 0,
        lagSeconds: expect.closeTo(3_600, -2) as number,
        msg: expect.stringContaining('far behind') as string,
      });
    expect(await after.statusOf('balances-2')).toMatchObject({ state: 'building', done: 0, inUse: true });
    expect(await readiness(made, after.runner)).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { projections: [{ name: 'balances-2', state: 'building', progress: 0 }] } },
    });
    expect(await before.statusOf('balances-1')).toMatchObject({ state: 'live', inUse: true });
    const reads = new WaitFor(made.store, made.readModels, 100);
    await expect(reads.head(v2.view)).rejects.toThrow(ViewBehind);

    await made.hold('a', 'c2');
    await made.settle('a', 'c2', 10);
    await expect.poll(chargesIn(made, old)).toBe(2);
    expect(await chargesIn(made, v2)()).toBeUndefined();

    open();
    await new WaitFor(made.store, made.readModels).head(v2.view);
    expect((await made.readModels.load(v2.view, ['a'])).get('a')?.doc).toMatchObject({ charges: 2, version: 2 });
    await expect.poll(() => after.log.map(({ msg }) => msg), TAKEOVER).toContain('a read model has caught up');
    expect(await after.statusOf('balances-2')).toMatchObject({ state: 'live', lagSeconds: 0, done: 1 });

    await made.hold('a', 'c3');
    await made.settle('a', 'c3', 10);
    await expect.poll(chargesIn(made, old)).toBe(3);
    await expect.poll(chargesIn(made, v2)).toBe(3);

    await stop(before.runner);
    await made.hold('a', 'c4');
    await made.settle('a', 'c4', 10);
    await expect.poll(chargesIn(made, v2)).toBe(4);
    expect(await chargesIn(made, old)()).toBe(3);
  });
});

describe('of several gateways of a release', () => {
  it('one keeps each view, and another takes over when it is gone', async () => {
    const made = await ledgerWithHistory();
    const [first, second] = [gateway(made, old), gateway(made, old)];
    await made.open('a');
    await expect.poll(chargesIn(made, old)).toBe(0);
    const events = async () => [await first.gauge(TAKEN), await second.gauge(TAKEN)].map((by) => by['balances-1'] ?? 0);
    const [byFirst = 0, bySecond = 0] = await events();
    expect(Math.min(byFirst, bySecond)).toBe(0);
    expect((await keptViews(made.readModels)).get('balances-1')).toMatchObject({ release: RELEASE });
    const [keeper, other] = byFirst > 0 ? [first, second] : [second, first];
    await stop(keeper.runner);
    await made.hold('a', 'c1');
    await made.settle('a', 'c1', 10);
    await expect.poll(chargesIn(made, old), TAKEOVER).toBe(1);
    expect((await other.gauge(TAKEN))['balances-1']).toBeGreaterThan(0);
  });
});

const TAKEN = 'tokenhub_projected_events_total';

describe('an event that a projection can’t take in', () => {
  it('stops that projection only, and every gateway says so and why', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    await made.hold('a', 'c1');
    const gateways = [gateway(made, poisoned, old), gateway(made, poisoned, old)];
    const reason = 'poisoned-1 stopped at HoldPlaced, revision 3 of account-a: Error: this can’t be';
    for (const { statusOf, gauge } of gateways) {
      await expect.poll(() => statusOf('poisoned-1'), TAKEOVER).toMatchObject({ state: 'stopped', reason });
      expect(await gauge('tokenhub_projection_stopped')).toEqual({ 'poisoned-1': 1, 'balances-1': 0 });
    }
    expect(gateways.flatMap(({ log }) => log.filter(({ level }) => level === 50))).toMatchObject([
      { projection: 'poisoned-1', err: { message: expect.stringContaining(reason) as string } },
    ]);
    await made.settle('a', 'c1', 10);
    await expect.poll(chargesIn(made, old)).toBe(1);
  });
});

describe('the metrics of projections', () => {
  it('tell how far each is behind, in seconds', async () => {
    const made = await ledgerWithHistory();
    await made.open('a');
    gate(made, old);
    const { gauge } = gateway(made, old, keys);
    await expect.poll(() => gauge('tokenhub_projection_progress')).toEqual({ 'balances-1': 0, 'keys-2': 1 });
    const seconds = await gauge('tokenhub_projection_lag_seconds');
    expect(seconds['keys-2']).toBe(0);
    expect(seconds['balances-1']).toBeGreaterThan(3_590);
    running.clear(); // what is held back at the gate never ends
  });

  it('are left out while a store is down, and the others are there', async () => {
    const made = await ledgerWithHistory();
    const { runner, gauge, log } = gateway(made, old);
    await expect.poll(() => gauge('tokenhub_projection_lag_seconds')).toEqual({ 'balances-1': 0 });
    const { readModels } = made;
    const up = { find: readModels.find.bind(readModels), load: readModels.load.bind(readModels) };
    const down = () => Promise.reject(new Error('no server'));
    Object.assign(readModels, { find: down, load: down });
    expect(await gauge('tokenhub_projection_lag_seconds')).toEqual({});
    await expect(runner.statuses()).rejects.toThrow('no server');
    const warnings = () => log.filter(({ level }) => level === 40);
    await expect.poll(() => warnings().length, TAKEOVER).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(warnings()).toHaveLength(1);
    Object.assign(readModels, up);
    await expect.poll(() => log.map(({ msg }) => msg), TAKEOVER).toContain('all projections go on');
    expect(await gauge('tokenhub_projection_lag_seconds')).toEqual({ 'balances-1': 0 });
  });
});

it('a read model that went with the ledger a moment ago is not compared with it again at each look', async () => {
  const made = await ledgerWithHistory();
  await made.open('a');
  const { statusOf } = gateway(made, balances);
  await expect.poll(async () => (await statusOf('balances-1'))?.state, TAKEOVER).toBe('live');
  let compared = 0;
  const readStream = made.store.readStream.bind(made.store);
  made.store.readStream = (...range) => {
    compared++;
    return readStream(...range);
  };
  for (let look = 0; look < 5; look++) expect(await statusOf('balances-1')).toMatchObject({ state: 'live' });
  expect(compared).toBe(0);
});

it('a read model that is lost while gateways run is made anew, though no event comes', TAKEOVER, async () => {
  const made = await ledgerWithHistory();
  await made.open('a');
  const { statusOf } = gateway(made, balances);
  const rows = async () => (await made.readModels.find(balances.view, { limit: 9 })).length;
  await expect.poll(async () => (await statusOf('balances-1'))?.state, TAKEOVER).toBe('live');
  await made.readModels.replace(balances.view, { name: 'nothing', indexes: [] });
  expect(await rows()).toBe(0);
  await expect.poll(rows, TAKEOVER).toBe(1);
});

it('a snapshot of an account that can’t be read is told, and the account is made from its events', async () => {
  const made = await ledgerWithHistory();
  await made.open('a');
  const { log } = gateway(made, old);
  const load = made.readModels.load.bind(made.readModels);
  made.readModels.load = async (view, ids) => {
    if (view.name.startsWith('account-snapshots-')) throw new Error('a document of 17 MB');
    return load(view, ids);
  };
  const accounts = new Accounts(made.store, made.readModels);
  const other = gateway({ ...made, accounts }, old);
  expect(await accounts.read('a', ({ accountId }) => accountId)).toBe('a');
  expect(other.log).toContainEqual(
    expect.objectContaining({ outage: 'snapshots', msg: expect.stringContaining('a document of 17 MB') as string }),
  );
  expect(
    log.filter(({ outage }) => outage === 'snapshots'),
    'of another gateway’s accounts',
  ).toEqual([]);
});
