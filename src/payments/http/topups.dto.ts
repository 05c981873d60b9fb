// What /api takes and answers about top-ups.
import { ApiExtraModels } from '#openapi';
import {
  BooleanField,
  EnumField,
  IntegerField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
  type Presence,
  TextField,
} from '../../platform/http/index.js';
import { type Amount, formatUsd, Rejection, toInstant } from '../../kernel/index.js';
import { type Priced, rateOf } from '../orders/topup-offer.js';
import { PAYMENT_FAILURES, type PaymentFailure, paymentFailure } from '../topups/payment-failure.js';
import { formatMinor } from '../topups/price.js';
import type { TopupRow } from '../topups/topups.projection.js';

export const CURRENCIES = ['usd', 'cny'] as const;
export type Currency = (typeof CURRENCIES)[number];

export const TOPUP_STATUSES = ['ordered', 'pending', 'paid', 'failed', 'expired', 'canceled'] as const;

/** More than any price. */
const MOST_MINOR = 10 ** 12;

/** Why nothing of a top-up can be refunded. */
const NOT_REFUNDABLE = ['not_paid', 'refund_window_over', 'payment_disputed', 'nothing_left'] as const;

/** An amount of US dollars as people write it. */
export const DollarsField = (description: string, presence?: Presence): PropertyDecorator =>
  TextField(description, {
    max: 22,
    pattern: /^\d{1,9}(\.\d{1,12})?$/,
    message: 'must be an amount of US dollars such as "10.00"',
    ...presence,
  });

export class OrderTopup {
  @DollarsField('the credit to buy, in US dollars: whole cents')
  readonly amount!: string;

  @EnumField('the currency to pay in', CURRENCIES, { default: 'usd' })
  readonly currency: Currency = 'usd';

  @BooleanField('keep the card that pays, for automatic top-ups', { default: false })
  readonly save_card: boolean = false;

  @IntegerField(
    'the price that you were shown, in minor units: refused with `price_changed` when it is another one now',
    {
      min: 1,
      max: MOST_MINOR,
      optional: true,
    },
  )
  readonly price_minor?: number;
}

export class QuoteQuery {
  @DollarsField('the credit to buy, in US dollars: whole cents')
  readonly amount!: string;

  @EnumField('the currency to pay in', CURRENCIES, { default: 'usd' })
  readonly currency: Currency = 'usd';
}

export class RefreshQuery {
  @EnumField('`true`: ask the payment provider how it stands first', ['true', 'false'], { optional: true })
  readonly refresh?: 'true' | 'false';
}

export class ReceiptQuery {
  @EnumField('a page, or its figures', ['html', 'json'], { default: 'html' })
  readonly format: 'html' | 'json' = 'html';
}

export class TopupQuote {
  @ShownInteger()
  readonly numerator!: number;

  @ShownInteger()
  readonly denominator!: number;

  @Shown('minor units of the price for a cent of credit, as a decimal: yuan for a dollar')
  readonly rate!: string;

  @Shown('where the rate is from; `configured`: the operator sets it')
  readonly source!: string;

  @Shown()
  readonly expires_at!: string;
}

const ShownQuote = (): PropertyDecorator =>
  ShownObjectOrNull(
    TopupQuote,
    'minor units of the price = cents of credit × numerator ÷ denominator, rounded up; null in USD',
  );

export class TopupRefund {
  @Shown()
  readonly id!: string;

  @ShownUsd('what was taken back')
  readonly credit!: string;

  @ShownInteger('what is paid back, in minor units of the payment’s currency')
  readonly amount_minor!: number;

  @Shown('the same as a decimal of that currency')
  readonly amount!: string;

  @ShownOrNull()
  readonly status!: string | null;
}

/** Credit, and what it costs. */
@ApiExtraModels(TopupQuote)
class PricedCredit {
  @ShownUsd('the credit')
  readonly credit!: string;

  @ShownEnum(CURRENCIES, 'of the price')
  readonly currency!: Currency;

  @ShownInteger('the price, in minor units')
  readonly price_minor!: number;

  @Shown('the price, as a decimal of its currency')
  readonly price!: string;

  @ShownQuote()
  readonly quote!: TopupQuote | null;
}

export class Topup extends PricedCredit {
  @Shown()
  readonly id!: string;

  @ShownAlways('topup')
  readonly object!: 'topup';

  @ShownEnum(TOPUP_STATUSES)
  readonly status!: (typeof TOPUP_STATUSES)[number];

  @Shown()
  readonly automatic!: boolean;

  @ShownInstant('when it was ordered')
  readonly ordered_at!: string;

