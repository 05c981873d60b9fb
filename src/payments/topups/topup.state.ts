// The state of a top-up, folded from its events.
import { type Amount, fromInstant, subtract, sum, usd, ZERO } from '../../kernel/index.js';
import type { TopupEvent, TopupEventData } from './topup.events.js';
import type { RefundStatus } from '../provider/payment.js';

export interface TopupOrder extends Omit<TopupEventData<'TopupOrdered'>, 'credit' | 'expiresAt' | 'at'> {
  readonly credit: Amount;
  readonly expiresAt: number;
}

export interface TopupRefund {
  readonly refundId: string;
  readonly credit: Amount;
  readonly amountMinor: number;
  /** Undefined until Stripe reports a status. */
  readonly status: RefundStatus | undefined;
  readonly stripeRefundId: string | undefined;
  /** Whether people ended it without Stripe: what Stripe pays of it after all is another refund. */
  readonly endedWithoutStripe?: boolean;
}

/**
 * Stripe's checkouts stay open for 30 minutes at least (docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at). A minute
 * more, for the request's way there and clocks that differ.
 */
const SHORTEST_CHECKOUT_MS = 31 * 60_000;

/** Until when an order can get a checkout that ends with it; an automatic one needs none. */
export const openableUntil = ({ expiresAt, automatic }: TopupOrder): number =>
  automatic ? expiresAt : expiresAt - SHORTEST_CHECKOUT_MS;

/** The status of a top-up that was ordered. */
export type TopupStatus = 'ordered' | 'pending' | 'paid' | 'failed' | 'expired';

export interface TopupState {
  order: TopupOrder | undefined;
  status: TopupStatus | undefined;
  sessionId: string | undefined;
  /** Whether its owner has canceled it; a payment may have been faster. */
  cancelRequested: boolean;
  /** The payment that paid the order. */
  paymentIntentId: string | undefined;
  paidAt: number;
  lastAt: number;
  /** Payments that did not match the order. */
  readonly mismatched: Set<string>;
  readonly refunds: Map<string, TopupRefund>;
  readonly booked: Set<string>;
  readonly warnings: Set<string>;
}

export const noTopup = (): TopupState => ({
  order: undefined,
  status: undefined,
  sessionId: undefined,
  cancelRequested: false,
  paymentIntentId: undefined,
  paidAt: 0,
  lastAt: 0,
  mismatched: new Set(),
  refunds: new Map(),
  booked: new Set(),
  warnings: new Set(),
});

const isAlive = ({ status }: TopupRefund): boolean => status !== 'failed' && status !== 'canceled';

/** The sum of all refunds that have not failed, or of those at Stripe, in credit and in minor units of the price. */
export function refunded(
  { refunds }: TopupState,
  { atStripe = false } = {},
): { readonly credit: Amount; readonly minor: number } {
  const counts = (refund: TopupRefund) => isAlive(refund) && (!atStripe || refund.stripeRefundId !== undefined);
  const alive = [...refunds.values()].filter(counts);
  return {
    credit: sum(alive.map(({ credit }) => credit)),
    minor: alive.reduce((total, { amountMinor }) => total + amountMinor, 0),
  };
}

/** The credit of the order that has not been refunded. */
export const unrefunded = (state: TopupState): Amount => subtract(state.order?.credit ?? ZERO, refunded(state).credit);

export function evolve(state: TopupState, event: TopupEvent): TopupState {
  const at = fromInstant(event.data.at);
  if (at < state.lastAt) throw new Error(`impossible history: ${event.type} is earlier than the event before it`);
  if ((state.order === undefined) !== (event.type === 'TopupOrdered')) {
    throw new Error(`impossible history: ${event.type} ${state.order ? 'after' : 'before'} the order`);
  }
  apply(state, event, at);
  state.lastAt = at;
  return state;
}

function apply(state: TopupState, { type, data }: TopupEvent, at: number): void {
  switch (type) {
    case 'TopupOrdered':
      state.order = { ...data, credit: usd(data.credit), expiresAt: fromInstant(data.expiresAt) };
      state.status = 'ordered';
      return;
    case 'CheckoutOpened':
      state.sessionId = data.sessionId;
      return;
    case 'TopupPaid':
      if (state.status === 'paid') throw new Error('impossible history: a top-up is paid twice');
      Object.assign(state, { status: 'paid', paymentIntentId: data.paymentIntentId, paidAt: at });
      return;
    case 'PaymentPending':
      return become(state, 'pending');
    case 'TopupFailed':
      return become(state, 'failed');
    case 'TopupExpired':
      return become(state, 'expired');
    case 'PaymentMismatched':
      return void state.mismatched.add(data.paymentIntentId);
    case 'RefundOrdered':
      return addRefund(state, data);
    case 'RefundFound':
      return addRefund(state, data, data.refundId);
    case 'RefundReported':
      return reportRefund(state, data);
    case 'BalanceTransactionBooked':
      if (state.booked.has(data.balanceTransactionId)) throw new Error('impossible history: booked twice');
      return void state.booked.add(data.balanceTransactionId);
    case 'FraudWarned':
      return void state.warnings.add(data.warningId);
    case 'TopupCancelRequested':
      state.cancelRequested = true;
      return;
    case 'TopupSyncRequested':
      return;
    default:
      throw new Error(`unknown event ${type satisfies never}`);
  }
}

function become(state: TopupState, status: TopupStatus): void {
  if (state.status === 'paid') throw new Error(`impossible history: a paid top-up is ${status}`);
  state.status = status;
}

function addRefund(state: TopupState, data: TopupEventData<'RefundOrdered'>, stripeRefundId?: string): void {
  const { refundId, credit, amountMinor } = data;
  if (state.refunds.has(refundId)) throw new Error(`impossible history: refund ${refundId} is ordered twice`);
  const refund = { refundId, credit: usd(credit), amountMinor, status: undefined, stripeRefundId };
  state.refunds.set(refundId, refund);
}

function reportRefund(state: TopupState, data: TopupEventData<'RefundReported'>): void {
  const refund = state.refunds.get(data.refundId);
  if (refund === undefined) throw new Error(`impossible history: refund ${data.refundId} was never ordered`);
  const stripeRefundId = data.stripeRefundId ?? refund.stripeRefundId;
  const without = data.byHand === true && (data.status === 'failed' || data.outside === true);
  const ended = without && { endedWithoutStripe: true };
  state.refunds.set(data.refundId, { ...refund, status: data.status, stripeRefundId, ...ended });
}
