// The part of the reconciliation that only a gateway has: HTTP and workers.
export { ReconciliationModule } from './reconciliation.module.js';
export { showSum, Sum } from './reconciliation.dto.js';
