// Double-entry bookkeeping of payments: it clears what Stripe owes us, according to the ledger, against what Stripe settles. A purchase debits
// `assets:stripe:clearing` (src/ledger/postings.ts), and the balance transaction of its payment credits that account. So the account is exactly
// zero when everything is settled. The difference between the settled and the cleared amount is an exchange gain or loss. Pure.
import { type Amount, subtract, usd, usdOf } from '../kernel/index.js';
import { type BookAccount, CHART, creditTo, debit, moving, type Posting } from '../ledger/index.js';
import type { PayoutEvent, PayoutEventData } from './payouts/payout.js';
import { fromMinor } from './topups/price.js';
import type { TopupEvent, TopupEventData } from './topups/topup.events.js';

/** The postings of an event of a top-up or a payout; they sum to zero in each currency. Empty when the event moves no money. */
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
    case 'TopupCancelRequested':
    case 'TopupSyncRequested':
      return [];
    default:
      throw new Error(`no postings are defined for ${type satisfies never}`);
  }
}

type Booked = TopupEventData<'BalanceTransactionBooked'>;

function settled(data: Booked): Posting[] {
  const inCurrency = (minor: number) => fromMinor(minor, data.currency);
  const gross = inCurrency(data.amountMinor);
  const atStripe = [
    debit(CHART.stripeBalance, inCurrency(data.netMinor)),
    debit(CHART.stripeFees, inCurrency(data.feeMinor)),
  ];
  // A payment that does not match its order buys no credit: we owe it to the payer.
  if (data.unmatched) return [...atStripe, creditTo(CHART.unmatchedPayments, gross)];
  const clears = usd(data.clears);
  if (gross.currency === 'USD') return [...atStripe, ...against(CHART.exchange, usdOf(gross), clears)];
  return [
    ...atStripe,
    creditTo(CHART.conversion, gross),
    debit(CHART.conversion, clears),
    creditTo(CHART.stripeClearing, clears),
  ];
}

/** Clears `clears` on the clearing account against the settled `gross`; the difference is an exchange gain or loss. */
const against = (difference: BookAccount, gross: Amount, clears: Amount): Posting[] => [
  creditTo(CHART.stripeClearing, clears),
  creditTo(difference, subtract(gross, clears)),
];

function payoutPaid({ amountMinor, feeMinor, currency: code }: PayoutEventData<'PayoutPaid'>): Posting[] {
  const [paid, fee] = [fromMinor(amountMinor, code), fromMinor(feeMinor, code)];
  return [
    debit(CHART.bank, paid),
    debit(CHART.stripeFees, fee),
    creditTo(CHART.stripeBalance, paid),
    creditTo(CHART.stripeBalance, fee),
  ];
}

function payoutFailed({ amountMinor, currency: code }: PayoutEventData<'PayoutFailed'>): Posting[] {
  const returned = fromMinor(amountMinor, code);
  return [debit(CHART.stripeBalance, returned), creditTo(CHART.bank, returned)];
}
