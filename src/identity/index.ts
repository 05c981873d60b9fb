export { Google, type GoogleChecks, GoogleFailed, type GoogleProfile } from './google/google.js';
export { IdentityModule } from './identity.module.js';
export * from './staff/users.messages.js';
export { normalEmail } from './users/email.js';
export { UsersModule } from './staff/users.module.js';
export { CSRF_HEADER, SESSION_COOKIE, Sessions } from './sessions/sessions.js';
export {
  type BillingDetails,
  hasSecondFactor,
  isVerified,
  languageOf,
  type Person,
  type User,
  users,
} from './users/user.js';
