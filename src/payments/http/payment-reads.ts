import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ReadModelStore, type ViewDefinition, WaitFor } from '../../event-store/index.js';
import { type JsonObject, Refused, refuse } from '../../kernel/index.js';
import { type DisputeRow, disputeRows } from '../disputes/disputes.projection.js';
import type { Page } from '../../platform/http/index.js';
import { type Listing, page } from './listing.js';
import { type PaymentAlertRow, paymentAlerts } from '../topups/payment-alerts.projection.js';
import { payoutRows } from '../payouts/payouts.projection.js';
import * as schemas from './payments.schemas.js';
import { type RefundRow, refundRows } from '../refunds/refunds.projection.js';
import { type TopupRow, topupRows } from '../topups/topups.projection.js';

type Listed<Schema extends z.ZodType> = Promise<Page<z.output<Schema>>>;
type Where = Readonly<Record<string, string>>;

/** Reads payments. Each read waits until the read model has seen the whole ledger. An id of another account counts as unknown. */
@Injectable()
export class PaymentReads {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
  ) {}

  /** @throws Refused `topup_not_found` */
  async topup(accountId: string, id: string): Promise<TopupRow> {
    const row = (await this.#row(topupRows.view, id)) as TopupRow | undefined;
    if (row?.accountId === accountId) return row;
    throw new Refused(
      refuse('not_found', 'topup_not_found', 'You have no such top-up. GET /api/topups lists your top-ups.'),
    );
  }

  /** The top-up of any account; undefined when there is none. */
  async anyTopup(id: string): Promise<TopupRow | undefined> {
    return (await this.#row(topupRows.view, id)) as TopupRow | undefined;
  }

  topups(accountId: string, query: unknown): Listed<typeof schemas.TopupAnswer> {
    return this.#list(
      { view: topupRows.view, where: { accountId }, orderBy: 'orderedAt', show: schemas.showTopup },
      query,
    );
  }

  /** A refund of the account; without an account, any refund. @throws Refused `refund_not_found` */
  async refund(id: string, accountId?: string): Promise<RefundRow> {
    const row = (await this.#row(refundRows.view, id)) as RefundRow | undefined;
    if (row !== undefined && row.accountId !== '' && row.accountId === (accountId ?? row.accountId)) return row;
    throw new Refused(refuse('not_found', 'refund_not_found', 'There is no such refund.'));
  }

  refunds(where: Where, query: unknown): Listed<typeof schemas.RefundAnswer> {
    return this.#list({ view: refundRows.view, where, orderBy: 'requestedAt', show: schemas.showRefund }, query);
  }

  /** @throws Refused `dispute_not_found` */
  async dispute(id: string): Promise<DisputeRow> {
    const row = (await this.#row(disputeRows.view, id)) as DisputeRow | undefined;
    if (row !== undefined) return row;
    throw new Refused(refuse('not_found', 'dispute_not_found', 'There is no such dispute.'));
  }

  disputes(where: Where, query: unknown): Listed<typeof schemas.DisputeAnswer> {
    return this.#list({ view: disputeRows.view, where, orderBy: 'openedAt', show: schemas.showDispute }, query);
  }

  payouts(where: Where, query: unknown): Listed<typeof schemas.PayoutAnswer> {
    return this.#list({ view: payoutRows.view, where, orderBy: 'reportedAt', show: schemas.showPayout }, query);
  }

  alerts(kind: PaymentAlertRow['kind'], query: unknown): Listed<typeof schemas.AlertAnswer> {
    return this.#list({ view: paymentAlerts.view, where: { kind }, orderBy: 'at', show: schemas.showAlert }, query);
  }

  async #row(view: ViewDefinition, id: string): Promise<JsonObject | undefined> {
    await this.waitFor.head(view);
    return (await this.readModels.load(view, [id])).get(id)?.doc;
  }

  #list<Item>(listing: Listing<Item>, query: unknown): Promise<Page<Item>> {
    return page({ readModels: this.readModels, waitFor: this.waitFor }, listing, query);
  }
}
