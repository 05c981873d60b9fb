import { Injectable } from '@nestjs/common';
import { balancesOf, BOOK_TOTALS, bookTotals, type BookTotalsRow, Periods } from '../books/index.js';
import {
  EventStore,
  type Query,
  ReadModelStore,
  rowsOf,
  START,
  type ViewDefinition,
  WaitFor,
} from '../event-store/index.js';
import {
  type Amount,
  Clock,
  DAY_MS,
  formatUsd,
  fromInstant,
  type JsonObject,
  monthOf,
  negate,
  sum,
  toInstant,
  usd,
  wholeDays,
} from '../kernel/index.js';
import { type BookAccount, CHART } from '../ledger/index.js';
import {
  type DisputeRow,
  disputeRows,
  formatMinor,
  paymentAlerts,
  type PayoutRow,
  payoutRows,
  type RefundRow,
  refundRows,
} from '../payments/index.js';
import {
  ageDays,
  type BillLineRow,
  billLines,
  type ItemRow,
  reconciliationDays,
  reconciliationItems,
} from '../reconciliation/index.js';
import { AGES, type FinanceOverview } from './overview.dto.js';
import { unclosedMonths } from './unclosed-months.js';

/** Rows of a kind that are counted; a page needs no more to say that it is many. */
const MOST_COUNTED = 1_000;
const PAYOUTS = 5;
const STUCK_AFTER_MS = DAY_MS;

const VIEWS = [
  refundRows,
  disputeRows,
  payoutRows,
  paymentAlerts,
  reconciliationItems,
  reconciliationDays,
  billLines,
  bookTotals,
];

