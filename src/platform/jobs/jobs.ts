import { Injectable, Logger } from '@nestjs/common';
import { Clock, type JsonObject, refuse, Refused, toInstant } from '../../kernel/index.js';
import { DocumentStore, type Stored } from '../documents/index.js';
import { type ListQuery, notACursor, type Page, pageOf, type Role } from '../http/index.js';
import { JobRunner } from './job-runner.js';
import { closed, type Job, type JobKind, JOBS, type JobStatus } from './job.js';

export interface JobStart<Input extends JsonObject> {
  /** The job’s id: that of the request, so that a repeated one starts nothing more. */
  readonly id: string;
  readonly input: Input;
  /** The user id of the person who starts it. */
  readonly by: string;
  /** While a job of the same kind with this key waits or runs, that one is the answer. */
  readonly key?: string;
}

/** Which jobs are wanted; those that people of `role` may see, without more. */
export interface JobFilter {
  readonly role: Role;
  readonly kind?: string | undefined;
  readonly status?: JobStatus | undefined;
}

/** Long work that people start and look at through /api. It is kept with the people, and outlives the gateway that runs it. */
@Injectable()
export class Jobs {
  readonly #logger = new Logger('jobs');

  constructor(
    private readonly documents: DocumentStore,
    private readonly runner: JobRunner,
    private readonly clock: Clock,
  ) {}

  /** Says how work of a kind is done. Every gateway knows every kind: the owner of the work calls it while it is made. */
  register<Input extends JsonObject, Result extends JsonObject>(kind: JobKind<Input, Result>): void {
    this.runner.register(kind as unknown as JobKind);
  }

  /** Queues a job; it begins at once when a gateway has room. */
  async start<Input extends JsonObject>(
    { kind, role }: Pick<JobKind, 'kind' | 'role'>,
    { id, input, by, key }: JobStart<Input>,
  ): Promise<Stored<Job>> {
    const now = this.clock.now();
    const job: Job = {
      kind,
      role,
      input,
      by,
      status: 'queued',
      createdAt: toInstant(now),
      dueAt: now,
      attempts: 0,
      ...(key !== undefined && { key: `${kind}/${key}` }),
    };
    const stored = await this.#insert(id, job);
    this.runner.look().catch((error: unknown) => this.#logger.warn(`jobs could not be looked at: ${String(error)}`));
    return stored;
  }

  /** @throws Refused `job_not_found` */
  async get(role: Role, id: string): Promise<Stored<Job>> {
    const found = await this.documents.get(JOBS, id);
    if (found?.doc.role === role) return found;
    throw new Refused(refuse('not_found', 'job_not_found', `There is no job “${id.slice(0, 40)}”.`));
  }

  /** A page of jobs, newest first. @throws ApiError when the cursor is of no such page */
  async page<Item>(
    filter: JobFilter,
    { limit, cursor }: ListQuery,
    show: (job: Stored<Job>) => Item,
  ): Promise<Page<Item>> {
    const after = cursor === undefined ? undefined : await this.documents.get(JOBS, cursor);
    if (cursor !== undefined && after?.doc.role !== filter.role) throw notACursor();
    const { role, kind, status } = filter;
    const where = { role, ...(kind !== undefined && { kind }), ...(status !== undefined && { status }) };
    const query = { where, orderBy: 'createdAt', descending: true, limit: limit + 1 };
    const found = await this.documents.find(JOBS, { ...query, ...(after && { after }) });
    const shown = found.slice(0, limit);
    return pageOf(shown.map(show), found.length > limit ? shown.at(-1)?.id : undefined);
  }

  /** Ends a job that waits, and asks one that runs to end; what it has booked stays. @throws Refused `job_not_found`, `job_over` */
  async cancel(role: Role, id: string, by: string): Promise<Stored<Job>> {
    for (;;) {
      const found = await this.get(role, id);
      const { status, cancelledBy = by } = found.doc;
      if (status !== 'queued' && status !== 'running') throw new Refused(over(status));
      const asked = { ...found.doc, cancelledBy };
      const ended = closed(asked, { status: 'cancelled', finishedAt: toInstant(this.clock.now()) });
      if (!(await this.documents.replace(JOBS, found, status === 'queued' ? ended : asked))) continue;
      await this.runner.look();
      return this.get(role, id);
    }
  }

  async #insert(id: string, job: Job): Promise<Stored<Job>> {
    for (;;) {
      await this.documents.insert(JOBS, id, job);
      const stored = await this.documents.get(JOBS, id);
      if (stored !== undefined) return stored;
      const [open] = await this.documents.find(JOBS, { where: { key: job.key ?? '' }, limit: 1 });
      if (open !== undefined) return open; // otherwise it ended just now
    }
  }
}

const over = (status: string) =>
  refuse('conflict', 'job_over', `The job is over: it is ${status}. What it did stays; start another one.`);
