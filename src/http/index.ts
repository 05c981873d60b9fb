export * from './api-error.js';
export * from './zod-body.js';
