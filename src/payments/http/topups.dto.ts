// What /api takes and answers about top-ups.
import { ApiExtraModels } from '#openapi';
import {
  BooleanField,
  EnumField,
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
import type { TopupRow } from '../topups/topups.projection.js';

export const CURRENCIES = ['usd', 'cny'] as const;
export type Currency = (typeof CURRENCIES)[number];

export const TOPUP_STATUSES = ['ordered', 'pending', 'paid', 'failed', 'expired'] as const;

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

  @Shown()
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

  @ShownInteger()
  readonly amount_minor!: number;

  @ShownOrNull()
  readonly status!: string | null;
}

@ApiExtraModels(TopupQuote)
export class Topup {
  @Shown()
  readonly id!: string;

  @ShownAlways('topup')
  readonly object!: 'topup';

  @ShownEnum(TOPUP_STATUSES)
  readonly status!: (typeof TOPUP_STATUSES)[number];

  @ShownUsd('the credit')
  readonly credit!: string;

  @ShownEnum(CURRENCIES, 'of the price')
  readonly currency!: Currency;

  @ShownInteger('the price, in minor units')
  readonly price_minor!: number;

  @ShownQuote()
  readonly quote!: TopupQuote | null;

  @Shown()
  readonly automatic!: boolean;

  @ShownInstant('when it was ordered')
  readonly ordered_at!: string;

  @ShownInstant('until when it may be paid')
  readonly expires_at!: string;

  @ShownOrNull()
  readonly paid_at!: string | null;

  @ShownOrNull('why it failed')
  readonly failure!: string | null;

  @ShownObject(TopupRefund, undefined, { isArray: true })
  readonly refunds!: readonly TopupRefund[];
}

@ApiExtraModels(TopupQuote)
export class OrderedTopup {
  @Shown()
  readonly id!: string;

  @ShownAlways('topup')
  readonly object!: 'topup';

  @ShownUsd('the credit')
  readonly credit!: string;

  @ShownEnum(CURRENCIES)
  readonly currency!: Currency;

  @ShownInteger('the price, in minor units')
  readonly price_minor!: number;

  @ShownQuote()
  readonly quote!: TopupQuote | null;

  @ShownInstant('until when it may be paid')
  readonly expires_at!: string;

  @ShownOrNull('where it is paid; null when it can’t be any more')
  readonly checkout_url!: string | null;
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

  @Shown(undefined, { type: [String] })
  readonly payment_methods!: readonly string[];
}

export class SetAutomaticTopup {
  @DollarsField('top up when less than this is available')
  readonly threshold!: string;

  @DollarsField('what each top-up buys: whole cents')
  readonly amount!: string;

  @DollarsField('the most that is bought in a calendar month (UTC)')
  readonly monthly_ceiling!: string;

  @EnumField('the currency the card is charged in', CURRENCIES, { default: 'usd' })
  readonly currency: Currency = 'usd';
}

export class SavedCard {
  @Shown()
  readonly brand!: string;

  @Shown()
  readonly last4!: string;

  @ShownInteger()
  readonly exp_month!: number;

  @ShownInteger()
  readonly exp_year!: number;
}

@ApiExtraModels(SavedCard)
export class AutomaticTopup {
  @ShownAlways('automatic_topup')
  readonly object!: 'automatic_topup';

  @Shown()
  readonly enabled!: boolean;

  @ShownOrNull('top up when less than this is available (USD)')
  readonly threshold!: string | null;

  @ShownOrNull('what each top-up buys (USD)')
  readonly amount!: string | null;

  @ShownOrNull('the most that is bought in a calendar month (USD)')
  readonly monthly_ceiling!: string | null;

  @ShownEnum(CURRENCIES, undefined, { nullable: true })
  readonly currency!: Currency | null;

  @Shown('what was bought in this calendar month (USD)')
  readonly bought_this_month!: string;

  @ShownOrNull('the top-up that is being paid now')
  readonly under_way!: string | null;

  @ShownObjectOrNull(SavedCard, 'the saved card')
  readonly card!: SavedCard | null;
}

export const showTopup = (row: TopupRow): Topup => ({
  id: row.topupId,
  object: 'topup',
  status: row.status,
  credit: row.credit,
  currency: row.currency,
  price_minor: row.priceMinor,
  quote: row.quote ? showQuote(row.quote) : null,
  automatic: row.automatic,
  ordered_at: row.orderedAt,
  expires_at: row.expiresAt,
  paid_at: row.paidAt ?? null,
  failure: row.reason ?? null,
  refunds: row.refunds.map(({ refundId, credit, amountMinor, status }) => ({
    id: refundId,
    credit,
    amount_minor: amountMinor,
    status: status ?? null,
  })),
});

export const showQuote = ({
  numerator,
  denominator,
  source,
  expiresAt,
}: NonNullable<TopupRow['quote']>): TopupQuote => ({
  numerator,
  denominator,
  source,
  expires_at: expiresAt,
});
