import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { FIRST, MODEL, ReratingDesk } from '../../../test/support/rerating/desk.js';
import { dyingProcess } from '../../../test/support/rerating/process-store.js';
import { MemoryDocumentStore } from '../../adapters/memory/memory-document-store.js';
import { type EventStore, WaitFor } from '../../event-store/index.js';
import { DAY_MS, toInstant, usd } from '../../kernel/index.js';
import { accountStream } from '../../ledger/index.js';
import { Jobs } from '../../platform/jobs/index.js';
import { JobRunner } from '../../platform/jobs/job-runner.js';
import { PeriodicWorkers } from '../../platform/periodic-workers.js';
import { formatTotals, noTotals, plusReport, reratingStream } from '../../rerating/index.js';
import { ReratingJobs } from './rerating-jobs.js';
import { showPlanned } from './reratings.dto.js';

const ADA = { id: 'proposal', by: 'ada' };
const logger = pino({ level: 'silent' });
const body = {
  from: toInstant(FIRST),
  to: toInstant(FIRST + DAY_MS),
  price_version: 2,
  policy: 'bill',
  reason: 'a price cut',
} as const;

let desk: ReratingDesk;
let documents: MemoryDocumentStore;
beforeEach(async () => {
  desk = new ReratingDesk();
  documents = new MemoryDocumentStore();
  await desk.publish('2.50', '10', '1');
  for (const account of ['a', 'b']) {
    await desk.open(account, usd('1'));
    await desk.call(account, `call-${account}`, FIRST, 1_000);
  }
  await desk.publish('2.50', '5', '1');
});

function gateway(store: EventStore = desk.store, waitFor?: WaitFor) {
  const runner = new JobRunner(documents, desk.clock, new PeriodicWorkers(logger), logger);
  const jobs = new Jobs(documents, runner, desk.clock);
  const reratings = desk.another({ store, ...(waitFor && { waitFor }) });
  const work = new ReratingJobs(jobs, reratings, desk.clock);
  work.onModuleInit();
  const ended = async (id: string) => {
    await runner.look();
    await runner.idle();
    return (await jobs.get('operator', id)).doc;
  };
  return { runner, jobs, reratings, work, ended };
}

const eventsOf = async (stream: string) =>
  (await desk.store.readStream(stream, 0, 100)).map(({ type }) => type).filter((type) => /Rerat/.test(type));

it('proposes a run that has the id of its job, once, however often the job runs', async () => {
  const { work, ended, reratings } = gateway();
  expect((await work.propose(ADA, { ...body })).doc.input).toEqual(body);
  expect(await ended('proposal')).toMatchObject({ status: 'succeeded', result: { rerating_id: 'proposal' } });
  const request = desk.request(2, { to: body.to });
  await reratings.propose(request, { by: 'ada', reason: body.reason }, { runId: 'proposal' });
  expect(await eventsOf(reratingStream('proposal'))).toEqual(['ReratingProposed']);
});

describe('a dry run', () => {
  const { reason: _reason, ...asked } = body;
  const listOf = async <T>(all: AsyncIterable<T>): Promise<T[]> => {
    const list: T[] = [];
    for await (const each of all) list.push(each);
    return list;
  };

  it.each([{}, { account_id: 'b' }, { model: MODEL }])(
    'of %j finds what the command line finds, and a proposal, and records nothing',
    async (only) => {
      await desk.publish('50000', '5', '1');
      const { work, ended, reratings } = gateway();
      const head = await desk.store.head();
      const dear = { ...asked, ...only, price_version: 3 };
      await work.dryRun({ id: 'dry', by: 'ada' }, dear);
      const { status, result, input } = await ended('dry');
      expect([status, input]).toEqual(['succeeded', { ...dear, as_of: toInstant(desk.clock.time) }]);
      const request = desk.request(3, { to: body.to, accountId: dear.account_id, model: dear.model });
      const there = await listOf(reratings.dryRun(request));
      expect(await listOf(await work.tried('dry'))).toEqual(there);
      expect(await desk.store.head()).toBe(head);
      const planned = showPlanned(formatTotals(there.reduce(plusReport, noTotals)));
      expect(planned.charges).toBe(there.length);
      expect(planned.below_zero).toBe(there.length);
      expect(result).toEqual({ planned });
    },
  );

  it('is cancelled on its way, and then has found nothing', async () => {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    class Waiting extends WaitFor {
      override async head(): Promise<void> {
        reached.resolve();
        await released.promise;
      }
    }
    const { work, ended, jobs } = gateway(desk.store, new Waiting(desk.store, desk.readModels));
    await work.dryRun({ id: 'dry', by: 'ada' }, asked);
    await reached.promise;
    await expect(work.tried('dry')).rejects.toMatchObject({ rejection: { code: 'dry_run_not_done' } });
    await jobs.cancel('operator', 'dry', 'bob');
    released.resolve();
    expect(await ended('dry')).toMatchObject({ status: 'cancelled', cancelledBy: 'bob' });
    await expect(work.tried('dry')).rejects.toThrow('This dry run is cancelled.');
  });

  it('is refused at once where no proposal could be made, and is told apart from other jobs', async () => {
    const { work, ended } = gateway();
    const refused = (code: string) => ({ rejection: { code } });
    const order = { id: 'job', by: 'ada' };
    for (const [wrong, code] of [
      [{ price_version: 9 }, 'price_list_not_found'],
      [{ to: body.from }, 'invalid_period'],
      [{ model: 'gpt-4o-mini' }, 'model_not_found'],
    ] as const)
      await expect(work.dryRun(order, { ...asked, ...wrong })).rejects.toMatchObject(refused(code));
    await work.propose(ADA, { ...body });
    await ended('proposal');
    await expect(work.tried('proposal')).rejects.toMatchObject(refused('job_not_found'));
    await expect(work.tried('none')).rejects.toMatchObject(refused('job_not_found'));
  });
});

