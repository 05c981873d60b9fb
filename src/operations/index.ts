export { createLogger, LOGGER, NestLogger } from './logger.js';
export { Lifecycle } from './lifecycle.js';
export { Metrics } from './metrics.js';
export { type MigrationReport, MigrationRefused, type MigrationStage, StoreMigration } from './migrate-store.js';
export { OperationsModule } from './operations.module.js';
export { PROJECTIONS } from './projections.js';
export { verify, type Verification } from './verify.js';
export { WorkersModule } from './workers.module.js';
export { journal, JOURNAL_FORMATS, type JournalFormat } from './journal.js';
