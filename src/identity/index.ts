export * from './access.js';
export type * from './principal.js';
export { CSRF_HEADER, SESSION_COOKIE, Sessions } from './sessions.js';
