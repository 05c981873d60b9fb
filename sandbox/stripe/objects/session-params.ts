import { z } from 'zod';
import { currency, flag, integer, metadata, minorUnits, text } from '../params.js';

const product = z.strictObject({ name: text.min(1), description: text.optional(), metadata: metadata.optional() });
const lineItem = z.strictObject({
  price_data: z.strictObject({
    currency,
    unit_amount: minorUnits,
    product_data: product,
    tax_behavior: z.literal('inclusive', 'The sandbox only supports tax_behavior inclusive').optional(),
  }),
  quantity: integer.refine((quantity) => quantity >= 1 && quantity <= 999_999, 'Invalid quantity').default(1),
});

const usage = z.enum(['off_session', 'on_session'], 'Invalid setup_future_usage');

export const sessionParams = z.strictObject({
  mode: z.literal('payment', 'The sandbox only supports mode payment'),
  line_items: z.array(lineItem).min(1).max(100),
  success_url: z.url('Not a valid URL'),
  cancel_url: z.url('Not a valid URL').optional(),
  client_reference_id: z.string().max(200).optional(),
  metadata: metadata.optional(),
  payment_intent_data: z
    .strictObject({ metadata, description: text, receipt_email: text, setup_future_usage: usage })
    .partial()
    .optional(),
  customer: text.optional(),
  customer_email: z.email('Invalid email address').optional(),
  customer_creation: z.enum(['always', 'if_required']).optional(),
  // Replaced payment_method_types in Stripe's version 2026-09-30.endive, which refuses the old parameter.
  allowed_payment_method_types: z
    .array(
      z.enum(
        ['card', 'alipay', 'wechat_pay', 'us_bank_account'],
        'The sandbox does not support this payment method type',
      ),
    )
    .min(1)
    .optional(),
  payment_method_options: z
    .strictObject({
      card: z.strictObject({ setup_future_usage: usage }).partial(),
      wechat_pay: z.strictObject({ client: z.literal('web', 'The sandbox only supports client web') }),
    })
    .partial()
    .optional(),
  expires_at: integer.optional(),
  automatic_tax: z.strictObject({ enabled: flag }).optional(),
  customer_update: z.strictObject({ address: z.enum(['auto', 'never']).optional() }).optional(),
  billing_address_collection: z.enum(['auto', 'required']).optional(),
  adaptive_pricing: z.strictObject({ enabled: flag }).optional(),
  locale: z.enum(['auto', 'en', 'en-GB', 'zh', 'zh-HK', 'zh-TW']).optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay']).optional(),
  custom_text: z.strictObject({ submit: z.strictObject({ message: z.string().max(1_200) }).optional() }).optional(),
});
export type SessionParams = z.output<typeof sessionParams>;
