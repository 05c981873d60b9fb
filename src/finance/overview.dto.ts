// What /api answers about what waits for finance.
import { ApiExtraModels } from '#openapi';
import {
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
} from '../platform/http/index.js';

class WaitingRefunds {
  @ShownInteger('those that wait for approval')
  readonly to_approve!: number;

  @ShownUsd('the credit of these')
  readonly credit!: string;

  @ShownOrNull('when the oldest of them was asked for (ISO 8601)')
  readonly oldest_at!: string | null;

  @ShownInteger('approved more than a day ago and not ended')
  readonly stuck!: number;
}

class NearestDeadline {
  @Shown()
  readonly dispute_id!: string;

  @ShownInstant('until when the bank takes evidence')
  readonly evidence_due_at!: string;

  @ShownInteger('whole days that are left, 0 on the last one, negative when it is over')
  readonly days_left!: number;
}

@ApiExtraModels(NearestDeadline)
class OpenDisputes {
  @ShownInteger()
  readonly open!: number;

  @ShownUsd('the credit that is disputed')
  readonly amount!: string;

  @ShownObjectOrNull(NearestDeadline, 'the one whose evidence is due first')
  readonly nearest!: NearestDeadline | null;
}

export const AGES = ['up_to_1_day', 'up_to_7_days', 'up_to_30_days', 'older'] as const;

class AgedItems {
  @ShownEnum(AGES)
  readonly age!: (typeof AGES)[number];

  @ShownInteger('differences with Stripe')
  readonly stripe!: number;

  @ShownInteger('of these, what waits for the approval of a second person')
  readonly to_approve!: number;

  @ShownInteger('differences with bills of providers')
  readonly providers!: number;
}

const MONTH_STATUSES = ['open', 'proposed'] as const;

export class UnclosedMonth {
  @Shown('the UTC month, such as 2026-03')
  readonly id!: string;

  @ShownEnum(MONTH_STATUSES, '`proposed`: it waits for a second person')
  readonly status!: (typeof MONTH_STATUSES)[number];

  @ShownOrNull('who proposed it: a user id')
  readonly proposed_by!: string | null;

  @Shown('whether it can be proposed now: months are closed one after another')
  readonly can_be_proposed!: boolean;
}

class RecentPayout {
  @Shown('Stripe’s payout')
  readonly id!: string;

  @ShownEnum(['paid', 'failed'])
  readonly status!: 'paid' | 'failed';

  @Shown('ISO 4217, in small letters')
  readonly currency!: string;

  @ShownOrNull('a decimal of the currency; null where it never left Stripe')
  readonly amount!: string | null;

  @ShownInstant('when we learned of it')
  readonly reported_at!: string;
}

class BalanceOfBooks {
  @Shown('ISO 4217')
  readonly currency!: string;

  @Shown('a decimal of the currency')
  readonly amount!: string;
}

class BooksNow {
  @ShownUsd('unused credit: what customers are owed in calls')
  readonly customer_credit!: string;

  @ShownUsd('what customers owe whose balance is below zero')
  readonly customer_debt!: string;

  @ShownUsd('refunds under way')
  readonly refunds_under_way!: string;

  @ShownObject(BalanceOfBooks, 'the balance at Stripe, by currency', { isArray: true })
  readonly stripe_balance!: readonly BalanceOfBooks[];

  @ShownUsd('payments that Stripe has not settled yet')
  readonly stripe_clearing!: string;
}

class Attention {
  @ShownInteger('payments that are not what was ordered; 1000 stands for more, too')
  readonly mismatches!: number;

  @ShownInteger('early warnings of fraud; 1000 stands for more, too')
  readonly fraud_warnings!: number;

  @ShownOrNull('the last day that was compared with Stripe; null before the first')
  readonly compared_until!: string | null;
}

export class FinanceOverview {
  @ShownAlways('finance_overview')
  readonly object!: 'finance_overview';

  @ShownInstant('everything up to then is in it')
  readonly as_of!: string;

  @ShownObject(WaitingRefunds)
  readonly refunds!: WaitingRefunds;

  @ShownObject(OpenDisputes)
  readonly disputes!: OpenDisputes;

  @ShownObject(AgedItems, 'open differences by their age', { isArray: true })
  readonly reconciliation!: readonly AgedItems[];

  @ShownObject(UnclosedMonth, 'months that are over and not closed, the oldest first', { isArray: true })
  readonly months!: readonly UnclosedMonth[];

  @ShownOrNull('the last month that was closed')
  readonly last_closed!: string | null;

  @ShownObject(RecentPayout, 'the newest ones', { isArray: true })
  readonly payouts!: readonly RecentPayout[];

  @ShownObject(BooksNow, 'what the books say now')
  readonly books!: BooksNow;

  @ShownObject(Attention)
  readonly attention!: Attention;
}
