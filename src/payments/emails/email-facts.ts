import { Injectable } from '@nestjs/common';
import { ReadModelStore, type ViewDefinition } from '../../event-store/index.js';
import { formatUsd, type JsonObject } from '../../kernel/index.js';
import { PublicUrl } from '../../platform/mail/index.js';
import { AutomaticTopups } from '../automatic/automatic-topups.js';
import { type DisputeRow, disputeRows } from '../disputes/disputes.projection.js';
import type { Facts } from './email-data.js';
import type { EmailRow } from './emails.projection.js';
import { moneyText } from '../topups/price.js';
import { RefundSettings } from '../refunds/refund-settings.js';
import { type RefundRow, refundRows } from '../refunds/refunds.projection.js';
import { type TopupRow, topupRows } from '../topups/topups.projection.js';

/** Finds the facts for an email that its event does not contain, as far as the read models have them. */
@Injectable()
export class EmailFacts {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly automatic: AutomaticTopups,
    private readonly publicUrl: PublicUrl,
    private readonly refunds: RefundSettings,
  ) {}

  async of({ accountId = '', topupId: own, event: { type, data } }: EmailRow): Promise<Facts> {
    const { windowDays: refundWindowDays } = this.refunds;
    if (type === 'BalanceFellLow') return { refundWindowDays, topupPage: this.publicUrl.link('/topup') };
    if (type === 'AutomaticTopupCeilingReached') {
      const ceiling = await this.automatic.read(accountId, ({ settings }) => settings?.monthlyCeiling);
      return { refundWindowDays, monthlyCeiling: ceiling && formatUsd(ceiling) };
    }
    const dispute =
      type === 'DisputeClosed' ? await this.#row<DisputeRow>(disputeRows.view, data.disputeId) : undefined;
    const topupId = own ?? ('lotId' in data ? data.lotId : dispute?.topupId);
    const topup = topupId === undefined ? undefined : await this.#row<TopupRow>(topupRows.view, topupId);
    if (topup === undefined) return { refundWindowDays };
    const refund = 'refundId' in data ? await this.#row<RefundRow>(refundRows.view, data.refundId) : undefined;
    return {
      refundWindowDays,
      accountId: topup.accountId,
      credit: topup.credit,
      paid: moneyText(topup.priceMinor, topup.currency),
      back: refund?.amountMinor === undefined ? undefined : moneyText(refund.amountMinor, topup.currency),
      receipt: this.publicUrl.link(`/api/topups/${topup.topupId}/receipt`),
      automatic: topup.automatic,
      disputed: dispute && { topupId: dispute.topupId, amount: dispute.amount },
    };
  }

  async #row<Doc extends JsonObject>(view: ViewDefinition, id: string): Promise<Doc | undefined> {
    return (await this.readModels.load(view, [id])).get(id)?.doc as Doc | undefined;
  }
}
