export * from './api-error.js';
export * from './html-page.js';
export * from './rate-limit-store.js';
export * from './zod-body.js';
