// The knobs of the sandbox Stripe: its behaviour where the real Stripe is unpredictable, and its faults. Tests set the
// fields of `sandbox.knobs`; `POST /sandbox/knobs` takes some of the same names as JSON and keeps the other values.
//
// | knob                   | what it does                                                                                                    |
// |------------------------|-----------------------------------------------------------------------------------------------------------------|
// | `duplicate`            | how many more times each webhook is delivered                                                                   |
// | `delayMs`              | how long to wait before each delivery                                                                           |
// | `reorderWithinMs`      | each delivery waits a random part of it, so that deliveries overtake each other                                 |
// | `seed`                 | the seed of that randomness; the sandbox logs it when it starts to reorder                                      |
// | `drop`                 | events that are listed but never delivered: all (`true`) or the types named                                     |
// | `wrongSignature`       | signed with another secret                                                                                      |
// | `oldTimestamp`         | signed correctly, but an hour ago                                                                               |
// | `tamper`               | the amount, currency or metadata to change in the signed webhook, as if an attacker had the secret              |
// | `retryMs`              | wait before the first redelivery of a webhook not answered with 2xx; it doubles with each                       |
// | `fxPpm`                | US cents for a million fen                                                                                      |
// | `lateBalanceMs`        | how long a charge has no balance transaction; then comes `charge.updated`                                       |
// | `settleAsyncMs`        | how long the page's asynchronous payments take                                                                  |
// | `settleRefundMs`       | how long a pending refund takes; null: until `settleRefund` or `failRefund`                                     |
// | `refunds`              | `as_method`: a card's succeed at once, Alipay's and WeChat Pay's are pending first; or all `pending`, or `requires_action`, or `unfunded`: pending, and nothing is taken for it before `settleRefund` |
// | `offSession`           | the outcome of a charge to a saved card: `succeeds`, `declines` or `requires_authentication`                   |
import { z } from 'zod';

const ms = z.int().min(0).max(2_000_000_000);

export const knobsSchema = z.strictObject({
  duplicate: z.int().min(0).max(10),
  delayMs: ms,
  reorderWithinMs: ms,
  seed: z.int().min(0).max(0xffffffff),
  drop: z.union([z.boolean(), z.array(z.string())]),
  wrongSignature: z.boolean(),
  oldTimestamp: z.boolean(),
  tamper: z
    .strictObject({
      amount: z.int(),
      currency: z.string(),
      metadata: z.record(z.string(), z.string()),
    })
    .partial()
    .nullable(),
  retryMs: z.int().min(1).max(3_600_000),
  fxPpm: z.int().min(1).max(10_000_000),
  lateBalanceMs: ms,
  settleAsyncMs: ms,
  settleRefundMs: ms.nullable(),
  refunds: z.enum(['as_method', 'pending', 'requires_action', 'unfunded']),
  offSession: z.enum(['succeeds', 'declines', 'requires_authentication']),
});
export type Knobs = z.infer<typeof knobsSchema>;

/** A Stripe without faults. */
export const defaultKnobs = (): Knobs => ({
  duplicate: 0,
  delayMs: 0,
  reorderWithinMs: 0,
  seed: Math.floor(Math.random() * 0xffffffff),
  drop: false,
  wrongSignature: false,
  oldTimestamp: false,
  tamper: null,
  retryMs: 1_000,
  fxPpm: 139_000,
  lateBalanceMs: 0,
  settleAsyncMs: 5_000,
  settleRefundMs: 3_000,
  refunds: 'as_method',
  offSession: 'succeeds',
});
