// The double-entry bookkeeping of accounts: one pure function from an event to its postings, which sum to zero per currency.
// The journal and the trial balance are this map over the log. Holds are memoranda: no money moves when one opens or closes.
import { add, formatUsd, negate, subtract, usd, ZERO } from '../kernel/index.js';
import type { AccountEvent, AccountEventData } from './account.events.js';
import { type BookAccount, CHART, creditTo, debit, moving, type Posting } from './books.js';

/** The postings of an event; empty for one that moves no money. */
export function postings({ type, data }: AccountEvent): Posting[] {
  return moving(entries(type, data));
}

function entries(type: AccountEvent['type'], data: AccountEvent['data']): Posting[] {
  switch (type) {
    case 'CreditPurchased':
      return creditLot(CHART.stripeClearing, data as AccountEventData<'CreditPurchased'>);
    case 'CreditGranted':
      return creditLot(CHART.promotions, data as AccountEventData<'CreditGranted'>);
    case 'CreditExpired':
      return creditExpired(data as AccountEventData<'CreditExpired'>);
    case 'TokensCharged':
      return tokensCharged(data as AccountEventData<'TokensCharged'>);
    case 'ChargeRerated':
      return chargeRerated(data as AccountEventData<'ChargeRerated'>);
    case 'BalanceAdjusted':
      return balanceAdjusted(data as AccountEventData<'BalanceAdjusted'>);
    case 'RefundRequested':
      return taken(CHART.customerRefunds, data as AccountEventData<'RefundRequested'>);
    case 'RefundCompleted':
      return refundCompleted(data as AccountEventData<'RefundCompleted'>);
    case 'RefundFailed':
      return refundFailed(data as AccountEventData<'RefundFailed'>);
    case 'DisputeFundsWithdrawn':
      return taken(CHART.stripeClearing, data as AccountEventData<'DisputeFundsWithdrawn'>);
    case 'DisputeFundsReinstated':
      return creditLot(CHART.stripeClearing, data as AccountEventData<'DisputeFundsReinstated'>);
    case 'AccountOpened':
    case 'AccountClosed':
    case 'RefundApproved':
    case 'RefundEndProposed':
    case 'RefundEndDeclined':
    case 'DisputeOpened':
    case 'DisputeClosed':
    case 'AccountSuspended':
    case 'AccountReinstated':
    case 'KeyIssued':
    case 'KeyUpdated':
    case 'KeyRevoked':
    case 'HoldPlaced':
    case 'HoldReleased':
      return [];
    default:
      throw new Error(`no postings are defined for ${type satisfies never}`);
  }
}

/** Incoming credit is owed to the customer, except the part that pays off an overdrawn balance. */
function creditLot(source: BookAccount, lot: { amount: string; coveredDebt?: string | undefined }): Posting[] {
  const amount = usd(lot.amount);
  const covered = usd(lot.coveredDebt ?? '0');
  return [
    debit(source, amount),
    creditTo(CHART.customerReceivable, covered),
    creditTo(CHART.customerCredit, subtract(amount, covered)),
  ];
}

/**
 * Unused paid credit becomes our revenue (breakage), and unused bonus credit reverses its promotion cost, except the part
 * that pays off an overdrawn balance.
 */
function creditExpired({ kind, amount, coveredDebt }: AccountEventData<'CreditExpired'>): Posting[] {
  const gone = usd(amount);
  const covered = usd(coveredDebt ?? '0');
  return [
    debit(CHART.customerCredit, add(gone, covered)),
    creditTo(CHART.customerReceivable, covered),
    creditTo(kind === 'paid' ? CHART.breakage : CHART.promotions, gone),
  ];
}

function tokensCharged(data: AccountEventData<'TokensCharged'>): Posting[] {
  const cost = usd(data.cost);
  const uncovered = usd(data.uncovered ?? '0');
  const providerCost = usd(data.providerCost);
  return [
    debit(CHART.customerCredit, subtract(cost, uncovered)),
    debit(CHART.customerReceivable, uncovered),
    creditTo(CHART.usageRevenue, cost),
    debit(CHART.providerCost, providerCost),
    creditTo(CHART.providerPayable, providerCost),
  ];
}

/** The difference of a re-rating; nothing for what is absorbed. */
function chargeRerated(data: AccountEventData<'ChargeRerated'>): Posting[] {
  const difference = subtract(usd(data.cost), usd(data.previousCost));
  const ofProvider = subtract(usd(data.providerCost), usd(data.previousProviderCost));
  const receivable = subtract(usd(data.uncovered ?? '0'), usd(data.coveredDebt ?? '0'));
  return [
    debit(CHART.customerCredit, subtract(difference, receivable)),
    debit(CHART.customerReceivable, receivable),
    creditTo(CHART.usageRevenue, difference),
    debit(CHART.providerCost, ofProvider),
    creditTo(CHART.providerPayable, ofProvider),
  ];
}

function balanceAdjusted(data: AccountEventData<'BalanceAdjusted'>): Posting[] {
  const amount = usd(data.amount);
  if (amount > ZERO) return creditLot(CHART.adjustments, data);
  return taken(CHART.adjustments, { amount: formatUsd(negate(amount)), uncovered: data.uncovered });
}

/** Takes an amount from a customer to `destination`. The part that their credit does not cover is a receivable. */
function taken(destination: BookAccount, data: { amount: string; uncovered?: string | undefined }): Posting[] {
  const amount = usd(data.amount);
  const uncovered = usd(data.uncovered ?? '0');
  return [
    debit(CHART.customerCredit, subtract(amount, uncovered)),
    debit(CHART.customerReceivable, uncovered),
    creditTo(destination, amount),
  ];
}

function refundCompleted(data: AccountEventData<'RefundCompleted'>): Posting[] {
  const amount = usd(data.amount);
  return [debit(CHART.customerRefunds, amount), creditTo(data.outside ? CHART.bank : CHART.stripeClearing, amount)];
}

const refundFailed = (data: AccountEventData<'RefundFailed'>): Posting[] =>
  creditLot(data.completed ? CHART.stripeClearing : CHART.customerRefunds, data);
