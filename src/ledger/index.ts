export type * from './account.commands.js';
export * from './account.events.js';
export * from './usage.schema.js';
export { account } from './account.js';
export { accountSnapshots } from './account.snapshot.js';
export {
  type AccountState,
  available,
  type Hold,
  type Key,
  noAccount,
  posted,
  purseOf,
  turnAt,
} from './account.state.js';
export { Accounts } from './accounts.js';
export * from './accounts.messages.js';
export { twelveMonthsAfter } from './accounts.handlers.js';
export * from './booked-stream.js';
export * from './books.js';
export { insufficientBalance, keyRefusal, modelRefusal } from './holds.js';
export { isDisputed, isFrozen } from './disputes.js';
export { balances, type BalanceRow } from './balances.projection.js';
export * from './entries.js';
export { CHARGE_STATUSES, charges, type ChargeRow } from './charges.projection.js';
export { keys, type KeyRow } from './keys.projection.js';
export { MAX_ACTIVE_KEYS } from './keys.js';
export { LedgerModule } from './ledger.module.js';
export { aliveCredit, type Lot, openLots } from './lots.js';
export { lots, type LotRow } from './lots.projection.js';
export * from './postings.js';
export { usageByDay, type UsageRow } from './usage.projection.js';
export { NoServerClock, ServerClock } from './sound-clock.js';
export { type Refund } from './refunds.js';
export { type Dispute } from './disputes.js';
