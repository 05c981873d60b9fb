// The entries of an account's balance, as its owner reads them: one per event. Their amounts sum to the posted balance.
import { type Amount, negate, sum, usdOf } from '../kernel/index.js';
import type { AccountEvent } from './account.events.js';
import { CHART } from './books.js';
import { postings } from './postings.js';

/** The events that are entries, with their descriptions. Customers don't see the reasons that staff give. */
export const ENTRY_DESCRIPTIONS = {
  CreditPurchased: 'Credit bought',
  CreditGranted: 'Bonus credit',
  CreditExpired: 'Credit expired',
  TokensCharged: 'Call',
  ChargeRerated: 'Call, its price corrected',
  RefundRequested: 'Refund',
  RefundFailed: 'Refund that came to nothing: its credit is back',
  DisputeFundsWithdrawn: 'Disputed payment taken back by the bank',
  DisputeFundsReinstated: 'Disputed payment returned by the bank',
  BalanceAdjusted: 'Correction',
} as const satisfies Partial<Record<AccountEvent['type'], string>>;

const ESTIMATED_CALL = 'Call that was cut off, charged by an estimate of what was delivered';
const EXPIRED_AFTER_DEBT = 'Credit expired, less what of it paid off a negative balance';

/** The description of an event that says more than its type. */
function ownDescription({ type, data }: AccountEvent): string | undefined {
  if (type === 'TokensCharged' && data.estimated !== undefined) return ESTIMATED_CALL;
  return type === 'CreditExpired' && data.coveredDebt !== undefined ? EXPIRED_AFTER_DEBT : undefined;
}

export type EntryType = keyof typeof ENTRY_DESCRIPTIONS;
export const ENTRY_TYPES = Object.keys(ENTRY_DESCRIPTIONS) as [EntryType, ...EntryType[]];

const REFERENCES = [
  'keyId',
  'model',
  'chargeId',
  'requestId',
  'lotId',
  'topupId',
  'refundId',
  'disputeId',
  'adjustmentId',
] as const;
export type EntryReference = (typeof REFERENCES)[number];

/** An entry, with the ids of what it is about. */
export interface Entry extends Readonly<Partial<Record<EntryReference, string>>> {
  readonly type: EntryType;
  /** ISO 8601. */
  readonly at: string;
  /** Negative when it reduced the balance. */
  readonly amount: Amount;
  readonly description: string;
}

const isEntryType = (type: string): type is EntryType => Object.hasOwn(ENTRY_DESCRIPTIONS, type);

/** A re-rating that changes only what a call costs us is nothing to its customer. */
const isInternal = ({ type, data }: AccountEvent): boolean =>
  type === 'ChargeRerated' && data.cost === data.previousCost;

/** The entry of an event; undefined for one that can't change the balance. A call that cost nothing is an entry, too. */
export function entryOf(event: AccountEvent): Entry | undefined {
  const { type, data } = event;
  if (!isEntryType(type) || isInternal(event)) return undefined;
  const facts = data as Readonly<Partial<Record<EntryReference, string>>>;
  const about = REFERENCES.filter((field) => facts[field] !== undefined).map((field) => [field, facts[field]]);
  return {
    ...(Object.fromEntries(about) as Partial<Record<EntryReference, string>>),
    type,
    at: data.at,
    amount: balanceChange(event),
    description: ownDescription(event) ?? ENTRY_DESCRIPTIONS[type],
  };
}

/** The balance is what we owe the customer less what they owe us: the credit side of these two book accounts. */
const balanceChange = (event: AccountEvent): Amount =>
  negate(
    sum(
      postings(event)
        .filter(({ account }) => account === CHART.customerCredit || account === CHART.customerReceivable)
        .map(usdOf),
    ),
  );
