/**
 * How a customer pays on the pay page. `async` is a bank debit that waits for `settleAsync`; `async_succeeds` and `async_fails` settle by
 * themselves after `settleAsyncMs`; `three_d_secure` waits for `authenticate`.
 */
export const PAYMENT_SCENARIOS = [
  'card',
  'declined',
  'three_d_secure',
  'async',
  'async_succeeds',
  'async_fails',
  'alipay',
  'wechat_pay',
] as const;
export type PaymentScenario = (typeof PAYMENT_SCENARIOS)[number];
