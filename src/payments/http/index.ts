// The part of payments that only a gateway has: HTTP and workers.
export { PaymentReads } from './payment-reads.js';
export { PaymentsModule } from './payments.module.js';
