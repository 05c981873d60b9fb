export { createKey, hashKey, KEY_PREFIX } from './api-key.js';
export { Authentication, type Caller } from './authentication.js';
export * from './keys.messages.js';
export { KeysModule } from './keys.module.js';
export { keysIn } from './keys.handlers.js';
