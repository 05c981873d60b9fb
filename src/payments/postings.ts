// The double-entry bookkeeping of payments: what Stripe settled, against what the ledger's accounts say it owes us. A purchase puts its
// credit on `assets:stripe:clearing` (src/ledger/postings.ts); the balance transaction of its payment takes it off again. So when all is
// settled that account is exactly zero. What was settled more or less than cleared is the gain or loss of exchange. Pure.
import { type Amount, subtract, usd, ZERO } from '../kernel/index.js';
import { type BookAccount, CHART, creditTo, debit, moving, type Posting } from '../ledger/index.js';
import type { PayoutEvent, PayoutEventData } from './payouts/payout.js';
import { fromMinor } from './topups/price.js';
import type { TopupEvent, TopupEventData } from './topups/topup.events.js';

/** The postings of an event of a top-up or a payout; empty for one that moves no money. They sum to zero in each currency. */
export function paymentPostings({ type, data }: TopupEvent | PayoutEvent): Posting[] {
  switch (type) {
    case 'BalanceTransactionBooked':
      return moving(settled(data));
    case 'PayoutPaid':
      return moving(payoutPaid(data));
    case 'PayoutFailed':
      return moving(payoutFailed(data));
    case 'TopupOrdered':
    case 'CheckoutOpened':
    case 'PaymentPending':
    case 'TopupPaid':
    case 'TopupFailed':
    case 'TopupExpired':
    case 'PaymentMismatched':
    case 'RefundOrdered':
    case 'RefundFound':
    case 'RefundReported':
    case 'FraudWarned':
      return [];
    default:
      throw new Error(`no postings are defined for ${type satisfies never}`);
  }
}

type Booked = TopupEventData<'BalanceTransactionBooked'>;

function settled(data: Booked): Posting[] {
  const currency = data.currency.toUpperCase();
  const [gross, fee, net] = [data.amountMinor, data.feeMinor, data.netMinor].map((minor) =>
    fromMinor(minor, data.currency),
  ) as [Amount, Amount, Amount];
  const atStripe = [debit(CHART.stripeBalance, net, currency), debit(CHART.stripeFees, fee, currency)];
  // A payment that is not what was ordered is nobody's credit: we owe it to whoever paid.
  if (data.unmatched) return [...atStripe, creditTo(CHART.unmatchedPayments, gross, currency)];
  const clears = usd(data.clears);
  if (currency === 'USD') return [...atStripe, ...against(CHART.exchange, gross, clears)];
  return [
    ...atStripe,
    creditTo(CHART.conversion, gross, currency),
    debit(CHART.conversion, clears),
    creditTo(CHART.stripeClearing, clears),
  ];
}

/** Takes `clears` off the clearing account for `gross` that came; the difference is a gain, or a loss. */
const against = (difference: BookAccount, gross: Amount, clears: Amount): Posting[] => [
  creditTo(CHART.stripeClearing, clears),
  creditTo(difference, subtract(gross, clears)),
];

function payoutPaid({ amountMinor, feeMinor, currency: code }: PayoutEventData<'PayoutPaid'>): Posting[] {
  const currency = code.toUpperCase();
  const [amount, fee] = [fromMinor(amountMinor, code), fromMinor(feeMinor, code)];
  return [
    debit(CHART.bank, amount, currency),
    debit(CHART.stripeFees, fee, currency),
    creditTo(CHART.stripeBalance, amount, currency),
    creditTo(CHART.stripeBalance, fee, currency),
  ];
}

function payoutFailed({ amountMinor, currency: code }: PayoutEventData<'PayoutFailed'>): Posting[] {
  const amount = fromMinor(amountMinor, code);
  if (amount === ZERO) return [];
  const currency = code.toUpperCase();
  return [debit(CHART.stripeBalance, amount, currency), creditTo(CHART.bank, amount, currency)];
}
