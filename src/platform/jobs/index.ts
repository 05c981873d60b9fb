export { type Job, JOB_STATUSES, type JobKind, type JobRun, type JobStatus, progressOf } from './job.js';
export { JobError, JobProgress, showJob, StartedJob } from './jobs.dto.js';
export { JobsModule } from './jobs.module.js';
export { Jobs } from './jobs.js';
