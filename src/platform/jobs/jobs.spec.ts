import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryDocumentStore } from '../../adapters/memory/memory-document-store.js';
import { ReadModelsUnavailable } from '../../event-store/index.js';
import { Clock, type JsonObject, refuse, Refused } from '../../kernel/index.js';
import { PeriodicWorkers } from '../periodic-workers.js';
import { JobRunner } from './job-runner.js';
import type { JobKind, JobRun } from './job.js';
import { Jobs } from './jobs.js';

class SetClock extends Clock {
  at = Date.parse('2026-03-01T00:00:00Z');
  override now = () => this.at;
}

/** A piece of work whose end the test decides. */
class Work implements JobKind {
  readonly kind = 'sums';
  readonly role = 'operator';
  readonly runs: (JobRun & {
    readonly input: JsonObject;
    end: (result: JsonObject) => void;
    fail: (error: Error) => void;
  })[] = [];
  readonly run = (input: JsonObject, job: JobRun) =>
    new Promise<JsonObject>((resolve, reject) => {
      this.runs.push({ ...job, input, end: resolve, fail: reject });
      job.signal.addEventListener('abort', () => resolve({ partly: true }));
    });
}

let documents: MemoryDocumentStore;
let clock: SetClock;

const logger = pino({ level: 'silent' });
function gateway() {
  const runner = new JobRunner(documents, clock, new PeriodicWorkers(logger), logger);
  const work = new Work();
  const jobs = new Jobs(documents, runner, clock);
  jobs.register(work);
  return { runner, work, jobs, stop: () => runner.onApplicationShutdown() };
}

const start = async ({ jobs, runner }: ReturnType<typeof gateway>, id = 'job-1', key?: string) => {
  const started = await jobs.start(
    { kind: 'sums', role: 'operator' },
    { id, input: { upTo: 9 }, by: 'olga', ...(key && { key }) },
  );
  await runner.look();
  return started;
};
const status = async ({ jobs }: ReturnType<typeof gateway>, id = 'job-1') =>
  (await jobs.get('operator', id)).doc.status;

beforeEach(() => {
  documents = new MemoryDocumentStore();
  clock = new SetClock();
});

describe('a job', () => {
  it('waits, runs with its input and its person, and keeps its result', async () => {
    const here = gateway();
    expect((await start(here)).doc).toMatchObject({ status: 'queued', by: 'olga' });
    expect(await status(here)).toBe('running');
    expect(here.work.runs).toMatchObject([{ id: 'job-1', by: 'olga', input: { upTo: 9 } }]);
    here.work.runs[0]?.end({ sum: '45' });
    await here.runner.idle();
    const { doc } = await here.jobs.get('operator', 'job-1');
    expect(doc).toMatchObject({ status: 'succeeded', result: { sum: '45' }, finishedAt: '2026-03-01T00:00:00.000Z' });
    expect(doc).not.toHaveProperty('dueAt');
  });

  it('shows how far it is', async () => {
    const here = gateway();
    await start(here);
    here.work.runs[0]?.progress(250, 1_000);
    await here.runner.look();
    expect((await here.jobs.get('operator', 'job-1')).doc.progress).toMatchObject({ done: 250, total: 1_000 });
    here.work.runs[0]?.progress(500, 1_000);
    await here.runner.look();
    expect((await here.jobs.get('operator', 'job-1')).doc.progress).toHaveProperty('secondsLeft');
    here.work.runs[0]?.end({});
    await here.runner.idle();
    expect((await here.jobs.get('operator', 'job-1')).doc.progress).toEqual({ done: 500, total: 1_000 });
  });

  it('is started once by a request that is repeated', async () => {
    const here = gateway();
    await start(here);
    await start(here);
    expect(here.work.runs).toHaveLength(1);
  });

  it('is the answer to others with its key until it is over', async () => {
    const here = gateway();
    await start(here, 'first', 'all');
    expect((await start(here, 'second', 'all')).id).toBe('first');
    here.work.runs[0]?.end({});
    await here.runner.idle();
    expect((await start(here, 'third', 'all')).id).toBe('third');
  });

  it('tells why it was refused', async () => {
    const here = gateway();
    await start(here);
    here.work.runs[0]?.fail(new Refused(refuse('conflict', 'no_prices', 'There are no prices.')));
    await here.runner.idle();
    const error = { code: 'no_prices', message: 'There are no prices.' };
    expect((await here.jobs.get('operator', 'job-1')).doc).toMatchObject({ status: 'failed', error });
  });

  it('says nothing of what went wrong inside', async () => {
    const here = gateway();
    await start(here);
    here.work.runs[0]?.fail(new Error('secret'));
    await here.runner.idle();
    const { doc } = await here.jobs.get('operator', 'job-1');
    expect(doc.error?.code).toBe('internal_error');
    expect(JSON.stringify(doc)).not.toContain('secret');
  });

  it('runs again after an outage, and is given up after ten times', async () => {
    const here = gateway();
    await start(here);
    for (let run = 0; run < 10; run += 1) {
      here.work.runs[run]?.fail(new ReadModelsUnavailable('down'));
      await here.runner.idle();
      await here.runner.look();
      expect(here.work.runs).toHaveLength(run + 1);
      clock.at += 10_000;
      await here.runner.look();
    }
    expect(here.work.runs).toHaveLength(10);
    expect((await here.jobs.get('operator', 'job-1')).doc.error?.code).toBe('job_given_up');
  });
});

