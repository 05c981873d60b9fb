export * from './access.js';
export { Google, type GoogleChecks, GoogleFailed, type GoogleProfile } from './google.js';
export { IdentityModule } from './identity.module.js';
export * from './people.messages.js';
export { PeopleModule } from './people.module.js';
export * from './principal.js';
export { CSRF_HEADER, SESSION_COOKIE, Sessions } from './sessions.js';
export { hasSecondFactor, isVerified, type Person, type User, users } from './user.js';
