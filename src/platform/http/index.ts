export * from './answer-fields.js';
export * from './api-error.js';
export * from './approval.js';
export { Access, audienceOf, type Audience } from './access.js';
export { AccessModule } from './access.module.js';
export { AtMost } from './at-most.js';
export { Authenticator, RequestStrategy } from './authenticator.js';
export * from './principal.js';
export * from './same-site.js';
export { Bodies } from './bodies.js';
export { BodyBudget, bodyMemory, partOfMemory } from './body-budget.js';
export { BodyInterceptor, BodyReader } from './body.interceptor.js';
export { BodiesUpTo, LargeBodies } from './body-limit.js';
export * from './connections.js';
export * from './csv.js';
export { decoderOf, knownEncoding } from './decoded-body.js';
export * from './descriptors.js';
export { answerDirectly, Direct, type DirectController } from './direct-routes.js';
export { readForwardedFor } from './forwarded.js';
export * from './html-page.js';
export {
  ANSWERS_ALL_HEADS,
  answerClientError,
  answerExpectations,
  answerFrameworkError,
  headFault,
  newRequestId,
  turnAway,
} from './broken-http.js';
export { corsFor } from './cors.js';
export { type ErrorDialect, ErrorFilter } from './error.filter.js';
export { Idempotent } from './idempotency.js';
export * from './json-shape.js';
export * from './list.js';
export * from './listing.js';
export * from './path.js';
export { checkPeriod, type Period } from './period.js';
export * from './rate-limit-store.js';
export * from './request-fields.js';
export { checked, RequestPipe } from './request-pipe.js';
export { closeUnread } from './unread-body.js';
