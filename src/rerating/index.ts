export {
  type AccountReport,
  formatTotals,
  noTotals,
  plusReport,
  REPORT_COLUMNS,
  reportRows,
  type ReratingRow,
} from './dry-run.js';
export {
  readReratingEvent,
  type ReratingEvent,
  reratingEventSchemas,
  reratingStream,
  runOfStream,
} from './rerating.events.js';
export { ReratingModule } from './rerating.module.js';
export { type Proposal, RUN_STATUSES, type RunStatus } from './rerating.js';
export { type ReratingRun, reratingRuns } from './reratings.projection.js';
export { type ReratingRequest, Reratings, type Watched } from './reratings.js';
