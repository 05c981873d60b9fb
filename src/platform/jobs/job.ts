import type { WalkProgress } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import type { Collection } from '../documents/index.js';
import type { Role } from '../http/index.js';

/** A kind of long work that a route starts and does not wait for. */
export interface JobKind<Input extends JsonObject = JsonObject, Result extends JsonObject = JsonObject> {
  /** In snake_case; stays the same from release to release, as queued jobs name it. */
  readonly kind: string;
  /** Who may see and cancel its jobs. */
  readonly role: Role;
  /**
   * Does the work, and returns at most a hundred rows about it. When its gateway dies, another one runs it again from the same input: it must go on from
   * what is booked, and do nothing twice. It ends early when the signal aborts. What it throws as `Refused` is told to whoever reads the job; an outage of
   * a store makes it run again later.
   */
  readonly run: (input: Input, job: JobRun) => Promise<Result>;
}

/** One run of a job, as its work sees it. */
export interface JobRun {
  readonly id: string;
  /** The user id of the person who started it. */
  readonly by: string;
  /** Aborts when somebody cancels the job, when the gateway stops, and when another gateway has taken the job. */
  readonly signal: AbortSignal;
  /** How much is done, of how much; in any unit, events as a rule. Costs nothing: call it as often as you like. */
  readonly progress: (done: number, total: number) => void;
}

/** Tells a job how far its walk through the log is. */
export const progressOf =
  ({ progress }: Pick<JobRun, 'progress'>) =>
  ({ position, head }: Pick<WalkProgress, 'position' | 'head'>): void =>
    progress(position + 1, head + 1);

export const JOB_STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** A job as it is kept. Instants are ISO 8601. */
export interface Job extends JsonObject {
  readonly kind: string;
  readonly role: Role;
  readonly input: JsonObject;
  /** A user id. */
  readonly by: string;
  readonly status: JobStatus;
  readonly createdAt: string;
  /** No two jobs that wait or run have the same key. */
  readonly key?: string;
  /** When a gateway may take it, in epoch milliseconds: a running one when its gateway has not been heard of for long. Missing when it is over. */
  readonly dueAt?: number;
  /** The run of a gateway that has it. */
  readonly runner?: string;
  /** How often it was begun, without runs that a shutdown ended. */
  readonly attempts: number;
  readonly startedAt?: string;
  readonly progress?: { readonly done: number; readonly total: number; readonly secondsLeft?: number };
  /** The user id of the person who cancelled it; it may still be running. */
  readonly cancelledBy?: string;
  readonly finishedAt?: string;
  readonly result?: JsonObject;
  readonly error?: { readonly code: string; readonly message: string };
}

export const JOBS: Collection<Job> = {
  name: 'jobs-1',
  unique: ['key'],
  indexes: ['role', 'dueAt', 'createdAt', 'finishedAt'],
};

/** The fields of a job that is over, without those that only an open one has. */
export function closed(
  { key: _key, dueAt: _dueAt, runner: _runner, ...job }: Job,
  outcome: Pick<Job, 'status' | 'result' | 'error'> & { readonly finishedAt: string },
): Job {
  return { ...job, ...outcome };
}