describe('cancelling', () => {
  it('ends a job that runs, wherever that is', async () => {
    const [here, there] = [gateway(), gateway()];
    await start(here);
    expect((await there.jobs.cancel('operator', 'job-1', 'otto')).doc).toMatchObject({ cancelledBy: 'otto' });
    expect(here.work.runs[0]?.signal.aborted).toBe(false);
    await here.runner.look();
    await here.runner.idle();
    expect((await here.jobs.get('operator', 'job-1')).doc).toMatchObject({ status: 'cancelled', cancelledBy: 'otto' });
  });

  it('ends one that waits for room at once', async () => {
    const here = gateway();
    for (const id of ['a', 'b', 'c']) await start(here, id);
    expect(await status(here, 'c')).toBe('queued');
    await here.jobs.cancel('operator', 'c', 'otto');
    expect(await status(here, 'c')).toBe('cancelled');
    await expect(here.jobs.cancel('operator', 'c', 'otto')).rejects.toThrow('it is cancelled');
  });

  it('is not for other roles', async () => {
    const here = gateway();
    await start(here);
    await expect(here.jobs.cancel('finance', 'job-1', 'fay')).rejects.toThrow('There is no job');
  });
});

describe('a gateway that goes away', () => {
  it('hands its jobs to others when it is stopped', async () => {
    const [here, there] = [gateway(), gateway()];
    await start(here);
    await there.runner.look();
    expect(there.work.runs).toHaveLength(0);
    await here.stop();
    await there.runner.look();
    expect(there.work.runs).toMatchObject([{ input: { upTo: 9 } }]);
    expect((await there.jobs.get('operator', 'job-1')).doc.attempts).toBe(1);
  });

  it('loses its jobs when it is not heard of for half a minute, and ends them when it is back', async () => {
    const [here, there] = [gateway(), gateway()];
    await start(here);
    clock.at += 29_000;
    await there.runner.look();
    expect(there.work.runs).toHaveLength(0);
    await here.runner.look();
    clock.at += 31_000;
    await there.runner.look();
    expect(there.work.runs).toHaveLength(1);
    await here.runner.look();
    expect(here.work.runs[0]?.signal.aborted).toBe(true);
    await here.runner.idle();
    there.work.runs[0]?.end({ sum: '45' });
    await there.runner.idle();
    expect((await there.jobs.get('operator', 'job-1')).doc).toMatchObject({ status: 'succeeded', attempts: 2 });
  });
});
