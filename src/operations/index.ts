export { type Count, COUNTS, type GivenCounts, HandCharges } from './charges/hand-charges.js';
export { explanationText } from './explain/explanation-text.js';
export { Explanations } from './explain/explanations.js';
export {
  type MigrationReport,
  MigrationRefused,
  type MigrationStage,
  StoreMigration,
} from './migrate/migrate-store.js';
export { OperatorQueue } from './queue/operator-queue.js';
export { QUEUE_KINDS, type QueueKind } from './queue/queue-item.js';
export { PROJECTIONS } from './projections.js';
export * from './replay/replay.js';
export { verify, type Verification } from './verify/verify.js';
export { OperationsModule } from './operations.module.js';
