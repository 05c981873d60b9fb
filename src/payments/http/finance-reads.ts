import { Injectable } from '@nestjs/common';
import {
  EventStore,
  type Query,
  ReadModelStore,
  type Row,
  rowsOf,
  type ViewDefinition,
  WaitFor,
} from '../../event-store/index.js';
import { Clock, formatUsd, type JsonObject, Refused, refuse, toInstant, usd } from '../../kernel/index.js';
import { Accounts, type Lot } from '../../ledger/index.js';
import { invalidRequest, page, type Page, pageOf } from '../../platform/http/index.js';
import { type DisputeRow, disputeRows } from '../disputes/disputes.projection.js';
import { type InvoiceRow, invoiceRows } from '../invoices/invoices.projection.js';
import { type RefundRow, refundRows } from '../refunds/refunds.projection.js';
import { readMinor } from '../topups/price.js';
import { type TopupRow, topupRows } from '../topups/topups.projection.js';
import { showDispute } from './finance.dto.js';
import { type FinanceRefund, showFinanceRefund } from './finance-refunds.dto.js';
import {
  type FinanceTopup,
  type FinanceTopupStory,
  type FinanceTopupsQuery,
  showFinanceTopup,
  showPosting,
  type TopupEvent,
} from './finance-topups.dto.js';
import { firstText, type StoryEvent, topupStory } from './topup-story.js';

/** Refunds or disputes of one top-up that are shown. */
const MOST_RELATED = 50;

/** Reads top-ups and refunds of every account. Each read waits until the read model has seen the whole ledger. */
@Injectable()
export class FinanceReads {
  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  async topups(query: FinanceTopupsQuery): Promise<Page<FinanceTopup>> {
    if (query.topup_id !== undefined) {
      const row = await this.#row<TopupRow>(topupRows.view, query.topup_id);
      const data = row === undefined || !matches(row, query) ? [] : [showFinanceTopup(row)];
      return pageOf(data);
    }
    const { from, to } = query;
    const listing = { view: topupRows.view, where: whereOf(query), orderBy: 'orderedAt', period: { from, to } };
    return page({ readModels: this.readModels, waitFor: this.waitFor }, { ...listing, show: showFinanceTopup }, query);
  }

  /** Every top-up of a filter, newest first. */
  async allTopups(query: FinanceTopupsQuery): Promise<AsyncGenerator<TopupRow>> {
    await this.waitFor.head(topupRows.view);
    return rowsUntil(this.readModels, query);
  }

  /** @throws Refused `topup_not_found` */
  async story(id: string): Promise<FinanceTopupStory> {
    const row = await this.#row<TopupRow>(topupRows.view, id);
    if (row === undefined) throw new Refused(refuse('not_found', 'topup_not_found', 'There is no such top-up.'));
    const { accountId } = row;
    const refunds = await this.#ofTopup<RefundRow>(refundRows.view, id, 'requestedAt');
    const disputes = await this.#ofTopup<DisputeRow>(disputeRows.view, id, 'openedAt');
    const invoice = await this.#row<InvoiceRow>(invoiceRows.view, id);
    const lot = await this.accounts.read(accountId, ({ lots }) => lotOf(lots.byId.get(id)), { fresh: true });
    const instants = [
      row.paidAt,
      ...refunds.flatMap(({ requestedAt, changedAt }) => [requestedAt, changedAt]),
      ...disputes.flatMap(({ openedAt, closedAt }) => [openedAt, closedAt]),
      lot?.expires_at,
    ].filter((instant) => instant !== undefined);
    const related = [...refunds.map(({ refundId }) => refundId), ...disputes.map(({ disputeId }) => disputeId)];
    const now = this.clock.now();
    const events = await topupStory(this.store, { topupId: id, accountId, related, instants });
    return {
      ...showFinanceTopup(row),
      lot: lot ?? null,
      invoice: invoice?.number ?? null,
      all_refunds: refunds.map((refund) => showFinanceRefund(refund, row, now)),
      disputes: disputes.map((dispute) => showDispute(dispute, now)),
      events: events.map(showStoryEvent),
    };
  }

