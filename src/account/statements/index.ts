export * from './statement-file.js';
export { type StatementFile, statementSchema } from './statement-json.js';
export { statementPeriod } from './statement-period.js';
export * from './verify-statement.js';
