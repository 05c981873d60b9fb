export { type Job, type JobKind, type JobRun, progressOf } from './job.js';
export { factsOf, JobFacts, showJob, StartedJob } from './jobs.dto.js';
export { JobsModule } from './jobs.module.js';
export { Jobs } from './jobs.js';
