export { type Comparison, RESOLUTIONS, type ResolutionAction } from './stripe/reconciliation.events.js';
export { dayOfReconciliation, readReconciliationEvent } from './stripe/reconciliation.events.js';
export { DailySums } from './stripe/ledger-balance.js';
export { CsvStatement } from './stripe/csv-statement.js';
export {
  type ItemRow,
  type ItemStatus,
  ITEM_STATUSES,
  type ComparisonRow,
  reconciliationDays,
  reconciliationItems,
} from './stripe/items.projection.js';
export { reconciliationStreams } from './stripe/postings.js';
export { periodOf } from './stripe/period.js';
export { Reconciler } from './stripe/reconciler.js';
export { Reconciliations } from './stripe/reconciliations.js';
export {
  type Balances,
  itemsOf,
  type Statement,
  StripeBalance,
  type StripeTransaction,
} from './stripe/stripe-balance.js';
export { stripeEntries, type StripeEntriesRow } from './stripe/stripe-entries.projection.js';
export { ReconciliationCoreModule } from './reconciliation-core.module.js';
export { ageDays, REPORT_COLUMNS, reportRows } from './stripe/report.js';
export { BILL_FORMATS, type BillFormat } from './providers/bill.js';
export { type ComparedLine, percentageOf } from './providers/compare.js';
export { DIFFERENCE_COLUMNS, differenceRow } from './providers/difference-rows.js';
export { PROVIDER_RESOLUTIONS, type ProviderResolution } from './providers/provider-bill.events.js';
export { providerBillStreams } from './providers/provider-bill.postings.js';
export { ConfiguredChannels } from './providers/configured-channels.js';
export { ProviderBills } from './providers/provider-bills.js';
export { billImports, type BillLineRow, billLines } from './providers/provider-bills.projection.js';
export { ProviderBillsCoreModule, ProviderBillsModule } from './providers/provider-bills.module.js';
export { readMapping, readPairs } from './providers/read-mapping.js';