/** What waits for finance, from the read models once they have seen the whole ledger. */
@Injectable()
export class Overviews {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly periods: Periods,
    private readonly clock: Clock,
  ) {}

  async now(): Promise<FinanceOverview> {
    const now = this.clock.now();
    const head = await this.store.head();
    await Promise.all(VIEWS.map(({ view }) => this.waitFor.position(view, head)));
    const [refunds, disputes, reconciliation, payouts, books, attention, months] = await Promise.all([
      this.#refunds(now),
      this.#disputes(now),
      this.#reconciliation(now),
      this.#payouts(),
      this.#books(),
      this.#attention(),
      this.#months(now),
    ]);
    const as_of = toInstant(now);
    return {
      object: 'finance_overview',
      as_of,
      refunds,
      disputes,
      reconciliation,
      payouts,
      books,
      attention,
      ...months,
    };
  }

  async #refunds(now: number): Promise<FinanceOverview['refunds']> {
    const waiting = await this.#all<RefundRow>(refundRows.view, {
      where: { status: 'requested' },
      orderBy: 'requestedAt',
    });
    const approved = await this.#rows<RefundRow>(refundRows.view, {
      where: { status: 'approved' },
      orderBy: 'requestedAt',
    });
    return {
      to_approve: waiting.length,
      credit: formatUsd(sum(waiting.map(({ credit }) => usd(credit)))),
      oldest_at: waiting[0]?.requestedAt ?? null,
      stuck: approved.filter(({ changedAt }) => fromInstant(changedAt) + STUCK_AFTER_MS < now).length,
    };
  }

  async #disputes(now: number): Promise<FinanceOverview['disputes']> {
    const open = await this.#all<DisputeRow>(disputeRows.view, { where: { status: 'open' }, orderBy: 'openedAt' });
    const [nearest] = open
      .flatMap(({ disputeId, evidenceDueAt }) => (evidenceDueAt === undefined ? [] : [{ disputeId, evidenceDueAt }]))
      .toSorted((a, b) => (a.evidenceDueAt < b.evidenceDueAt ? -1 : 1));
    return {
      open: open.length,
      amount: formatUsd(sum(open.map(({ amount }) => usd(amount)))),
      nearest:
        nearest === undefined
          ? null
          : {
              dispute_id: nearest.disputeId,
              evidence_due_at: nearest.evidenceDueAt,
              days_left: wholeDays(fromInstant(nearest.evidenceDueAt) - now),
            },
    };
  }

  async #reconciliation(now: number): Promise<FinanceOverview['reconciliation']> {
    const items = await this.#rows<ItemRow>(reconciliationItems.view, { where: { open: true }, orderBy: 'date' });
    const lines = await this.#rows<BillLineRow>(billLines.view, { where: { open: true }, orderBy: 'day' });
    return AGES.map((age) => {
      const ofAge = items.filter(({ date }) => bracketOf(date, now) === age);
      const to_approve = ofAge.filter(({ resolution }) => resolution !== undefined).length;
      const providers = lines.filter(
        ({ openSince, day }) => bracketOf(openSince ?? `${day}T00:00:00.000Z`, now) === age,
      );
      return { age, stripe: ofAge.length, to_approve, providers: providers.length };
    });
  }

  async #payouts(): Promise<FinanceOverview['payouts']> {
    const query = { orderBy: 'reportedAt', descending: true, limit: PAYOUTS };
    return (await this.#rows<PayoutRow>(payoutRows.view, query)).map(
      ({ payoutId, status, currency, amountMinor, reportedAt }) => ({
        id: payoutId,
        status,
        currency,
        amount: amountMinor === null ? null : formatMinor(amountMinor, currency),
        reported_at: reportedAt,
      }),
    );
  }

  async #books(): Promise<FinanceOverview['books']> {
    const found = (await this.readModels.load(bookTotals.view, [BOOK_TOTALS])).get(BOOK_TOTALS);
    const row = (found?.doc ?? { balances: {} }) as BookTotalsRow;
    const dollars = (account: BookAccount): Amount =>
      usd(balancesOf(row, account).find(({ currency }) => currency === 'USD')?.balance ?? '0');
    return {
      customer_credit: formatUsd(negate(dollars(CHART.customerCredit))),
      customer_debt: formatUsd(dollars(CHART.customerReceivable)),
      refunds_under_way: formatUsd(negate(dollars(CHART.customerRefunds))),
      stripe_balance: balancesOf(row, CHART.stripeBalance).map(({ currency, balance }) => ({
        currency,
        amount: balance,
      })),
      stripe_clearing: formatUsd(dollars(CHART.stripeClearing)),
    };
  }

  async #attention(): Promise<FinanceOverview['attention']> {
    const of = (kind: string) => this.#rows(paymentAlerts.view, { where: { kind }, orderBy: 'at' });
    const [day] = await this.#rows<JsonObject>(reconciliationDays.view, { orderBy: 'day', descending: true, limit: 1 });
    const [mismatches, warnings] = [await of('mismatch'), await of('fraud_warning')];
    const compared_until = day === undefined ? null : String(day['day']);
    return { mismatches: mismatches.length, fraud_warnings: warnings.length, compared_until };
  }

  async #months(now: number): Promise<Pick<FinanceOverview, 'months' | 'last_closed'>> {
    const [closed, proposal] = [(await this.periods.all()).at(-1)?.period, await this.periods.proposal()];
    const [first] = await this.store.readAll(START, 1);
    const since = first === undefined ? undefined : monthOf(first.recordedAt);
    return { months: unclosedMonths({ closed, proposal, since, now: toInstant(now) }), last_closed: closed ?? null };
  }

  /** Of what a sum of money is told. */
  async #all<Doc extends JsonObject>(view: ViewDefinition, query: Omit<Query, 'limit' | 'after'>): Promise<Doc[]> {
    const docs: Doc[] = [];
    for await (const { doc } of rowsOf<Doc>(this.readModels, view, query)) docs.push(doc);
    return docs;
  }

  async #rows<Doc extends JsonObject>(view: ViewDefinition, query: Query): Promise<Doc[]> {
    return (await this.readModels.find(view, { limit: MOST_COUNTED, ...query })).map(({ doc }) => doc as Doc);
  }
}

function bracketOf(date: string, now: number): (typeof AGES)[number] {
  const days = ageDays(date, now);
  if (days < 1) return 'up_to_1_day';
  if (days < 7) return 'up_to_7_days';
  return days < 30 ? 'up_to_30_days' : 'older';
}
