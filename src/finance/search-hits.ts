// Rows of read models as what a search finds. Pure.
import type { User } from '../identity/index.js';
import {
  type DisputeRow,
  formatMinor,
  type InvoiceRow,
  type PayoutRow,
  type RefundRow,
  type TopupRow,
} from '../payments/index.js';
import type { ItemRow } from '../reconciliation/index.js';
import type { SearchHit } from './search.dto.js';

const NOTHING = { name: null, account_id: null, topup_id: null, status: null, amount: null, currency: null, at: null };

export const accountHit = (accountId: string, owner: User | undefined): SearchHit => ({
  ...NOTHING,
  type: 'account',
  id: accountId,
  account_id: accountId,
  name: owner === undefined ? null : nameOf(owner),
  at: owner?.registeredAt ?? null,
});

const nameOf = ({ email, billing }: User): string => (billing === undefined ? email : `${billing.name} (${email})`);

export const topupHit = (row: TopupRow): SearchHit => ({
  ...NOTHING,
  type: 'topup',
  id: row.topupId,
  account_id: row.accountId,
  topup_id: row.topupId,
  status: row.status,
  amount: formatMinor(row.priceMinor, row.currency),
  currency: row.currency,
  at: row.orderedAt,
});

export const refundHit = (row: RefundRow): SearchHit => ({
  ...NOTHING,
  type: 'refund',
  id: row.refundId,
  account_id: row.accountId === '' ? null : row.accountId,
  topup_id: row.topupId,
  status: row.status,
  amount: row.credit,
  currency: 'usd',
  at: row.requestedAt,
});

export const disputeHit = (row: DisputeRow): SearchHit => ({
  ...NOTHING,
  type: 'dispute',
  id: row.disputeId,
  account_id: row.accountId,
  topup_id: row.topupId,
  status: row.status,
  amount: row.amount,
  currency: 'usd',
  at: row.openedAt,
});

export const payoutHit = ({ payoutId, status, amountMinor, currency, reportedAt }: PayoutRow): SearchHit => ({
  ...NOTHING,
  type: 'payout',
  id: payoutId,
  status,
  amount: amountMinor === null ? null : formatMinor(amountMinor, currency),
  currency,
  at: reportedAt,
});

export const invoiceHit = (row: InvoiceRow): SearchHit => ({
  ...NOTHING,
  type: 'invoice',
  id: row.number ?? row.topupId,
  account_id: row.accountId,
  topup_id: row.topupId,
  amount: formatMinor(row.priceMinor, row.currency),
  currency: row.currency,
  at: row.issuedAt ?? null,
});

export const itemHit = ({ itemId, status, date, sides: { theirs, ours } }: ItemRow): SearchHit => {
  const [side] = [...theirs, ...ours];
  return {
    ...NOTHING,
    type: 'reconciliation_item',
    id: itemId,
    topup_id: theirs[0]?.topupId ?? null,
    status,
    amount: side === undefined ? null : formatMinor(side.amountMinor, side.currency),
    currency: side?.currency ?? null,
    at: date,
  };
};
