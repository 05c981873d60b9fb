// What /api takes and answers about entries.
import {
  type CsvRow,
  EnumField,
  InstantField,
  JsonOrCsvField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownOrNull,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { formatUsd } from '../../kernel/index.js';
import { ENTRY_TYPES, type EntryType } from '../../ledger/index.js';
import type { BookedEntry, EntryFilter } from './account-entries.js';

/** The types of entries by their names in the API. */
const NAMES = {
  CreditPurchased: 'purchase',
  CreditGranted: 'bonus',
  CreditExpired: 'expiry',
  TokensCharged: 'charge',
  ChargeRerated: 'rerating',
  RefundRequested: 'refund',
  RefundFailed: 'refund_failed',
  DisputeFundsWithdrawn: 'dispute_withdrawn',
  DisputeFundsReinstated: 'dispute_reinstated',
  BalanceAdjusted: 'adjustment',
} as const satisfies Record<EntryType, string>;

type EntryName = (typeof NAMES)[EntryType];

export class EntriesQuery extends ListQuery {
  @InstantField('not earlier than this', { optional: true })
  readonly from?: string;

  @InstantField('earlier than this', { optional: true })
  readonly to?: string;

  @EnumField('entries of this type only', Object.values(NAMES), { optional: true })
  readonly type?: EntryName;

  @TextField('of calls with this key only', { min: 1, max: 200, optional: true })
  readonly key_id?: string;

  @TextField('of calls of this model only', { min: 1, max: 200, optional: true })
  readonly model?: string;

  @JsonOrCsvField('`csv`: all of them as a file, oldest first, without pages')
  readonly format: 'json' | 'csv' = 'json';
}

export class Entry {
  @Shown('of the event in the ledger')
  readonly id!: string;

  @ShownAlways('entry')
  readonly object!: 'entry';

  @ShownEnum(Object.values(NAMES))
  readonly type!: EntryName;

  @ShownInstant('when it was booked')
  readonly at!: string;

  @ShownUsd('what it changed the balance by; negative when it made it smaller')
  readonly amount!: string;

  @ShownUsd('the balance with it')
  readonly balance_after!: string;

  @ShownAlways('usd')
  readonly currency!: 'usd';

  @Shown()
  readonly description!: string;

  @ShownOrNull('the model that was called')
  readonly model!: string | null;

  @ShownOrNull('the key the call was made with')
  readonly key_id!: string | null;

  @ShownOrNull('the charge')
  readonly charge_id!: string | null;

  @ShownOrNull('the `x-request-id` of the call')
  readonly request_id!: string | null;

  @ShownOrNull('the lot of credit')
  readonly lot_id!: string | null;

  @ShownOrNull('the top-up behind it')
  readonly topup_id!: string | null;

  @ShownOrNull('the refund')
  readonly refund_id!: string | null;

  @ShownOrNull('the dispute')
  readonly dispute_id!: string | null;

  @ShownOrNull('the correction')
  readonly adjustment_id!: string | null;
}

export const ENTRY_COLUMNS = [
  'id',
  'type',
  'at',
  'amount',
  'balance_after',
  'currency',
  'description',
  'model',
  'key_id',
  'charge_id',
  'request_id',
  'lot_id',
  'topup_id',
  'refund_id',
  'dispute_id',
  'adjustment_id',
] as const satisfies readonly (keyof Entry)[];

export function filterOf({ type, key_id: keyId, model, from, to }: EntriesQuery): EntryFilter {
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

export const showEntry = (entry: BookedEntry): Entry => ({
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
