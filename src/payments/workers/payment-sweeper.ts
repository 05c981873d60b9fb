import { Injectable, Logger } from '@nestjs/common';
import { ReadModelStore, rowsOf } from '../../event-store/index.js';
import { Clock, fromInstant } from '../../kernel/index.js';
import { PaymentProviderUnavailable } from '../provider/payment-provider.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { RefundSender } from '../refunds/refund-sender.js';
import { type DisputeRow, disputeRows } from '../disputes/disputes.projection.js';
import { type RefundRow, refundRows } from '../refunds/refunds.projection.js';
import { type TopupRow, topupRows } from '../topups/topups.projection.js';

/** How often new payments are checked. */
export const SWEEP_EVERY_MS = 60_000;
/** Older payments are checked less often: after an eighth of their age, and at least this often. */
const SLOWEST_MS = 6 * 3_600_000;

interface Waiting {
  readonly id: string;
  /** When it last changed. */
  readonly since: string;
  readonly work: () => Promise<unknown>;
}

/**
 * Asks the provider about payments with news to come: open orders, missing balance transactions, pending refunds, open disputes (of one that
 * ended while the webhook was off, or a month ago, no event comes any more). Sends approved refunds that a crash left unsent. Safe to run in
 * every gateway, because each step has its effect once.
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
    for await (const { id, since, work } of this.#waiting()) {
      if (signal?.aborted) return;
      tried.add(id);
      if (this.#isDue(id, since)) await this.#attempt(id, work);
    }
    for (const id of this.#lastTries.keys()) if (!tried.has(id)) this.#lastTries.delete(id);
  }

  async *#waiting(): AsyncGenerator<Waiting> {
    const { readModels, sender, sync } = this;
    for await (const { id, doc } of rowsOf<RefundRow>(readModels, refundRows.view, { where: { status: 'approved' } }))
      yield { id, since: doc.changedAt, work: () => sender.send(doc.accountId, id) };
    for await (const { id, doc } of rowsOf<TopupRow>(readModels, topupRows.view, { where: { awaiting: true } }))
      yield { id, since: doc.changedAt, work: () => sync.sync(id) };
    for await (const { id, doc } of rowsOf<DisputeRow>(readModels, disputeRows.view, { where: { status: 'open' } }))
      yield { id, since: doc.openedAt, work: () => sync.sync(doc.topupId) };
  }

  #isDue(id: string, since: string): boolean {
    const now = this.clock.now();
    const wait = Math.min(SLOWEST_MS, Math.max(SWEEP_EVERY_MS, (now - fromInstant(since)) / 8));
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
