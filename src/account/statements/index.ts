export { statementSeals } from './ledger-seals.js';
export * from './statement-file.js';
export { PricedCalls } from './priced-calls.js';
export { statementPeriod } from './statement-period.js';
export type { StatementSeals } from './statement-proof.js';
export { anyStatementSchema, type SignedStatement, type StatementFile, statementSchema } from './statement-schema.js';
export { trustedKey } from './verify-proof.js';
export { parseStatement } from './statement-text.js';
export * from './verify-statement.js';
