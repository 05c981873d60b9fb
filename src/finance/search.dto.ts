// What /api takes and answers about a search of finance.
import { Shown, ShownAlways, ShownEnum, ShownObject, ShownOrNull, TextField, Trimmed } from '../platform/http/index.js';

export const HIT_TYPES = ['account', 'topup', 'refund', 'dispute', 'payout', 'invoice', 'reconciliation_item'] as const;

export class FinanceSearchQuery {
  @Trimmed()
  @TextField(
    'the beginning of an e-mail address or of the name of a buyer; a day (2026-03-01) or month (2026-03); an amount (12.50, $12.50, 72 CNY); an id of ours or of Stripe’s; the number of an invoice',
    { min: 2, max: 255, message: 'must have at least two characters' },
  )
  readonly q!: string;
}

export class SearchHit {
  @ShownEnum(HIT_TYPES)
  readonly type!: (typeof HIT_TYPES)[number];

  @Shown('its id, or the number of the invoice')
  readonly id!: string;

  @ShownOrNull('of the account: its owner, or whom invoices are made out to')
  readonly name!: string | null;

  @ShownOrNull()
  readonly account_id!: string | null;

  @ShownOrNull('the top-up that it is about')
  readonly topup_id!: string | null;

  @ShownOrNull('how it stands')
  readonly status!: string | null;

  @ShownOrNull('a decimal of the currency')
  readonly amount!: string | null;

  @ShownOrNull('ISO 4217, in small letters')
  readonly currency!: string | null;

  @ShownOrNull('when it happened (ISO 8601)')
  readonly at!: string | null;
}

export class FinanceSearchResult {
  @ShownAlways('list')
  readonly object!: 'list';

  @ShownObject(SearchHit, 'by type, the newest first', { isArray: true })
  readonly data!: readonly SearchHit[];

  @Shown('whether there is more of a type than is shown')
  readonly has_more!: boolean;
}
