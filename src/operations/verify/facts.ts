// What two streams must both say. A payment is booked on its top-up and on the account; nothing writes both at once, so each shows whether
// something is missing in the other. Pure.
import type { RecordedEvent } from '../../event-store/index.js';
import { type Amount, negate, subtract, usd, ZERO } from '../../kernel/index.js';
import { accountOfStream, type AccountState, accountStream, readAccountEvent } from '../../ledger/index.js';
import {
  readInvoiceEvent,
  readTopupEvent,
  topupOfStream,
  topupStream,
  type TopupState,
  yearOfInvoices,
} from '../../payments/index.js';
import { readReratingEvent, reratingStream, runOfStream } from '../../rerating/index.js';

/** How the two sides of a fact must stand. */
interface Rule {
  /** What it is, before the id of what it is of. */
  readonly what: string;
  /** Whether the sides agree, each the sum of what its stream says. */
  readonly agree: (first: Amount, second: Amount) => boolean;
  /**
   * Whether only the first side asks for the other, which comes before it in the log. Then it is looked up at once: the other side is said by
   * every top-up, and remembering all of them would take memory.
   */
  readonly isClaim?: true;
  /** Whether amounts count events, each of them as $1. */
  readonly counts?: true;
}

const equal = (first: Amount, second: Amount): boolean => first === second;
/** The second stream may say more than the first knows yet. */
const equalOnceSaid = (first: Amount, second: Amount): boolean => first === ZERO || first === second;

export const FACTS = {
  credit: { what: 'What was paid for top-up', agree: equal },
  refundTaken: { what: 'What is taken for refund', agree: equalOnceSaid },
  refundFailed: { what: 'What came back of refund', agree: equalOnceSaid },
  refundPaid: { what: 'What was paid out for refund', agree: equal },
  withdrawn: { what: 'What disputes withdrew of top-up', agree: equal },
  reinstated: { what: 'What disputes reinstated of top-up', agree: equal },
  rerated: { what: 'What an account was charged more by run', agree: equalOnceSaid },
  mismatch: {
    what: 'Payments that match no order, booked and seen, of top-up',
    agree: (booked, seen) => booked <= seen,
    counts: true,
  },
  invoice: { what: 'What was invoiced of top-up', agree: equal, isClaim: true },
  creditNote: { what: 'What a credit note says of refund', agree: equal, isClaim: true },
  debitNote: { what: 'What a debit note says of refund', agree: equal, isClaim: true },
} as const satisfies Record<string, Rule>;
export type FactKind = keyof typeof FACTS;

/** What an event says of a fact. What a side says in several events adds up. */
export interface Statement {
  readonly kind: FactKind;
  /** What it is of: a top-up, a refund, a run. */
  readonly id: string;
  /** The first stream of the fact, and the second. */
  readonly streams: readonly [string, string];
  readonly side: 0 | 1;
  readonly amount: Amount;
}

/** Everything that an event says, given the state of its stream before it. @throws Error where that state makes it impossible */
export function statementsOf(event: RecordedEvent, state: unknown): Statement[] {
  const { stream } = event;
  if (accountOfStream(stream) !== undefined) return ofAccount(event, state as AccountState);
  if (topupOfStream(stream) !== undefined) return ofTopup(event, state as TopupState);
  if (yearOfInvoices(stream) !== undefined) return ofInvoices(event);
  if (runOfStream(stream) !== undefined) return ofRun(event);
  return [];
}

function ofAccount(event: RecordedEvent, { disputes, refunds }: AccountState): Statement[] {
  const { stream } = event;
  const { type, data } = readAccountEvent(event);
  const say = (kind: FactKind, topupId: string, id: string, amount: Amount): Statement => ({
    kind,
    id,
    streams: [topupStream(topupId), stream],
    side: 1,
    amount,
  });
  switch (type) {
    case 'CreditPurchased':
      return [say('credit', data.topupId, data.topupId, usd(data.amount))];
    case 'RefundRequested':
      return [say('refundTaken', data.lotId, data.refundId, usd(data.amount))];
    case 'RefundCompleted':
      return [say('refundPaid', data.lotId, data.refundId, usd(data.amount))];
    case 'RefundFailed': {
      const { lotId, refundId } = data;
      const amount = refunds.get(refundId)?.amount ?? ZERO;
      const back = negate(amount);
      return [
        say('refundTaken', lotId, refundId, back),
        say('refundFailed', lotId, refundId, amount),
        ...(data.completed ? [say('refundPaid', lotId, refundId, back)] : []),
      ];
    }
    case 'DisputeFundsWithdrawn':
    case 'DisputeFundsReinstated': {
      const topupId = disputes.get(data.disputeId)?.lotId;
      if (topupId === undefined) return [];
      return [say(type === 'DisputeFundsWithdrawn' ? 'withdrawn' : 'reinstated', topupId, topupId, usd(data.amount))];
    }
    case 'ChargeRerated': {
      const difference = subtract(usd(data.cost), usd(data.previousCost));
      const { runId } = data;
      return [{ kind: 'rerated', id: runId, streams: [reratingStream(runId), stream], side: 1, amount: difference }];
    }
    case 'AccountOpened':
    case 'AccountClosed':
    case 'AccountSuspended':
    case 'AccountReinstated':
    case 'KeyIssued':
    case 'KeyUpdated':
    case 'KeyRevoked':
    case 'CreditGranted':
    case 'CreditExpired':
    case 'HoldPlaced':
    case 'TokensCharged':
    case 'HoldReleased':
    case 'RefundApproved':
    case 'RefundEndProposed':
    case 'RefundEndDeclined':
    case 'DisputeOpened':
    case 'DisputeClosed':
    case 'BalanceAdjusted':
      return [];
  }
}

