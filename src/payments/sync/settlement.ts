// Which part of the Stripe clearing account each balance transaction settles, and how much credit a dispute concerns. Pure.
import { type Amount, negate, picoUsd, subtract, ZERO, type Unissued } from '../../kernel/index.js';
import type { Payment, ProviderDispute, ProviderRefund } from '../provider/payment.js';
import { creditShare } from '../topups/price.js';
import type { TopupCommand } from '../topups/topup.commands.js';
import type { BalanceTransaction } from '../provider/payment.js';
import type { BalanceSource } from '../topups/topup.events.js';
import { refundAtStripe } from '../topups/topup.js';
import type { TopupOrder, TopupRefund, TopupState } from '../topups/topup.state.js';

type Booking = Unissued<Extract<TopupCommand, { type: 'BookBalanceTransaction' }>>;

/** The bookings of a payment, including those already booked: the top-up ignores repetitions. */
export function bookings(state: TopupState, payment: Payment): Booking[] {
  const { order, paymentIntentId } = state;
  if (order === undefined || payment.status !== 'paid') return [];
  if (payment.paymentIntentId === undefined || payment.paymentIntentId !== paymentIntentId) return unmatched(payment);
  return [
    ...booking('payment', payment.settlement, order.credit),
    ...payment.refunds.flatMap((refund) => refundBookings(state, refund)),
    ...payment.disputes.flatMap((dispute) => disputeBookings(order, dispute)),
  ];
}

const booking = (source: BalanceSource, entry: BalanceTransaction | undefined, clears: Amount): Booking[] =>
  entry === undefined ? [] : [{ type: 'BookBalanceTransaction', source, clears, ...entry }];

/** Money in and out that belongs to no credit. */
const unmatched = ({ settlement, refunds, disputes }: Payment): Booking[] =>
  [
    ...booking('payment', settlement, ZERO),
    ...refunds.flatMap(({ sent, returned }) => [
      ...booking('refund', sent, ZERO),
      ...booking('refund_failure', returned, ZERO),
    ]),
    ...disputes.flatMap(({ movements }) => movements.flatMap((entry) => booking(sourceOf(entry), entry, ZERO))),
  ].map((each) => ({ ...each, unmatched: true }));

const sourceOf = ({ amountMinor }: BalanceTransaction): BalanceSource =>
  amountMinor < 0 ? 'dispute' : 'dispute_reversal';

/** Our refund that corresponds to a refund at Stripe; undefined when it was made at Stripe directly. */
export function ours(
  state: TopupState,
  { stripeRefundId, refundId, amountMinor }: ProviderRefund,
): TopupRefund | undefined {
  const known = state.refunds.get(stripeRefundId) ?? refundAtStripe(state, stripeRefundId);
  if (known !== undefined || refundId === undefined) return known;
  const named = state.refunds.get(refundId);
  return named?.stripeRefundId === undefined && named?.amountMinor === amountMinor ? named : undefined;
}

function refundBookings(state: TopupState, refund: ProviderRefund): Booking[] {
  const credit = ours(state, refund)?.credit;
  if (credit === undefined) return [];
  return [...booking('refund', refund.sent, negate(credit)), ...booking('refund_failure', refund.returned, credit)];
}

/**
 * The credit that a dispute concerns: its share of the purchase, rounded down to 10^-12 USD. A dispute of the whole price concerns all of the
 * credit; so does one in another currency than the price, which tells no share of it.
 */
export function disputeCredit(
  order: TopupOrder,
  { amountMinor, currency, movements }: Pick<ProviderDispute, 'amountMinor' | 'currency' | 'movements'>,
): { readonly amount: Amount; readonly withdrawn: Amount; readonly reinstated: Amount } {
  const amount = currency === order.currency ? creditShare(order, amountMinor) : order.credit;
  const withdrawn = movements.some(({ amountMinor: moved }) => moved < 0) ? amount : ZERO;
  return { amount, withdrawn, reinstated: reinstatedBy(withdrawn, movements) };
}

/** The reinstated credit, in proportion to the money reinstated in the settlement currency. */
function reinstatedBy(withdrawn: Amount, movements: readonly BalanceTransaction[]): Amount {
  const taken = -(movements.find(({ amountMinor }) => amountMinor < 0)?.amountMinor ?? 0);
  const back = movements.reduce((total, { amountMinor }) => total + Math.max(0, amountMinor), 0);
  if (taken === 0 || back >= taken) return taken === 0 ? ZERO : withdrawn;
  return picoUsd((withdrawn * BigInt(back)) / BigInt(taken));
}

/** The first withdrawal takes the disputed credit. Later withdrawals take none: their money belongs to no credit. */
function disputeBookings(order: TopupOrder, dispute: ProviderDispute): Booking[] {
  const { withdrawn } = disputeCredit(order, dispute);
  const first = dispute.movements.findIndex(({ amountMinor }) => amountMinor < 0);
  return dispute.movements.flatMap((entry, index) => {
    if (entry.amountMinor < 0) {
      const taken = booking('dispute', entry, index === first ? negate(withdrawn) : ZERO);
      return index === first ? taken : taken.map((each) => ({ ...each, unmatched: true }));
    }
    const [before, after] = [index, index + 1].map((end) => reinstatedBy(withdrawn, dispute.movements.slice(0, end)));
    return booking('dispute_reversal', entry, subtract(after ?? ZERO, before ?? ZERO));
  });
}