it('fails where there is nothing to re-rate', async () => {
  const { work, ended } = gateway();
  await desk.open('c', usd('1'));
  await work.propose(ADA, { ...body, account_id: 'c' });
  expect(await ended('proposal')).toMatchObject({ status: 'failed', error: { code: 'nothing_to_rerate' } });
});

it('books a run in another gateway when the one that had the job died, with no one’s help', async () => {
  const { store, died } = dyingProcess(desk.store, 1, 'after');
  const [here, there] = [gateway(store), gateway()];
  const run = await desk.approved(desk.request(2));
  await here.work.apply({ id: 'application', by: 'bob' }, run);
  await died;
  expect(await eventsOf(accountStream('a'))).toEqual(['ChargeRerated']);
  expect(await there.ended('application')).toMatchObject({ status: 'running' });
  desk.clock.time += 30_001;
  expect(await there.ended('application')).toMatchObject({ status: 'succeeded', result: { rerating_id: run } });
  expect(await eventsOf(reratingStream(run))).toEqual([
    'ReratingProposed',
    'ReratingApproved',
    'AccountRerated',
    'AccountRerated',
    'ReratingCompleted',
  ]);
  expect(await desk.balances()).toEqual({ a: '0.99475', b: '0.99475' });
});

it('has one job for the application of a run, and ends it when the run is cancelled', async () => {
  const { work, ended, reratings } = gateway();
  const run = await desk.approved(desk.request(2));
  await reratings.cancel(run, { by: 'eve', reason: 'the wrong month' });
  await expect(work.apply({ id: 'late', by: 'bob' }, run)).rejects.toThrow('This run is cancelled.');
  const other = await desk.approved(desk.request(2));
  const first = await work.apply({ id: 'first', by: 'bob' }, other);
  expect((await work.apply({ id: 'second', by: 'ada' }, other)).id).toBe(first.id);
  await reratings.cancel(other, { by: 'eve', reason: 'the wrong month' });
  expect(await ended('first')).toMatchObject({ status: 'failed', error: { code: 'rerating_cancelled' } });
});

it('undoes a run by another one, which has the id of its job', async () => {
  const { work, ended } = gateway();
  const run = await desk.run(desk.request(2));
  await work.reverse({ id: 'reversal', by: 'ada' }, run, 'the wrong month');
  expect(await ended('reversal')).toMatchObject({ status: 'succeeded', result: { rerating_id: 'reversal' } });
});

it('refuses at once what no job could do', async () => {
  const { work } = gateway();
  const refused = (code: string) => ({ rejection: { code } });
  const order = { id: 'job', by: 'ada' };
  await expect(work.propose(order, { ...body, price_version: 9 })).rejects.toMatchObject(
    refused('price_list_not_found'),
  );
  await expect(work.propose(order, { ...body, to: body.from })).rejects.toMatchObject(refused('invalid_period'));
  await expect(work.reverse(order, 'none', 'why')).rejects.toMatchObject(refused('rerating_not_found'));
  const { reratings } = desk;
  const run = (await reratings.propose(desk.request(2), { by: 'ada', reason: 'why' })) ?? '';
  await expect(work.apply(order, run)).rejects.toMatchObject(refused('rerating_not_approved'));
});
