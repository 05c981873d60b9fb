// What /api takes and answers about invoices.
import {
  EnumField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownInstant,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { ApiExtraModels } from '#openapi';

export class InvoiceQuery {
  @EnumField('a page to print, or its figures', ['html', 'json'], { default: 'html' })
  readonly format: 'html' | 'json' = 'html';
}

export class InvoicesQuery extends ListQuery {
  @TextField('of this account only', { min: 1, max: 255, optional: true })
  readonly account_id?: string;
}

export class InvoiceYear {
  @TextField('the year, UTC, such as 2026', {
    min: 4,
    max: 4,
    pattern: /^2\d{3}$/,
    message: 'must be a year such as 2026',
  })
  readonly year!: string;
}

class InvoiceParty {
  @Shown()
  readonly name!: string;

  @Shown('line by line', { type: String, isArray: true })
  readonly address!: readonly string[];

  @ShownOrNull('a tax number')
  readonly tax_id!: string | null;
}

class InvoiceSeller extends InvoiceParty {
  @ShownOrNull('what the seller has to say, such as why no tax is charged')
  readonly note!: string | null;
}

class InvoiceAmounts {
  @Shown('without tax: an exact decimal of the currency')
  readonly net!: string;

  @Shown('the tax: an exact decimal of the currency')
  readonly tax!: string;

  @Shown('net and tax together')
  readonly total!: string;
}

class InvoiceCreditNote extends InvoiceAmounts {
  @Shown()
  readonly number!: string;

  @ShownInstant('when it was issued')
  readonly issued_at!: string;

  @Shown()
  readonly refund_id!: string;
}

class InvoiceDebitNote extends InvoiceCreditNote {
  @Shown('the number of the credit note')
  readonly reverses!: string;
}

@ApiExtraModels(InvoiceParty)
export class Invoice extends InvoiceAmounts {
  @ShownAlways('invoice')
  readonly object!: 'invoice';

  @Shown('without a gap within the year')
  readonly number!: string;

  @ShownInstant('when it was issued')
  readonly issued_at!: string;

  @ShownInstant('when it was paid: the date of supply')
  readonly paid_at!: string;

  @Shown()
  readonly account_id!: string;

  @Shown()
  readonly topup_id!: string;

  @Shown('Stripe’s payment')
  readonly payment!: string;

  @ShownObject(InvoiceSeller)
  readonly seller!: InvoiceSeller;

  @ShownObjectOrNull(InvoiceParty, 'null until there are billing details')
  readonly buyer!: InvoiceParty | null;

  @Shown()
  readonly description!: string;

  @Shown('of the amounts')
  readonly currency!: string;

  @ShownUsd('the credit that was bought')
  readonly credit!: string;

  @ShownOrNull('the rate of the price, where it is not in USD')
  readonly rate!: string | null;

  @ShownObject(InvoiceCreditNote, 'of refunds', { isArray: true })
  readonly credit_notes!: readonly InvoiceCreditNote[];

  @ShownObject(InvoiceDebitNote, 'of refunds that failed after their credit notes, which these reverse', {
    isArray: true,
  })
  readonly debit_notes!: readonly InvoiceDebitNote[];
}
