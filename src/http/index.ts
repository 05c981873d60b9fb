export * from './api-error.js';
export { AtMost } from './at-most.js';
export * from './csv.js';
export * from './fields.js';
export * from './html-page.js';
export { Idempotent } from './idempotency.js';
export * from './list.js';
export * from './rate-limit-store.js';
export * from './zod-body.js';
