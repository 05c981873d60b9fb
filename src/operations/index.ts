export {
  type MigrationReport,
  MigrationRefused,
  type MigrationStage,
  StoreMigration,
} from './migrate/migrate-store.js';
export { PROJECTIONS } from './projections.js';
export { verify, type Verification } from './verify/verify.js';
export { OperationsModule } from './operations.module.js';
export { JOURNAL_FORMATS, type JournalFormat } from './journal/journal-formats.js';
export { journal } from './journal/journal.js';
