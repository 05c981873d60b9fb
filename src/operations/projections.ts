import { bookTotals } from '../books/index.js';
import type { Projection } from '../event-store/index.js';
import { balances, charges, keys, keyUse, lots, returns, usageByDay } from '../ledger/index.js';
import {
  automaticTopupRows,
  balanceAlertRows,
  disputeRows,
  emailRows,
  invoiceRows,
  paymentAlerts,
  payoutRows,
  refundRows,
  topupRows,
} from '../payments/index.js';
import {
  billImports,
  billLines,
  reconciliationDays,
  reconciliationItems,
  stripeEntries,
} from '../reconciliation/index.js';
import { queueItems } from './queue/queue-items.projection.js';
import { reratingRuns } from '../rerating/index.js';

/** Every read model of the ledger, in the version that this release reads and keeps. */
export const PROJECTIONS = [
  balances,
  charges,
  keys,
  keyUse,
  lots,
  returns,
  usageByDay,
  topupRows,
  refundRows,
  disputeRows,
  paymentAlerts,
  payoutRows,
  automaticTopupRows,
  balanceAlertRows,
  emailRows,
  invoiceRows,
  stripeEntries,
  reconciliationItems,
  reconciliationDays,
  billImports,
  billLines,
  reratingRuns,
  queueItems,
  bookTotals,
] as readonly Projection[];

/** The injection token of the projections that a gateway keeps. */
export const KEPT_PROJECTIONS = Symbol('kept projections');
