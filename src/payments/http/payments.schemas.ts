// What /api takes and answers about payments.
import { z } from 'zod';
import { instantField, usdField } from '../../platform/http/index.js';
import type { DisputeRow } from '../disputes/disputes.projection.js';
import type { PaymentAlertRow } from '../topups/payment-alerts.projection.js';
import type { PayoutRow } from '../payouts/payouts.projection.js';
import { REFUND_STATUSES, type RefundRow } from '../refunds/refunds.projection.js';
import type { TopupRow } from '../topups/topups.projection.js';

const dollars = (text: string) =>
  z
    .string()
    .regex(/^\d{1,9}(\.\d{1,12})?$/, 'must be an amount of US dollars such as "10.00"')
    .describe(text);
const id = z
  .string()
  .regex(/^[0-9A-Za-z]{22}$/, 'must be an id of 22 letters and digits')
  .describe('an id');
/** Free text of customers might tell of people, and what is in the ledger can’t be deleted. */
const REASONS = ['not_needed', 'bought_by_mistake', 'not_satisfied', 'other'] as const;

export const OrderTopupBody = z.strictObject({
  amount: dollars('the credit to buy, in US dollars: whole cents'),
  currency: z.enum(['usd', 'cny']).default('usd').describe('the currency to pay in'),
  save_card: z.boolean().default(false).describe('keep the card that pays, for automatic top-ups'),
});

export const AutomaticTopupBody = z.strictObject({
  threshold: dollars('top up when less than this is available'),
  amount: dollars('what each top-up buys: whole cents'),
  monthly_ceiling: dollars('the most that is bought in a calendar month (UTC)'),
  currency: z.enum(['usd', 'cny']).default('usd').describe('the currency the card is charged in'),
});

export const AutomaticTopupAnswer = z.object({
  object: z.literal('automatic_topup'),
  enabled: z.boolean(),
  threshold: z.string().nullable().describe('top up when less than this is available (USD)'),
  amount: z.string().nullable().describe('what each top-up buys (USD)'),
  monthly_ceiling: z.string().nullable().describe('the most that is bought in a calendar month (USD)'),
  currency: z.enum(['usd', 'cny']).nullable(),
  bought_this_month: z.string().describe('what was bought in this calendar month (USD)'),
  under_way: z.string().nullable().describe('the top-up that is being paid now'),
  card: z
    .object({ brand: z.string(), last4: z.string(), exp_month: z.int(), exp_year: z.int() })
    .nullable()
    .describe('the saved card'),
});

export const RequestRefundBody = z.strictObject({
  topup_id: id.optional().describe('the top-up to refund; the newest first without it'),
  amount: dollars('US dollars of unused credit, in whole cents; all of it without').optional(),
  reason: z.enum(REASONS).default('other').describe('why'),
});

export const FinanceRefundBody = z.strictObject({
  ...RequestRefundBody.shape,
  account_id: id.describe('the account to refund'),
  reason: z.string().min(1).max(500).describe('why; it stands in the ledger for ever, so name no person'),
});

export const DeclineBody = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(1, 'must say why: the customer is told')
    .max(500)
    .describe('why; the customer is told, and it stands in the ledger for ever, so name no person'),
});

export const TopupAnswer = z.object({
  id: z.string(),
  object: z.literal('topup'),
  status: z.enum(['ordered', 'pending', 'paid', 'failed', 'expired']),
  credit: usdField('the credit'),
  currency: z.enum(['usd', 'cny']).describe('of the price'),
  price_minor: z.int().describe('the price, in minor units'),
  quote: z
    .object({ numerator: z.int(), denominator: z.int(), source: z.string(), expires_at: z.string() })
    .nullable()
    .describe('minor units of the price = cents of credit × numerator ÷ denominator, rounded up; null in USD'),
  automatic: z.boolean(),
  ordered_at: instantField('when it was ordered'),
  expires_at: instantField('until when it may be paid'),
  paid_at: z.string().nullable(),
  failure: z.string().nullable().describe('why it failed'),
  refunds: z.array(
    z.object({
      id: z.string(),
      credit: usdField('what was taken back'),
      amount_minor: z.int(),
      status: z.string().nullable(),
    }),
  ),
});

export const OrderedAnswer = z.object({
  id: z.string(),
  object: z.literal('topup'),
  credit: usdField('the credit'),
  currency: z.enum(['usd', 'cny']),
  price_minor: z.int().describe('the price, in minor units'),
  quote: TopupAnswer.shape.quote,
  expires_at: instantField('until when it may be paid'),
  checkout_url: z.string().nullable().describe('where it is paid; null when it can’t be any more'),
});

export const OptionsAnswer = z.object({
  presets: z.array(usdField('an amount to offer')),
  floor: usdField('the smallest top-up'),
  max: usdField('the largest top-up'),
  currencies: z.array(z.enum(['usd', 'cny'])),
  cny_per_usd: z.string().nullable().describe('yuan for a dollar of credit'),
  payment_methods: z.array(z.string()),
});

