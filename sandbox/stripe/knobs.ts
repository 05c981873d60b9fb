// How the sandbox behaves where the real Stripe is not predictable, and how it misbehaves when asked to. Tests set the fields of `sandbox.knobs`;
// `POST /sandbox/knobs` takes the same names as JSON and keeps the others.
//
// | knob                   | what it does                                                                                                    |
// |------------------------|-----------------------------------------------------------------------------------------------------------------|
// | `duplicate`            | how many more times each webhook is delivered                                                                   |
// | `delayMs`              | a wait before each delivery                                                                                     |
// | `reorderWithinMs`      | each delivery waits a random part of it, so that they overtake each other                                       |
// | `seed`                 | of that randomness; the sandbox says it on the console when it starts to reorder                                |
// | `drop`                 | never delivered, but listed in the events: all (`true`) or the types named                                      |
// | `wrongSignature`       | signed with another secret                                                                                      |
// | `oldTimestamp`         | signed rightly, but an hour ago                                                                                 |
// | `tamper`               | amount, currency or metadata changed in what is delivered (and signed): as if someone had the secret            |
// | `retryMs`              | wait before the first redelivery of a webhook not answered with 2xx; it doubles with each                       |
// | `fxPpm`                | US cents for a million fen                                                                                      |
// | `lateBalanceMs`        | a charge has no balance transaction for so long, then comes `charge.updated`                                    |
// | `settleAsyncMs`        | how long the page's asynchronous payments take                                                                  |
// | `settleRefundMs`       | how long a pending refund takes; null: until `settleRefund` or `failRefund`                                     |
// | `refunds`              | `as_method`: a card's succeed at once, Alipay's and WeChat Pay's are pending first; or all `pending`, or `requires_action` |
// | `offSession`           | what becomes of a charge to a saved card: `succeeds`, `declines` or `requires_authentication`                   |
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
  refunds: z.enum(['as_method', 'pending', 'requires_action']),
  offSession: z.enum(['succeeds', 'declines', 'requires_authentication']),
});
export type Knobs = z.infer<typeof knobsSchema>;

/** A Stripe that behaves well. */
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
