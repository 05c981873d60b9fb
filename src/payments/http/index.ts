// The part of payments that only a gateway has: HTTP and workers.
export { type Listing, page } from './listing.js';
export { PaymentReads } from './payment-reads.js';
export { PaymentsModule } from './payments.module.js';
