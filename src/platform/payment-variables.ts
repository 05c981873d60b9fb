// The variables about payments: Stripe, what is sold, refunds, and the seller on invoices.
import { z } from 'zod';
import { dollars, secret, wholeNumber } from './config-fields.js';

export const PAYMENT_VARIABLES = {
  STRIPE_SECRET_KEY: secret('Stripe’s secret key: takes payments; unset, a sandbox Stripe (not beside anything real)'),
  STRIPE_WEBHOOK_SECRET: secret(
    'Secret of the Stripe webhook that calls /webhooks/stripe; needed with STRIPE_SECRET_KEY',
  ),
  STRIPE_WEBHOOK_SECRET_PREVIOUS: secret('The previous secret of the webhook, while it is being rolled'),
  STRIPE_API_URL: z
    .url({ protocol: /^https?$/, message: 'must be an address such as http://127.0.0.1:12111' })
    .optional()
    .describe('A double of Stripe’s API, for tests; not beside anything real'),
  TOPUP_CNY_PER_USD: z
    .string()
    .regex(/^[1-9]\d?(\.\d{1,6})?$/, 'must be a decimal from 1 to 99.999999, such as 7.20')
    .optional()
    .describe('Yuan that a dollar of credit costs; unset, top-ups in CNY are not offered (in the sandbox: 7.20)'),
  TOPUP_PAYMENT_METHODS: z
    .string()
    .regex(/^[a-z_]+(,[a-z_]+)*$/, 'must be names such as card,alipay,wechat_pay')
    .default('card')
    .describe('Stripe’s payment methods to offer at checkout, separated by commas: card, alipay, wechat_pay …'),
  STRIPE_TAX: z
    .stringbool()
    .default(false)
    .describe('true when Stripe Tax computes the tax that top-ups include; needs SELLER_NAME (docs/payments.md)'),
  SELLER_NAME: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('Who sells, as invoices name it; unset, no invoices are issued, only receipts'),
  SELLER_ADDRESS: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .describe('Address of the seller on invoices, its lines separated by semicolons'),
  SELLER_TAX_ID: z.string().min(1).max(500).optional().describe('Tax number of the seller on invoices'),
  SELLER_NOTE: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('What invoices must say besides, such as why no tax is charged'),
  TOPUP_MAX_USD: dollars('5000.00', 'Largest top-up (the smallest is 5.00)').refine(
    (max) => /^0*([5-9]|[1-9]\d+)(\.|$)/.test(max),
    'must be at least 5.00, the smallest top-up',
  ),
  REFUND_WINDOW_DAYS: wholeNumber(0, 365)
    .default(7)
    .describe('How long after its purchase unused credit may be refunded, in days'),
  REFUND_ALONE_USD: dollars(
    '100.00',
    'Largest total that one person may decide alone on an account within 24 hours: refunds, corrections, credit granted',
  ),
};

/** Invoices alone book tax: without a seller, what is owed to the state would stand in the books as revenue. */
export const taxIsInvoiced = z.refine<{ readonly STRIPE_TAX: boolean; readonly SELLER_NAME?: string | undefined }>(
  ({ STRIPE_TAX, SELLER_NAME }) => !STRIPE_TAX || SELLER_NAME !== undefined,
  {
    path: ['STRIPE_TAX'],
    error:
      'needs SELLER_NAME, because only invoices book the tax of top-ups. Set SELLER_NAME to who sells, or STRIPE_TAX=false',
  },
);
