import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, type Config, isEmbedded } from '../config.js';
import { EventStore, Projector, ReadModelStore, type Row } from '../event-store/index.js';
import { Clock, toInstant } from '../kernel/index.js';
import { Accounts, type ChargeRow, charges } from '../ledger/index.js';
import { LOGGER } from './logger.js';
import { Metrics } from './metrics.js';

const SWEEP_EVERY_MS = 5_000;
const PAGE = 500;

/**
 * Releases holds that nothing settled: those past their expiry and, at the start of a gateway that owns its ledger's file, those of an
 * earlier run, as no one else can be working on them. Safe to run in every gateway. The read model only finds them; the account decides.
 */
@Injectable()
export class HoldSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (isEmbedded(this.config)) {
      await new Projector(this.store, this.readModels, charges).catchUp();
      await this.#release('gateway_restarted', {});
    }
    this.#timer = setInterval(() => void this.#sweep(), SWEEP_EVERY_MS);
    this.#timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    try {
      await this.#release('expired', { expiresAt: toInstant(this.clock.now()) });
    } catch (error) {
      this.logger.error({ err: error, msg: 'the hold sweep failed; it runs again' });
    }
  }

  async #release(reason: 'gateway_restarted' | 'expired', below: Readonly<Record<string, string>>): Promise<void> {
    let after: Row | undefined;
    for (;;) {
      const query = { where: { status: 'open' }, below, orderBy: 'expiresAt', limit: PAGE, ...(after && { after }) };
      const page = await this.readModels.find(charges.view, query);
      for (const { doc } of page) await this.#releaseOne(doc as ChargeRow, reason);
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }

  async #releaseOne(
    { accountId, chargeId, requestId, hold }: ChargeRow,
    reason: 'gateway_restarted' | 'expired',
  ): Promise<void> {
    const commandId = `${chargeId}/sweep`;
    const released = await this.accounts.execute(accountId, {
      type: 'ReleaseHold',
      commandId,
      at: this.clock.now(),
      chargeId,
      reason,
    });
    if (released.length === 0) return; // settled in the meantime; the read model had not seen it yet
    this.metrics.sweptHolds.inc({ reason });
    this.logger.warn({ accountId, chargeId, requestId, hold, reason, msg: 'a hold was released without a charge' });
  }
}
