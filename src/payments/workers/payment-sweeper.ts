import { Injectable, Logger } from '@nestjs/common';
import { ReadModelStore, rowsOf } from '../../event-store/index.js';
import { Clock, fromInstant } from '../../kernel/index.js';
import { PaymentProviderUnavailable } from '../provider/payment-provider.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { RefundSender } from '../refunds/refund-sender.js';
import { type RefundRow, refundRows } from '../refunds/refunds.projection.js';
import { type TopupRow, topupRows } from '../topups/topups.projection.js';

/** How often new payments are checked. */
export const SWEEP_EVERY_MS = 60_000;
/** Older payments are checked less often: after an eighth of their age, and at least this often. */
const SLOWEST_MS = 6 * 3_600_000;

/**
 * Asks the provider about payments with news to come: open orders, missing balance transactions, pending refunds. Sends approved refunds that
 * a crash left unsent. Safe to run in every gateway, because each step has its effect once.
 */
@Injectable()
export class PaymentSweeper {
  readonly #log = new Logger('payments');
  readonly #lastTries = new Map<string, number>();

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly sync: PaymentSync,
    private readonly sender: RefundSender,
    private readonly clock: Clock,
  ) {}

  /** One round; a signal ends it early. @throws PaymentProviderUnavailable: the rest waits for the next round */
  async sweep(signal?: AbortSignal): Promise<void> {
    const tried = new Set<string>();
    const approved = rowsOf<RefundRow>(this.readModels, refundRows.view, { where: { status: 'approved' } });
    for await (const { id, doc } of approved) {
      if (signal?.aborted) return;
      const { accountId, changedAt } = doc;
      tried.add(id);
      if (this.#isDue(id, changedAt)) await this.#attempt(id, () => this.sender.send(accountId, id));
    }
    const awaiting = rowsOf<TopupRow>(this.readModels, topupRows.view, { where: { awaiting: true } });
    for await (const { id, doc } of awaiting) {
      if (signal?.aborted) return;
      tried.add(id);
      if (this.#isDue(id, doc.changedAt)) await this.#attempt(id, () => this.sync.sync(id));
    }
    for (const id of this.#lastTries.keys()) if (!tried.has(id)) this.#lastTries.delete(id);
  }

  #isDue(id: string, changedAt: string): boolean {
    const now = this.clock.now();
    const wait = Math.min(SLOWEST_MS, Math.max(SWEEP_EVERY_MS, (now - fromInstant(changedAt)) / 8));
    if (now - (this.#lastTries.get(id) ?? 0) < wait - 1_000) return false;
    this.#lastTries.set(id, now);
    return true;
  }

  /** A failure of one payment does not delay the others; when the provider is down, all of them wait. */
  async #attempt(id: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof PaymentProviderUnavailable) throw error;
      const item = { id, reason: String(error) };
      this.#log.error({ outage: 'payments', item, msg: 'payments can’t be brought up to date' });
    }
  }
}
