import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ReadModelStore, type ViewDefinition, WaitFor } from '../event-store/index.js';
import { Refused, refuse } from '../kernel/index.js';
import { type DisputeRow, disputeRows } from './disputes.projection.js';
import { page, type Page } from './listing.js';
import { type PaymentAlertRow, paymentAlerts } from './payment-alerts.projection.js';
import * as schemas from './payments.schemas.js';
import { type RefundRow, refundRows } from './refunds.projection.js';
import { type TopupRow, topupRows } from './topups.projection.js';

type Listed<Schema extends z.ZodType> = Promise<Page<z.output<Schema>>>;
type Where = Readonly<Record<string, string>>;

/** Reads of payments, each after the read model has seen all that was in the ledger. An id of someone else is as one that does not exist. */
@Injectable()
export class PaymentReads {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
  ) {}

  /** @throws Refused `topup_not_found` */
  async topup(accountId: string, id: string): Promise<TopupRow> {
    const row = await this.#row<TopupRow>(topupRows.view, id);
    if (row?.accountId === accountId) return row;
    throw new Refused(refuse('topup_not_found', 'You have no such top-up. GET /api/topups lists those there are.'));
  }

  /** Any account’s; undefined when there is none. */
  anyTopup(id: string): Promise<TopupRow | undefined> {
    return this.#row<TopupRow>(topupRows.view, id);
  }

  topups(accountId: string, query: unknown): Listed<typeof schemas.TopupAnswer> {
    return this.#list(topupRows.view, { accountId }, 'orderedAt', schemas.showTopup, query);
  }

  /** An account’s own, or any without it. @throws Refused `refund_not_found` */
  async refund(id: string, accountId?: string): Promise<RefundRow> {
    const row = await this.#row<RefundRow>(refundRows.view, id);
    if (row !== undefined && row.accountId !== '' && row.accountId === (accountId ?? row.accountId)) return row;
    throw new Refused(refuse('refund_not_found', 'There is no such refund.'));
  }

  refunds(where: Where, query: unknown): Listed<typeof schemas.RefundAnswer> {
    return this.#list(refundRows.view, where, 'requestedAt', schemas.showRefund, query);
  }

  /** @throws Refused `dispute_not_found` */
  async dispute(id: string): Promise<DisputeRow> {
    const row = await this.#row<DisputeRow>(disputeRows.view, id);
    if (row !== undefined) return row;
    throw new Refused(refuse('dispute_not_found', 'There is no such dispute.'));
  }

  disputes(where: Where, query: unknown): Listed<typeof schemas.DisputeAnswer> {
    return this.#list(disputeRows.view, where, 'openedAt', schemas.showDispute, query);
  }

  alerts(kind: PaymentAlertRow['kind'], query: unknown): Listed<typeof schemas.AlertAnswer> {
    return this.#list(paymentAlerts.view, { kind }, 'at', schemas.showAlert, query);
  }

  async #row<Doc>(view: ViewDefinition, id: string): Promise<Doc | undefined> {
    await this.waitFor.head(view);
    return (await this.readModels.load(view, [id])).get(id)?.doc as Doc | undefined;
  }

  #list<Doc, Item>(view: ViewDefinition, where: Where, orderBy: string, show: (doc: Doc) => Item, query: unknown) {
    const stores = { readModels: this.readModels, waitFor: this.waitFor };
    return page<Doc, Item>(stores, { view, where, orderBy, show }, query);
  }
}
