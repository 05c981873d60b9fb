export * from './api-error.js';
export * from './html-page.js';
export { Idempotent } from './idempotency.js';
export * from './rate-limit-store.js';
export * from './zod-body.js';
