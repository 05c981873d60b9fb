// What /api takes and answers about entries.
import { z } from 'zod';
import { type CsvRow, instantField, jsonOrCsv, ListQuery, Period, usdField } from '../../platform/http/index.js';
import { formatUsd } from '../../kernel/index.js';
import { ENTRY_TYPES, type EntryType } from '../../ledger/index.js';
import type { BookedEntry, EntryFilter } from './account-entries.js';

/** The types of entries by their names in the API. */
const NAMES = {
  CreditPurchased: 'purchase',
  CreditGranted: 'bonus',
  CreditExpired: 'expiry',
  TokensCharged: 'charge',
  RefundRequested: 'refund',
  RefundFailed: 'refund_failed',
  DisputeFundsWithdrawn: 'dispute_withdrawn',
  DisputeFundsReinstated: 'dispute_reinstated',
  BalanceAdjusted: 'adjustment',
} as const satisfies Record<EntryType, string>;

export const EntriesQuery = z.strictObject({
  ...ListQuery.shape,
  ...Period.shape,
  type: z.enum(Object.values(NAMES)).optional().describe('entries of this type only'),
  key_id: z.string().min(1).max(200).optional().describe('of calls with this key only'),
  model: z.string().min(1).max(200).optional().describe('of calls of this model only'),
  format: jsonOrCsv('`csv`: all of them as a file, oldest first, without pages'),
});

const reference = (text: string) => z.string().nullable().describe(text);

export const EntryAnswer = z.object({
  id: z.string().describe('of the event in the ledger'),
  object: z.literal('entry'),
  type: z.enum(Object.values(NAMES)),
  at: instantField('when it was booked'),
  amount: usdField('what it changed the balance by; negative when it made it smaller'),
  balance_after: usdField('the balance with it'),
  currency: z.literal('usd'),
  description: z.string(),
  model: reference('the model that was called'),
  key_id: reference('the key the call was made with'),
  charge_id: reference('the charge'),
  request_id: reference('the `x-request-id` of the call'),
  lot_id: reference('the lot of credit'),
  topup_id: reference('the top-up behind it'),
  refund_id: reference('the refund'),
  dispute_id: reference('the dispute'),
  adjustment_id: reference('the correction'),
});

export const ENTRY_COLUMNS = Object.keys(EntryAnswer.shape).filter((column) => column !== 'object');

export function filterOf({ type, key_id: keyId, model, from, to }: z.output<typeof EntriesQuery>): EntryFilter {
  return { type: ENTRY_TYPES.find((each) => NAMES[each] === type), keyId, model, from, to };
}

const facts = (entry: BookedEntry) => ({
  id: entry.id,
  type: NAMES[entry.type],
  at: entry.at,
  currency: 'usd' as const,
  description: entry.description,
  model: entry.model ?? null,
  key_id: entry.keyId ?? null,
  charge_id: entry.chargeId ?? null,
  request_id: entry.requestId ?? null,
  lot_id: entry.lotId ?? null,
  topup_id: entry.topupId ?? null,
  refund_id: entry.refundId ?? null,
  dispute_id: entry.disputeId ?? null,
  adjustment_id: entry.adjustmentId ?? null,
});

export const showEntry = (entry: BookedEntry): z.output<typeof EntryAnswer> => ({
  object: 'entry',
  ...facts(entry),
  amount: formatUsd(entry.amount),
  balance_after: formatUsd(entry.balanceAfter),
});

export const entryRow = (entry: BookedEntry): CsvRow => ({
  ...facts(entry),
  amount: entry.amount,
  balance_after: entry.balanceAfter,
});
