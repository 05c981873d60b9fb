// What /api takes and answers about top-ups of every account, for finance.
import { ApiExtraModels } from '#openapi';
import { formatMoney } from '../../kernel/index.js';
import type { Posting } from '../../ledger/index.js';
import {
  EnumField,
  InstantField,
  JsonOrCsvField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { PAYMENT_FAILURES, type PaymentFailure, paymentFailure } from '../topups/payment-failure.js';
import { formatMinor } from '../topups/price.js';
import type { TopupRow } from '../topups/topups.projection.js';
import { Dispute } from './finance.dto.js';
import { FinanceRefund } from './finance-refunds.dto.js';
import { STORY_EVENTS, type StoryEventType } from './topup-story.js';
import { CURRENCIES, type Currency, DollarsField, showQuote, TOPUP_STATUSES, TopupQuote } from './topups.dto.js';

const METHODS = ['checkout', 'saved_card'] as const;
type Method = (typeof METHODS)[number];

export class FinanceTopupsQuery extends ListQuery {
  @EnumField('those with this status only', TOPUP_STATUSES, { optional: true })
  readonly status?: TopupRow['status'];

  @EnumField('paid at a checkout, or by an automatic top-up with a saved card', METHODS, { optional: true })
  readonly method?: Method;

  @EnumField('priced in this currency only', CURRENCIES, { optional: true })
  readonly currency?: Currency;

  @DollarsField('the credit in US dollars; with a `currency`, the price in it', { optional: true })
  readonly amount?: string;

  @InstantField('ordered from then on', { optional: true })
  readonly from?: string;

  @InstantField('ordered before then', { optional: true })
  readonly to?: string;

  @TextField('of this account only', { min: 1, max: 100, optional: true })
  readonly account_id?: string;

  @TextField('with this id only', { min: 1, max: 100, optional: true })
  readonly topup_id?: string;

  @TextField('with this payment intent (pi_…) or checkout session (cs_…) of Stripe’s only', {
    min: 1,
    max: 255,
    optional: true,
  })
  readonly stripe_id?: string;

  @JsonOrCsvField('`csv`: all of them, as a file')
  readonly format: 'json' | 'csv' = 'json';
}

class Settlement {
  @Shown('in which Stripe settles: ISO 4217, in small letters')
  readonly currency!: string;

  @Shown('what came in: a decimal of the currency')
  readonly amount!: string;

  @Shown('what Stripe kept')
  readonly fee!: string;

  @Shown('amount less fee')
  readonly net!: string;
}

@ApiExtraModels(TopupQuote, Settlement)
export class FinanceTopup {
  @Shown()
  readonly id!: string;

  @ShownAlways('topup')
  readonly object!: 'topup';

  @Shown()
  readonly account_id!: string;

  @ShownEnum(TOPUP_STATUSES)
  readonly status!: TopupRow['status'];

  @ShownUsd('the credit')
  readonly credit!: string;

  @ShownEnum(CURRENCIES, 'of the price')
  readonly currency!: Currency;

  @Shown('the price: a decimal of its currency')
  readonly price!: string;

  @ShownObjectOrNull(TopupQuote, 'the rate of the price; null in USD')
  readonly quote!: TopupQuote | null;

  @ShownEnum(METHODS, 'paid at a checkout, or by an automatic top-up with a saved card')
  readonly method!: Method;

  @ShownInstant('when it was ordered')
  readonly ordered_at!: string;

  @ShownInstant('until when it may be paid')
  readonly expires_at!: string;

  @ShownOrNull('when it was paid (ISO 8601)')
  readonly paid_at!: string | null;

  @ShownEnum(PAYMENT_FAILURES, 'why it failed, as the customer is told', { nullable: true })
  readonly failure!: PaymentFailure | null;

  @ShownOrNull('why it failed: Stripe’s own code')
  readonly failure_code!: string | null;

  @ShownOrNull('Stripe’s payment intent')
  readonly payment_intent!: string | null;

  @ShownOrNull('Stripe’s checkout session')
  readonly checkout_session!: string | null;

  @ShownObjectOrNull(Settlement, 'what Stripe settled of the payment; null until then')
  readonly settlement!: Settlement | null;

  @Shown('what was paid back of the price: a decimal of its currency')
  readonly refunded!: string;

  @Shown('whether news of Stripe is still expected')
  readonly awaiting!: boolean;
}

class StoryPosting {
  @Shown('the account of the books')
  readonly account!: string;

  @Shown('ISO 4217')
  readonly currency!: string;

  @ShownOrNull('a decimal of the currency')
  readonly debit!: string | null;

  @ShownOrNull('a decimal of the currency')
  readonly credit!: string | null;
}

export class TopupEvent {
  @Shown('of the top-up’s stream, or of its account’s')
  readonly stream!: string;

  @Shown('its place in the stream', { type: 'integer' })
  readonly revision!: number;

  @ShownEnum(STORY_EVENTS)
  readonly type!: StoryEventType;

  @ShownInstant('when it happened')
  readonly at!: string;

  @ShownOrNull('a decimal of the currency')
  readonly amount!: string | null;

  @ShownOrNull('ISO 4217')
  readonly currency!: string | null;

  @ShownOrNull('who decided it: a user id')
  readonly by!: string | null;

  @ShownOrNull('why, or how it stands at Stripe')
  readonly reason!: string | null;

  @ShownOrNull('what it is about: an id of ours or of Stripe’s')
  readonly reference!: string | null;

  @ShownObject(StoryPosting, 'what it books', { isArray: true })
  readonly postings!: readonly StoryPosting[];
}

class CreditLeft {
  @ShownUsd('what was bought')
  readonly bought!: string;

  @ShownUsd('what is left of it')
  readonly left!: string;

  @ShownInstant('when that expires')
  readonly expires_at!: string;
}

@ApiExtraModels(CreditLeft)
export class FinanceTopupStory extends FinanceTopup {
  @ShownObjectOrNull(CreditLeft, 'its credit on the account; null where it bought none')
  readonly lot!: CreditLeft | null;

  @ShownOrNull('the number of its invoice')
  readonly invoice!: string | null;

  @ShownObject(FinanceRefund, 'newest first', { isArray: true })
  readonly all_refunds!: readonly FinanceRefund[];

  @ShownObject(Dispute, 'newest first', { isArray: true })
  readonly disputes!: readonly Dispute[];

  @ShownObject(TopupEvent, 'what happened, in its order', { isArray: true })
  readonly events!: readonly TopupEvent[];
}

export const TOPUP_COLUMNS = [
  'id',
  'account_id',
  'status',
  'credit',
  'currency',
  'price',
  'refunded',
  'method',
  'ordered_at',
  'paid_at',
  'payment_intent',
  'checkout_session',
  'settled_currency',
  'settled_amount',
  'stripe_fee',
  'settled_net',
];

export function showFinanceTopup(row: TopupRow): FinanceTopup {
  const { settlement, currency } = row;
  const back = row.refunds.reduce((total, each) => total + (each.status === 'succeeded' ? each.amountMinor : 0), 0);
  return {
    id: row.topupId,
    object: 'topup',
    account_id: row.accountId,
    status: row.status,
    credit: row.credit,
    currency,
    price: formatMinor(row.priceMinor, currency),
    quote: row.quote === undefined ? null : showQuote(row.quote),
    method: row.automatic ? 'saved_card' : 'checkout',
    ordered_at: row.orderedAt,
    expires_at: row.expiresAt,
    paid_at: row.paidAt ?? null,
    failure: row.reason === undefined ? null : paymentFailure(row.reason),
    failure_code: row.reason ?? null,
    payment_intent: row.paymentIntentId ?? null,
    checkout_session: row.sessionId ?? null,
    settlement:
      settlement === undefined
        ? null
        : {
            currency: settlement.currency,
            amount: formatMinor(settlement.amountMinor, settlement.currency),
            fee: formatMinor(settlement.feeMinor, settlement.currency),
            net: formatMinor(settlement.netMinor, settlement.currency),
          },
    refunded: formatMinor(back, currency),
    awaiting: row.awaiting,
  };
}

export const showPosting = ({ account, currency, amount }: Posting): StoryPosting => {
  const size = formatMoney({ currency, amount: amount < 0n ? -amount : amount });
  return { account, currency, debit: amount > 0n ? size : null, credit: amount < 0n ? size : null };
};