  @ShownInstant('until when it may be paid')
  readonly expires_at!: string;

  @ShownOrNull()
  readonly paid_at!: string | null;

  @ShownEnum(PAYMENT_FAILURES, 'why it failed', { nullable: true })
  readonly failure!: PaymentFailure | null;

  @ShownOrNull('where it can be paid; null when it can’t be, and always without `refresh=true`')
  readonly checkout_url!: string | null;

  @ShownOrNull('its receipt; null until it is paid')
  readonly receipt_url!: string | null;

  @ShownUsd('what of its credit can be refunded now')
  readonly refundable!: string;

  @ShownOrNull('until when what is unused can be refunded; null until it is paid')
  readonly refundable_until!: string | null;

  @ShownEnum(NOT_REFUNDABLE, 'why nothing can be refunded', { nullable: true })
  readonly not_refundable!: (typeof NOT_REFUNDABLE)[number] | null;

  @ShownObject(TopupRefund, undefined, { isArray: true })
  readonly refunds!: readonly TopupRefund[];
}

export class OrderedTopup extends PricedCredit {
  @Shown()
  readonly id!: string;

  @ShownAlways('topup')
  readonly object!: 'topup';

  @ShownInstant('until when it may be paid')
  readonly expires_at!: string;

  @ShownOrNull('where it is paid; null when it can’t be any more')
  readonly checkout_url!: string | null;
}

export class TopupPrice extends PricedCredit {
  @ShownAlways('topup_price')
  readonly object!: 'topup_price';
}

export class TopupOptions {
  @ShownUsd('amounts to offer', { type: [String] })
  readonly presets!: readonly string[];

  @ShownUsd('the smallest top-up')
  readonly floor!: string;

  @ShownUsd('the largest top-up')
  readonly max!: string;

  @ShownEnum(CURRENCIES, undefined, { isArray: true })
  readonly currencies!: readonly Currency[];

  @ShownOrNull('yuan for a dollar of credit')
  readonly cny_per_usd!: string | null;

  @ShownInteger('until how many days after its purchase unused credit can be refunded')
  readonly refund_window_days!: number;

  @Shown(undefined, { type: [String] })
  readonly payment_methods!: readonly string[];
}

/** What can be refunded of a top-up; a rejection says why nothing can. Undefined until it is paid. */
export interface Refundability {
  readonly amount: Amount | Rejection;
  readonly until: number;
}

export const showTopup = (row: TopupRow, refundability?: Refundability, checkoutUrl?: string): Topup => ({
  id: row.topupId,
  object: 'topup',
  status: row.status,
  ...pricedCredit(row.credit, row),
  automatic: row.automatic,
  ordered_at: row.orderedAt,
  expires_at: row.expiresAt,
  paid_at: row.paidAt ?? null,
  failure: row.reason === undefined ? null : paymentFailure(row.reason),
  checkout_url: checkoutUrl ?? null,
  receipt_url: row.status === 'paid' ? `/api/topups/${row.topupId}/receipt` : null,
  ...showRefundability(refundability),
  refunds: row.refunds.map(({ refundId, credit, amountMinor, status }) => ({
    id: refundId,
    credit,
    amount_minor: amountMinor,
    amount: formatMinor(amountMinor, row.currency),
    status: status ?? null,
  })),
});

function showRefundability(
  refundability: Refundability | undefined,
): Pick<Topup, 'refundable' | 'refundable_until' | 'not_refundable'> {
  if (refundability === undefined) return { refundable: '0.00', refundable_until: null, not_refundable: 'not_paid' };
  const { amount, until } = refundability;
  const refundable_until = toInstant(until);
  if (!(amount instanceof Rejection)) return { refundable: formatUsd(amount), refundable_until, not_refundable: null };
  const reason = NOT_REFUNDABLE.find((each) => each === amount.code) ?? 'nothing_left';
  return { refundable: '0.00', refundable_until, not_refundable: reason };
}

export const showPrice = (credit: string, priced: Priced): TopupPrice => ({
  object: 'topup_price',
  ...pricedCredit(credit, priced),
});

export const pricedCredit = (credit: string, { currency, priceMinor, quote }: Priced): PricedCredit => ({
  credit,
  currency,
  price_minor: priceMinor,
  price: formatMinor(priceMinor, currency),
  quote: quote ? showQuote(quote) : null,
});

export const showQuote = ({
  numerator,
  denominator,
  source,
  expiresAt,
}: NonNullable<TopupRow['quote']>): TopupQuote => ({
  numerator,
  denominator,
  rate: rateOf({ numerator, denominator }),
  source,
  expires_at: expiresAt,
});
