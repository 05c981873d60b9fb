// Every event in words: the sentence of its type, filled with what it says.
import type { TFunction } from 'i18next';
import type { Schema } from '../../api/client.ts';
import { oneOf } from '../../ui/address.ts';
import { instantText } from '../../ui/instant.tsx';
import { wholeMoney } from '../../ui/money.tsx';
import { releaseReason } from '../../ui/release-reason.ts';

export type LedgerEvent = Schema<'LedgerEvent'>;
export type EventType = LedgerEvent['type'];
type Translate = TFunction<'ledger'>;

/** Types of events by what they are about, as filters offer them. */
export const TYPE_GROUPS = {
  calls: ['HoldPlaced', 'TokensCharged', 'HoldReleased', 'ChargeRerated'],
  credit: ['CreditPurchased', 'CreditGranted', 'CreditExpired', 'BalanceAdjusted'],
  refunds: [
    'RefundRequested',
    'RefundApproved',
    'RefundEndProposed',
    'RefundEndDeclined',
    'RefundCompleted',
    'RefundFailed',
  ],
  disputes: ['DisputeOpened', 'DisputeFundsWithdrawn', 'DisputeFundsReinstated', 'DisputeClosed'],
  keys: ['KeyIssued', 'KeyUpdated', 'KeyRevoked'],
  account: ['AccountOpened', 'AccountSuspended', 'AccountReinstated', 'AccountClosed'],
} as const satisfies Record<string, readonly EventType[]>;

const AMOUNTS = new Set<string>(['amount', 'coveredDebt', 'cost', 'previousCost']);

/** What an event says in a field, as text; empty where it says nothing. */
export const said = ({ data }: Pick<LedgerEvent, 'data'>, field: string): string => {
  const value = data[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** What the sentences are filled with. */
const FIELDS = [
  'amount',
  'coveredDebt',
  'cost',
  'previousCost',
  'model',
  'name',
  'last4',
  'keyId',
  'reason',
  'expiresAt',
] as const;
type Fields = Readonly<Partial<Record<(typeof FIELDS)[number], string>>>;

/** The fields of an event as its sentence shows them: amounts with every digit, instants in the reader’s time zone. */
function shownFields(event: LedgerEvent): Fields {
  const shown = FIELDS.map((field) => {
    const text = said(event, field);
    if (AMOUNTS.has(field) && text !== '') return [field, wholeMoney(text)] as const;
    return [field, field === 'expiresAt' && text !== '' ? instantText(text, 'date') : text] as const;
  });
  return Object.fromEntries(shown);
}

const FAILURES = ['declined', 'canceled', 'failed'] as const;
const OUTCOMES = ['won', 'lost', 'inquiry_closed'] as const;

/** A sentence about an event, with its amounts. */
export function eventWords(t: Translate, event: LedgerEvent): string {
  const reason = said(event, 'reason');
  const released = releaseReason(reason);
  if (event.type === 'HoldReleased' && released !== undefined)
    return t('words.HoldReleased', { ...shownFields(event), reason: t(`release.${released}`) });
  const failed = oneOf(FAILURES, reason);
  if (event.type === 'RefundFailed' && failed !== undefined)
    return t('words.RefundFailed', { ...shownFields(event), reason: t(`refundFailure.${failed}`) });
  const outcome = oneOf(OUTCOMES, said(event, 'outcome'));
  if (event.type === 'DisputeClosed' && outcome !== undefined)
    return t('words.DisputeClosed', { outcome: t(`outcome.${outcome}`) });
  if (event.type === 'TokensCharged' && said(event, 'estimated') !== '')
    return t('words.TokensChargedEstimated', shownFields(event));
  if (event.type === 'CreditExpired' && said(event, 'coveredDebt') !== '')
    return t('words.CreditExpiredAfterDebt', shownFields(event));
  return t(`words.${event.type}`, shownFields(event));
}