/** A top-up does not know which year's invoices name it. */
const ANY_YEAR = 'invoices';
/** One event of a fact that counts. */
export const ONE = usd('1');

function ofTopup(event: RecordedEvent, { order, refunds }: TopupState): Statement[] {
  const { stream } = event;
  const { type, data } = readTopupEvent(event);
  if (order === undefined) return [];
  const { topupId } = order;
  const streams = [stream, accountStream(order.accountId)] as const;
  const say = (kind: FactKind, id: string, amount: Amount): Statement => ({ kind, id, streams, side: 0, amount });
  const invoiced = (kind: FactKind, id: string, amount: Amount): Statement => ({
    kind,
    id,
    streams: [ANY_YEAR, stream],
    side: 1,
    amount,
  });
  const twice = { kind: 'mismatch', id: topupId, streams: [stream, stream], amount: ONE } as const;
  const within = (side: 0 | 1): Statement => ({ ...twice, side });
  switch (type) {
    case 'TopupPaid':
      return [say('credit', topupId, order.credit), invoiced('invoice', topupId, order.credit)];
    case 'RefundOrdered':
    case 'RefundFound':
      return [say('refundTaken', data.refundId, usd(data.credit))];
    case 'RefundReported': {
      const { refundId, status } = data;
      const refund = refunds.get(refundId);
      const credit = refund?.credit ?? ZERO;
      if (status === 'succeeded')
        return [say('refundPaid', refundId, credit), invoiced('creditNote', refundId, credit)];
      if (status === 'pending') return [];
      const back = negate(credit);
      return [
        say('refundTaken', refundId, back),
        say('refundFailed', refundId, credit),
        invoiced('debitNote', refundId, credit),
        ...(refund?.status === 'succeeded' ? [say('refundPaid', refundId, back)] : []),
      ];
    }
    case 'PaymentMismatched':
      return [within(1)];
    case 'BalanceTransactionBooked': {
      const { source, unmatched, clears } = data;
      if (unmatched) return source === 'payment' ? [within(0)] : [];
      if (source === 'dispute') return [say('withdrawn', topupId, negate(usd(clears)))];
      return source === 'dispute_reversal' ? [say('reinstated', topupId, usd(clears))] : [];
    }
    case 'TopupOrdered':
    case 'CheckoutOpened':
    case 'PaymentPending':
    case 'TopupFailed':
    case 'TopupExpired':
    case 'TopupCancelRequested':
    case 'TopupSyncRequested':
    case 'FraudWarned':
      return [];
  }
}

const INVOICE_KINDS = {
  InvoiceIssued: 'invoice',
  CreditNoteIssued: 'creditNote',
  DebitNoteIssued: 'debitNote',
} as const;

function ofInvoices(event: RecordedEvent): Statement[] {
  const { type, data } = readInvoiceEvent(event);
  const id = type === 'InvoiceIssued' ? data.topupId : data.refundId;
  const streams = [event.stream, topupStream(data.topupId)] as const;
  return [{ kind: INVOICE_KINDS[type], id, streams, side: 0, amount: usd(data.credit) }];
}

function ofRun(event: RecordedEvent): Statement[] {
  const { type, data } = readReratingEvent(event);
  if (type !== 'AccountRerated') return [];
  const streams = [event.stream, accountStream(data.accountId)] as const;
  const id = runOfStream(event.stream) ?? '';
  return [{ kind: 'rerated', id, streams, side: 0, amount: usd(data.difference) }];
}
