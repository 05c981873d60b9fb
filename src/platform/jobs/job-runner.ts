import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { EventStoreUnavailable, Progress, ReadModelsUnavailable, ViewBehind } from '../../event-store/index.js';
import { Clock, DAY_MS, type JsonObject, newId, Refused, toInstant } from '../../kernel/index.js';
import { DocumentStore, DocumentsUnavailable, type Stored } from '../documents/index.js';
import { LOGGER } from '../logger.js';
import { PeriodicWorkers } from '../periodic-workers.js';
import { closed, type Job, type JobKind, JOBS } from './job.js';

const LOOK_EVERY_MS = 2_000;
/** A gateway that has not been heard of for this long is dead, and its jobs are anybody’s. */
const LEASE_MS = 30_000;
/** Each reads whole ledgers, beside the calls of this gateway. */
const MOST_AT_ONCE = 2;
const MOST_ATTEMPTS = 10;
/** How long a job waits after an outage, in milliseconds. */
const RETRY_MS = 10_000;
const FORGET_EVERY_MS = 3_600_000;
const KEPT_MS = 90 * DAY_MS;
/** More than can run; those of kinds that only another release knows stay where they are. */
const MOST_LOOKED_AT = 100;

interface Execution {
  readonly stopping: AbortController;
  readonly progress: { done: number; total: number };
  readonly speed: Progress;
  ended: Promise<void>;
}

type Outcome = Pick<Job, 'status' | 'result' | 'error'>;

