import { expect, it } from 'vitest';
import { serviceDateOf } from './service-date.js';

const at = '2026-04-02T00:00:00.000Z';
const earlier = '2026-03-31T23:59:59.000Z';

it.each([
  ['a late charge', 'TokensCharged', { late: true, pricedAt: earlier }, earlier],
  ['a charge in time', 'TokensCharged', { pricedAt: earlier }, at],
  ['a charge rated again', 'ChargeRerated', { pricedAt: earlier }, earlier],
  ['credit that expired', 'CreditExpired', { expiredAt: earlier }, earlier],
  ['credit that expired before events said when', 'CreditExpired', {}, at],
  [
    'a difference to a provider’s bill',
    'ProviderDifferenceAccepted',
    { day: '2026-03-30' },
    '2026-03-30T00:00:00.000Z',
  ],
  ['a payment, when Stripe made it', 'BalanceTransactionBooked', { createdAt: earlier }, earlier],
  ['a payment whose event does not say when', 'BalanceTransactionBooked', {}, at],
  ['a payout', 'PayoutPaid', { createdAt: earlier }, earlier],
  ['a payout that came back', 'PayoutFailed', { createdAt: earlier }, earlier],
  ['what people decided about an item of Stripe’s', 'ResolutionApproved', { date: earlier }, earlier],
  ['a correction by hand that says for when it is', 'BalanceAdjusted', { servedAt: earlier }, earlier],
  ['a correction by hand', 'BalanceAdjusted', {}, at],
  ['a purchase', 'CreditPurchased', { expiresAt: earlier }, at],
])('%s was earned when it was', (_, type, data, earned) =>
  expect(serviceDateOf({ type, data: { ...data, at } })).toBe(earned),
);
