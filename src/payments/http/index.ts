// The part of payments that only a gateway has: HTTP and workers.
export { PaymentsModule } from './payments.module.js';
