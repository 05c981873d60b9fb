// What a gateway has of payments beside their core: HTTP and workers.
export { PaymentReads } from './payment-reads.js';
export { PaymentsModule } from './payments.module.js';
