import { Injectable } from '@nestjs/common';
import { ReadModelStore, type ViewDefinition, WaitFor } from '../../event-store/index.js';
import { Clock, fromInstant, type JsonObject, Refused, refuse } from '../../kernel/index.js';
import { Accounts, type AccountState, refundableOf } from '../../ledger/index.js';
import { type DisputeRow, disputeRows } from '../disputes/disputes.projection.js';
import { type Listing, type ListQuery, page, type Page } from '../../platform/http/index.js';
import { type PaymentAlertRow, paymentAlerts } from '../topups/payment-alerts.projection.js';
import { payoutRows } from '../payouts/payouts.projection.js';
import * as financeDto from './finance.dto.js';
import * as refundsDto from './refunds.dto.js';
import * as topupsDto from './topups.dto.js';
import { RefundSettings } from '../refunds/refund-settings.js';
import { type RefundRow, refundRows } from '../refunds/refunds.projection.js';
import { type TopupRow, topupRows } from '../topups/topups.projection.js';

type Where = Readonly<Record<string, string>>;

/** Reads payments. Each read waits until the read model has seen the whole ledger. An id of another account counts as unknown. */
@Injectable()
export class PaymentReads {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly accounts: Accounts,
    private readonly settings: RefundSettings,
    private readonly clock: Clock,
  ) {}

  /** @throws Refused `topup_not_found` */
  async topup(accountId: string, id: string): Promise<TopupRow> {
    const row = (await this.#row(topupRows.view, id)) as TopupRow | undefined;
    if (row?.accountId === accountId) return row;
    throw new Refused(
      refuse('not_found', 'topup_not_found', 'You have no such top-up. GET /api/topups lists your top-ups.'),
    );
  }

  async topups(accountId: string, query: ListQuery): Promise<Page<topupsDto.Topup>> {
    const listing = { view: topupRows.view, where: { accountId }, orderBy: 'orderedAt', show: (row: TopupRow) => row };
    const { data, ...rest } = await this.#list(listing, query);
    return { ...rest, data: await this.#shown(accountId, data) };
  }

  /** A top-up as the customer sees it. @throws Refused `topup_not_found` */
  async shownTopup(accountId: string, id: string, checkoutUrl?: string): Promise<topupsDto.Topup> {
    const [shown] = await this.#shown(accountId, [await this.topup(accountId, id)], checkoutUrl);
    return shown as topupsDto.Topup;
  }

  /** What can be refunded of them is judged by the ledger itself. */
  #shown(accountId: string, rows: readonly TopupRow[], checkoutUrl?: string): Promise<readonly topupsDto.Topup[]> {
    const { windowMs } = this.settings;
    const now = this.clock.now();
    const refundability = (state: AccountState, { topupId, paidAt }: TopupRow): topupsDto.Refundability | undefined =>
      paidAt === undefined
        ? undefined
        : { amount: refundableOf(state, topupId, { windowMs, now }), until: fromInstant(paidAt) + windowMs };
    return this.accounts.read(
      accountId,
      (state) => rows.map((row) => topupsDto.showTopup(row, refundability(state, row), checkoutUrl)),
      { fresh: true },
    );
  }

  /** A refund of the account; without an account, any refund. @throws Refused `refund_not_found` */
  async refund(id: string, accountId?: string): Promise<refundsDto.PricedRefund> {
    const row = (await this.#row(refundRows.view, id)) as RefundRow | undefined;
    if (row !== undefined && row.accountId !== '' && row.accountId === (accountId ?? row.accountId)) {
      const [priced] = await this.#priced([row]);
      return priced as refundsDto.PricedRefund;
    }
    throw new Refused(refuse('not_found', 'refund_not_found', 'There is no such refund.'));
  }

  async refunds(where: Where, query: ListQuery): Promise<Page<refundsDto.Refund>> {
    const listing = { view: refundRows.view, where, orderBy: 'requestedAt', show: (row: RefundRow) => row };
    const { data, ...rest } = await this.#list(listing, query);
    return { ...rest, data: (await this.#priced(data)).map(refundsDto.showRefund) };
  }

  /** Refunds with the currencies of their payments. */
  async #priced(rows: readonly RefundRow[]): Promise<readonly refundsDto.PricedRefund[]> {
    const ids = [...new Set(rows.map(({ topupId }) => topupId))];
    const topups = await this.readModels.load(topupRows.view, ids);
    return rows.map((row) => ({ ...row, currency: (topups.get(row.topupId)?.doc as TopupRow | undefined)?.currency }));
  }

  refundRows(where: Where, query: ListQuery): Promise<Page<RefundRow>> {
    const show = (row: RefundRow): RefundRow => row;
    return this.#list({ view: refundRows.view, where, orderBy: 'requestedAt', show }, query);
  }

  /** @throws Refused `dispute_not_found` */
  async dispute(id: string): Promise<DisputeRow> {
    const row = (await this.#row(disputeRows.view, id)) as DisputeRow | undefined;
    if (row !== undefined) return row;
    throw new Refused(refuse('not_found', 'dispute_not_found', 'There is no such dispute.'));
  }

  disputes(where: Where, query: ListQuery): Promise<Page<financeDto.Dispute>> {
    const show = (row: DisputeRow) => financeDto.showDispute(row, this.clock.now());
    return this.#list({ view: disputeRows.view, where, orderBy: 'openedAt', show }, query);
  }

  payouts(where: Where, query: ListQuery): Promise<Page<financeDto.Payout>> {
    return this.#list({ view: payoutRows.view, where, orderBy: 'reportedAt', show: financeDto.showPayout }, query);
  }

  alerts(kind: PaymentAlertRow['kind'], query: ListQuery): Promise<Page<financeDto.PaymentAlert>> {
    return this.#list({ view: paymentAlerts.view, where: { kind }, orderBy: 'at', show: financeDto.showAlert }, query);
  }

  async #row(view: ViewDefinition, id: string): Promise<JsonObject | undefined> {
    await this.waitFor.head(view);
    return (await this.readModels.load(view, [id])).get(id)?.doc;
  }

  #list<Item>(listing: Listing<Item>, query: ListQuery): Promise<Page<Item>> {
    return page({ readModels: this.readModels, waitFor: this.waitFor }, listing, query);
  }
}
