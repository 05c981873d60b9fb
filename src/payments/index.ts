export * from './booked-streams.js';
export * from './payouts/payout.js';
export * from './postings.js';
export { formatMinor, fromMinor, readMinor } from './topups/price.js';
export { type StripeIds, stripeIdsOf } from './stripe-ids.js';
export * from './topups/topup.events.js';
export * from './provider/payment.js';
export * from './provider/payment-notices.js';
export * from './provider/payment-provider.js';
export type { TopupCommand } from './topups/topup.commands.js';
export type { TopupOrder, TopupState } from './topups/topup.state.js';
export { disputeRows, type DisputeRow } from './disputes/disputes.projection.js';
export { paymentAlerts, type PaymentAlertRow } from './topups/payment-alerts.projection.js';
export { EmailSender } from './emails/email-sender.js';
export { emailRows, type EmailRow } from './emails/emails.projection.js';
export { payoutRows, type PayoutRow } from './payouts/payouts.projection.js';
export { REFUND_STATUSES, refundRows, type RefundRow } from './refunds/refunds.projection.js';
export { topupRows, type TopupRow } from './topups/topups.projection.js';
export * from './refunds/refunds.handlers.js';
export * from './refunds/refunds.messages.js';
export { RefundSettings } from './refunds/refund-settings.js';
export * from './refunds/stuck-refunds.handlers.js';
export { SyncTopup } from './sync/sync-topup.js';
export { PaymentsCoreModule } from './payments-core.module.js';
export { readWebhookEvent, type WebhookEvent, webhookOfStream, webhookStream } from './sync/webhook.js';
export { type ByStaff, Webhooks } from './sync/webhooks.js';
export { NoticeRecovery } from './sync/notice-recovery.js';
export { PaymentSweeper } from './workers/payment-sweeper.js';
export { Payouts } from './payouts/payouts.js';
export { PaymentSync } from './sync/payment-sync.js';
export { RefundSender } from './refunds/refund-sender.js';
export { Topups } from './topups/topups.js';
export { AutomaticTopups } from './automatic/automatic-topups.js';
export { automaticTopupRows, type AutomaticTopupRow } from './automatic/automatic-topups.projection.js';
export { balanceAlertRows, type BalanceAlertRow } from './alerts/balance-alerts.projection.js';
export * from './provider/saved-cards.js';
export { invoiceRows, type InvoiceRow } from './invoices/invoices.projection.js';
export { buyerOf } from './invoices/buyers.js';
export { invoiceOf } from './invoices/invoice.js';
export {
  correctedBy,
  type InvoiceEvent,
  invoiceStream,
  readInvoiceEvent,
  yearOfInvoices,
} from './invoices/invoice.events.js';
