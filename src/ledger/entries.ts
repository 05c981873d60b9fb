// What moved an account's balance, as its owner reads it: one entry per event. The amounts of all entries sum to the posted balance.
import { type Amount, negate, sum, usdOf } from '../kernel/index.js';
import type { AccountEvent } from './account.events.js';
import { CHART } from './books.js';
import { postings } from './postings.js';

/** The events that are entries, and what each says. Staff's reasons are not for the customer. Holds move nothing, nor does paying a refund out. */
export const ENTRY_DESCRIPTIONS = {
  CreditPurchased: 'Credit bought',
  CreditGranted: 'Bonus credit',
  CreditExpired: 'Credit expired',
  TokensCharged: 'Call',
  RefundRequested: 'Refund',
  RefundFailed: 'Refund that came to nothing: its credit is back',
  DisputeFundsWithdrawn: 'Disputed payment taken back by the bank',
  DisputeFundsReinstated: 'Disputed payment returned by the bank',
  BalanceAdjusted: 'Correction',
} as const satisfies Partial<Record<AccountEvent['type'], string>>;

const ESTIMATED_CALL = 'Call that was cut off, charged by an estimate of what was delivered';
const isEstimated = ({ type, data }: AccountEvent): boolean => type === 'TokensCharged' && data.estimated !== undefined;

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

/** What the entry is about, where it applies. */
export interface Entry extends Readonly<Partial<Record<EntryReference, string>>> {
  readonly type: EntryType;
  /** ISO 8601. */
  readonly at: string;
  /** Negative when it made the balance smaller. */
  readonly amount: Amount;
  readonly description: string;
}

const isEntryType = (type: string): type is EntryType => Object.hasOwn(ENTRY_DESCRIPTIONS, type);

/** The entry of an event; none for one that leaves the balance as it was. A call that cost nothing is an entry too. */
export function entryOf(event: AccountEvent): Entry | undefined {
  const { type, data } = event;
  if (!isEntryType(type)) return undefined;
  const facts = data as Readonly<Partial<Record<EntryReference, string>>>;
  const about = REFERENCES.filter((field) => facts[field] !== undefined).map((field) => [field, facts[field]]);
  return {
    ...(Object.fromEntries(about) as Partial<Record<EntryReference, string>>),
    type,
    at: data.at,
    amount: balanceChange(event),
    description: isEstimated(event) ? ESTIMATED_CALL : ENTRY_DESCRIPTIONS[type],
  };
}

/** By the books: what we owe the customer, less what they owe us, is credited to these two. */
const balanceChange = (event: AccountEvent): Amount =>
  negate(
    sum(
      postings(event)
        .filter(({ account }) => account === CHART.customerCredit || account === CHART.customerReceivable)
        .map(usdOf),
    ),
  );