  /** Refunds with what their top-ups say of them. */
  async withTopups(refunds: readonly RefundRow[]): Promise<FinanceRefund[]> {
    await this.waitFor.head(topupRows.view);
    const ids = [...new Set(refunds.map(({ topupId }) => topupId))];
    const topups = await this.readModels.load(topupRows.view, ids);
    const now = this.clock.now();
    return refunds.map((refund) =>
      showFinanceRefund(refund, topups.get(refund.topupId)?.doc as TopupRow | undefined, now),
    );
  }

  async #ofTopup<Doc extends JsonObject>(view: ViewDefinition, topupId: string, orderBy: string): Promise<Doc[]> {
    await this.waitFor.head(view);
    const query = { where: { topupId }, orderBy, descending: true, limit: MOST_RELATED };
    return (await this.readModels.find(view, query)).map(({ doc }) => doc as Doc);
  }

  async #row<Doc extends JsonObject>(view: ViewDefinition, id: string): Promise<Doc | undefined> {
    await this.waitFor.head(view);
    return (await this.readModels.load(view, [id])).get(id)?.doc as Doc | undefined;
  }
}

type Where = Record<string, string | number | boolean>;

/** @throws ApiError 400 for an amount that the currency does not have */
function whereOf({ status, method, currency, amount, account_id: accountId, stripe_id: stripeId }: FinanceTopupsQuery) {
  const where: Where = {};
  if (status !== undefined) where['status'] = status;
  if (currency !== undefined) where['currency'] = currency;
  if (accountId !== undefined) where['accountId'] = accountId;
  if (stripeId !== undefined) where[stripeId.startsWith('cs_') ? 'sessionId' : 'paymentIntentId'] = stripeId;
  if (method !== undefined) where['automatic'] = method === 'saved_card';
  if (amount !== undefined) Object.assign(where, amountOf(amount, currency));
  return where;
}

function amountOf(amount: string, currency: string | undefined): Where {
  if (currency === undefined) return { credit: formatUsd(usd(amount)) };
  try {
    return { priceMinor: readMinor(amount, currency) };
  } catch (error) {
    if (error instanceof RangeError) throw invalidRequest(`${error.message}.`, 'amount');
    throw error;
  }
}

/** Whether the one top-up of an id is also what else is asked for. */
function matches(row: TopupRow, query: FinanceTopupsQuery): boolean {
  const isAsked = Object.entries(whereOf(query)).every(([field, value]) => row[field] === value);
  return isAsked && row.orderedAt >= (query.from ?? '') && (query.to === undefined || row.orderedAt < query.to);
}

async function* rowsUntil(readModels: ReadModelStore, query: FinanceTopupsQuery): AsyncGenerator<TopupRow> {
  const { from = '', to } = query;
  const below: Pick<Query, 'below'> = to === undefined ? {} : { below: { orderedAt: to } };
  const wanted = { where: whereOf(query), ...below, orderBy: 'orderedAt', descending: true };
  for await (const { doc } of rowsOf<TopupRow>(readModels, topupRows.view, wanted) as AsyncIterable<Row<TopupRow>>) {
    if (doc.orderedAt < from) return;
    yield doc;
  }
}

const lotOf = (lot: Lot | undefined) =>
  lot && {
    bought: formatUsd(lot.amount),
    left: formatUsd(lot.remaining),
    expires_at: toInstant(lot.expiresAt),
  };

function showStoryEvent({ recorded: { stream, revision, data }, type, postings }: StoryEvent): TopupEvent {
  const amount = firstText(data, 'amount', 'credit', 'clears');
  return {
    stream,
    revision,
    type,
    at: String(data['at']),
    amount,
    currency: amount === null ? null : 'USD',
    by: firstText(data, 'approvedBy', 'declinedBy', 'requestedBy', 'by'),
    reason: firstText(data, 'detail', 'status', 'outcome', 'reason', 'fraudType', 'field', 'source'),
    reference: firstText(
      data,
      'balanceTransactionId',
      'stripeRefundId',
      'refundId',
      'disputeId',
      'warningId',
      'paymentIntentId',
      'sessionId',
    ),
    postings: postings.map(showPosting),
  };
}