export const RefundAnswer = z.object({
  id: z.string(),
  object: z.literal('refund'),
  topup_id: z.string(),
  account_id: z.string(),
  status: z.enum(REFUND_STATUSES),
  credit: usdField('the credit that is paid back'),
  amount_minor: z.int().nullable().describe('what the customer gets, in minor units of the payment’s currency'),
  reason: z.string().nullable(),
  failure: z.string().nullable().describe('declined, canceled or failed'),
  failure_reason: z.string().nullable().describe('why: what finance says that declined it, or Stripe'),
  requested_by: z.string().nullable(),
  approved_by: z.string().nullable(),
  declined_by: z.string().nullable(),
  requested_at: instantField('when it was asked for'),
  changed_at: instantField('when it last changed'),
});

export const RefundsAskedAnswer = z.object({ object: z.literal('list'), data: z.array(RefundAnswer) });

export const DisputeAnswer = z.object({
  id: z.string(),
  object: z.literal('dispute'),
  account_id: z.string(),
  topup_id: z.string(),
  status: z.enum(['open', 'won', 'lost', 'inquiry_closed']),
  inquiry: z.boolean().describe('a mere question of the bank’s, which freezes nothing'),
  reason: z.string(),
  amount: usdField('the credit that is disputed'),
  withdrawn: usdField('what was taken of it'),
  reinstated: usdField('what came back'),
  opened_at: instantField('when it was opened'),
  closed_at: z.string().nullable(),
});

export const AlertAnswer = z.object({
  topup_id: z.string(),
  payment_intent: z.string(),
  at: instantField('when we learned of it'),
  field: z.string().optional().describe('what is not as ordered'),
  expected: z.string().optional(),
  received: z.string().optional(),
  warning_id: z.string().optional(),
  fraud_type: z.string().optional(),
});

export const PayoutAnswer = z.object({
  id: z.string().describe('Stripe’s payout'),
  object: z.literal('payout'),
  status: z.enum(['paid', 'failed']),
  currency: z.string().describe('ISO 4217, in small letters'),
  amount_minor: z.int().nullable().describe('what the bank received, in minor units; null where it never left Stripe'),
  fee_minor: z.int().nullable().describe('what Stripe kept for it, in minor units'),
  reported_at: instantField('when we learned of it'),
  failed_at: z.string().nullable().describe('when we learned that it did not reach the bank (ISO 8601)'),
});

export const showTopup = (row: TopupRow): z.output<typeof TopupAnswer> => ({
  id: row.topupId,
  object: 'topup',
  status: row.status,
  credit: row.credit,
  currency: row.currency,
  price_minor: row.priceMinor,
  quote: row.quote ? showQuote(row.quote) : null,
  automatic: row.automatic ?? false,
  ordered_at: row.orderedAt,
  expires_at: row.expiresAt,
  paid_at: row.paidAt ?? null,
  failure: row.reason ?? null,
  refunds: row.refunds.map(({ refundId, credit, amountMinor, status }) => ({
    id: refundId,
    credit,
    amount_minor: amountMinor,
    status: status ?? null,
  })),
});

export const showQuote = ({ numerator, denominator, source, expiresAt }: NonNullable<TopupRow['quote']>) => ({
  numerator,
  denominator,
  source,
  expires_at: expiresAt,
});

export const showRefund = (row: RefundRow): z.output<typeof RefundAnswer> => ({
  id: row.refundId,
  object: 'refund',
  topup_id: row.topupId,
  account_id: row.accountId,
  status: row.status,
  credit: row.credit,
  amount_minor: row.amountMinor ?? null,
  reason: row.reason ?? null,
  failure: row.failure ?? null,
  failure_reason: row.failureReason ?? null,
  requested_by: row.requestedBy ?? null,
  approved_by: row.approvedBy ?? null,
  declined_by: row.declinedBy ?? null,
  requested_at: row.requestedAt,
  changed_at: row.changedAt,
});

export const showDispute = (row: DisputeRow): z.output<typeof DisputeAnswer> => ({
  id: row.disputeId,
  object: 'dispute',
  account_id: row.accountId,
  topup_id: row.topupId,
  status: row.status,
  inquiry: row.inquiry,
  reason: row.reason,
  amount: row.amount,
  withdrawn: row.withdrawn,
  reinstated: row.reinstated,
  opened_at: row.openedAt,
  closed_at: row.closedAt ?? null,
});

export const showAlert = (row: PaymentAlertRow): z.output<typeof AlertAnswer> => ({
  topup_id: row.topupId,
  payment_intent: row.paymentIntentId,
  at: row.at,
  ...(row.field !== undefined && { field: row.field, expected: row.expected, received: row.received }),
  ...(row.warningId !== undefined && { warning_id: row.warningId, fraud_type: row.fraudType }),
});

export const showPayout = (row: PayoutRow): z.output<typeof PayoutAnswer> => ({
  id: row.payoutId,
  object: 'payout',
  status: row.status,
  currency: row.currency,
  amount_minor: row.amountMinor,
  fee_minor: row.feeMinor,
  reported_at: row.reportedAt,
  failed_at: row.failedAt ?? null,
});
