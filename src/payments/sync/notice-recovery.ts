import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../kernel/index.js';
import { PaymentProviderUnavailable } from '../provider/payment-provider.js';
import { type PaymentNotice, PaymentNotices } from '../provider/payment-notices.js';
import { type ByStaff, Webhooks } from './webhooks.js';

/** How long Stripe keeps events (docs.stripe.com/api/events). */
const KEPT_MS = 30 * 24 * 3_600_000;
/** Each recovery covers this time again, because an event counts as undelivered only after its first delivery failed. */
const OVERLAP_MS = 60 * 60_000;

/** Follows up the notices that the provider could not deliver: at first all that it still has, later the new ones. */
@Injectable()
export class NoticeRecovery {
  readonly #log = new Logger('payments');
  /** All notices before this instant (epoch milliseconds) have been followed up. */
  #mark = 0;

  constructor(
    private readonly notices: PaymentNotices,
    private readonly webhooks: Webhooks,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the number of different notices; a signal ends the recovery early. With a request, somebody asked for it by hand.
   * @throws PaymentProviderUnavailable
   */
  async recover({ signal, request }: { signal?: AbortSignal; request?: ByStaff } = {}): Promise<number> {
    const startedAt = this.clock.now();
    const missed = await this.notices.missedSince(Math.max(this.#mark, startedAt - KEPT_MS));
    const byHint = Map.groupBy(missed, ({ hint }) => JSON.stringify(hint));
    let failures = 0;
    for (const notices of byHint.values()) {
      const [{ hint }] = notices as [PaymentNotice];
      if (signal?.aborted) return byHint.size;
      try {
        await this.webhooks.follow(hint, notices, request);
      } catch (error) {
        if (error instanceof PaymentProviderUnavailable) throw error;
        failures++;
        const item = { hint, reason: String(error) };
        this.#log.error({ outage: 'notices', item, msg: 'notices can’t be followed up' });
      }
    }
    if (failures === 0) this.#mark = startedAt - OVERLAP_MS;
    return byHint.size;
  }
}