/**
 * Runs jobs, in every gateway. A job belongs to the gateway that took it for as long as that renews its lease; then another one runs it again. Two may run
 * one for a moment when their clocks differ or one of them stood still: the work itself does nothing twice.
 */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #runner = newId();
  readonly #kinds = new Map<string, JobKind>();
  readonly #running = new Map<string, Execution>();
  #stops = false;
  #round: Promise<void> | undefined;

  constructor(
    private readonly documents: DocumentStore,
    private readonly clock: Clock,
    private readonly workers: PeriodicWorkers,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  register(kind: JobKind): void {
    this.#kinds.set(kind.kind, kind);
  }

  onApplicationBootstrap(): void {
    this.workers.start({ name: 'running jobs', everyMs: LOOK_EVERY_MS, turn: () => this.look() });
    this.workers.start({ name: 'forgetting old jobs', everyMs: FORGET_EVERY_MS, turn: () => this.#forget() });
  }

  /** Ends what runs here; it goes on in another gateway, or in this one when it is back. */
  async onApplicationShutdown(): Promise<void> {
    this.#stops = true;
    for (const { stopping } of this.#running.values()) stopping.abort();
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  /** One round: renews what runs here, and takes what waits. Resolves when that is done, not when the jobs are. */
  look(): Promise<void> {
    this.#round ??= this.#look().finally(() => (this.#round = undefined));
    return this.#round;
  }

  /** Resolves when nothing runs here any more. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  async #look(): Promise<void> {
    await Promise.all([...this.#running].map(([id, execution]) => this.#renew(id, execution)));
    const below = { dueAt: this.clock.now() + 1 };
    const due = await this.documents.find(JOBS, { below, orderBy: 'dueAt', limit: MOST_LOOKED_AT });
    for (const stored of due) {
      const kind = this.#kinds.get(stored.doc.kind);
      if (this.#stops || this.#running.size >= MOST_AT_ONCE) return;
      if (kind !== undefined && !this.#running.has(stored.id)) await this.#take(stored, kind);
    }
  }

  async #take(stored: Stored<Job>, kind: JobKind): Promise<void> {
    const { doc } = stored;
    const now = this.clock.now();
    const finishedAt = toInstant(now);
    if (doc.cancelledBy !== undefined) {
      await this.documents.replace(JOBS, stored, closed(doc, { status: 'cancelled', finishedAt }));
    } else if (doc.attempts >= MOST_ATTEMPTS) {
      const message = `It was begun ${MOST_ATTEMPTS} times and never ended. The log of the gateways says why.`;
      const error = { code: 'job_given_up', message };
      await this.documents.replace(JOBS, stored, closed(doc, { status: 'failed', error, finishedAt }));
    } else {
      const { startedAt = finishedAt, attempts } = doc;
      const mine = { runner: this.#runner, dueAt: now + LEASE_MS, attempts: attempts + 1, startedAt };
      const taken = { ...doc, status: 'running' as const, ...mine };
      if (await this.documents.replace(JOBS, stored, taken)) this.#begin(stored.id, taken, kind);
    }
  }

  #begin(id: string, { by, input }: Job, kind: JobKind): void {
    const stopping = new AbortController();
    const progress = { done: 0, total: 0 };
    const execution: Execution = { stopping, progress, speed: new Progress(), ended: Promise.resolve() };
    this.#running.set(id, execution);
    const run = {
      id,
      by,
      signal: stopping.signal,
      progress: (done: number, total: number) => void Object.assign(progress, { done, total }),
    };
    // In a promise of its own, so that what a kind throws at once is an outcome like any other.
    const work = Promise.resolve().then(() => kind.run(input, run));
    execution.ended = this.#conclude(id, work, execution);
  }

  async #conclude(id: string, work: Promise<JsonObject>, execution: Execution): Promise<void> {
    try {
      const outcome = await work.then(succeeded, (error: unknown) => this.#outcomeOf(id, error));
      await this.#change(id, (job) => this.#ended(job, outcome, execution));
    } catch (error) {
      this.logger.error({ job: id, msg: `how a job ended could not be kept, so it runs again: ${String(error)}` });
    } finally {
      this.#running.delete(id);
    }
  }

  #ended(job: Job, outcome: Outcome | undefined, { stopping, ...execution }: Execution): Job {
    const now = this.clock.now();
    const finishedAt = toInstant(now);
    if (stopping.signal.aborted && job.cancelledBy === undefined)
      return { ...job, status: 'queued', dueAt: now, attempts: job.attempts - 1 };
    if (stopping.signal.aborted) return closed(job, { status: 'cancelled', finishedAt });
    if (outcome === undefined) return { ...job, status: 'queued', dueAt: now + RETRY_MS };
    const { done, total } = execution.progress;
    return closed({ ...job, ...(total > 0 && { progress: { done, total } }) }, { ...outcome, finishedAt });
  }

  /** Undefined after an outage, which passes. */
  #outcomeOf(job: string, error: unknown): Outcome | undefined {
    if (error instanceof Refused) {
      const { code, message } = error.rejection;
      return { status: 'failed', error: { code, message } };
    }
    if (isOutage(error)) {
      this.logger.warn({ job, msg: `a job waits for a store: ${(error as Error).message}` });
      return undefined;
    }
    this.logger.error({ job, err: error, msg: 'a job failed' });
    const message = `It failed for a reason that is ours. The log of the gateways has it under the job “${job}”.`;
    return { status: 'failed', error: { code: 'internal_error', message } };
  }

  async #renew(id: string, execution: Execution): Promise<void> {
    const { done, total } = execution.progress;
    if (total > 0) execution.speed.add({ at: performance.now(), position: done, events: done });
    const progress = figuresOf(execution);
    const dueAt = this.clock.now() + LEASE_MS;
    const job = await this.#change(id, (doc) => ({ ...doc, dueAt, ...(progress && { progress }) }));
    if (job === undefined || job.cancelledBy !== undefined) execution.stopping.abort();
  }

  /** Changes a job that is this gateway’s; undefined when it no longer is. */
  async #change(id: string, change: (job: Job) => Job): Promise<Job | undefined> {
    for (;;) {
      const found = await this.documents.get(JOBS, id);
      if (found?.doc.status !== 'running' || found.doc.runner !== this.#runner) return undefined;
      const changed = change(found.doc);
      if (await this.documents.replace(JOBS, found, changed)) return changed;
    }
  }

  async #forget(): Promise<void> {
    await this.documents.remove(JOBS, { below: { finishedAt: toInstant(this.clock.now() - KEPT_MS) } });
  }
}

const succeeded = (result: JsonObject): Outcome => ({ status: 'succeeded', result });

const isOutage = (error: unknown): boolean =>
  error instanceof EventStoreUnavailable ||
  error instanceof ReadModelsUnavailable ||
  error instanceof DocumentsUnavailable ||
  error instanceof ViewBehind;

function figuresOf({ progress: { done, total }, speed }: Pick<Execution, 'progress' | 'speed'>): Job['progress'] {
  if (total === 0) return undefined;
  const { secondsLeft } = speed.figures(total);
  return { done, total, ...(secondsLeft !== undefined && { secondsLeft: Math.ceil(secondsLeft) }) };
}
