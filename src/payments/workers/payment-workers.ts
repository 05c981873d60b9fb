import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Seldom } from '../../kernel/index.js';
import { AutomaticTopupWorker } from '../orders/automatic-topup-worker.js';
import { EmailWorker } from '../emails/email-worker.js';
import { NoticeRecovery } from '../sync/notice-recovery.js';
import { PaymentProviderUnavailable } from '../provider/payment-provider.js';
import { PaymentSweeper, SWEEP_EVERY_MS } from './payment-sweeper.js';

const RECOVER_EVERY_MS = 10 * 60_000;
const TELL_EVERY_MS = 10 * 60_000;
/** What customers wait for. */
const LOOK_EVERY_MS = 5_000;

/**
 * Runs in every gateway: looks for what no notice told, every minute, for notices that did not come, at the start and every ten minutes, and
 * all the time for balances that are low and emails to be sent.
 */
@Injectable()
export class PaymentWorkers implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('payments');
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly sweeper: PaymentSweeper,
    private readonly recovery: NoticeRecovery,
    private readonly automatic: AutomaticTopupWorker,
    private readonly emails: EmailWorker,
  ) {}

  onApplicationBootstrap(): void {
    const recover = this.#repeat('following up undelivered notices', RECOVER_EVERY_MS, () => this.recovery.recover());
    this.#repeat('asking about payments', SWEEP_EVERY_MS, () => this.sweeper.sweep());
    this.#repeat('looking at balances', LOOK_EVERY_MS, () => this.automatic.look());
    const send = this.#repeat('sending letters', LOOK_EVERY_MS, () => this.emails.look());
    void recover();
    void send(); // from now on what happens is told
  }

  onApplicationShutdown(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Never twice at the same moment. Returns a run of it that never throws. */
  #repeat(what: string, everyMs: number, work: () => Promise<unknown>): () => Promise<void> {
    let running = false;
    const told = new Seldom(TELL_EVERY_MS);
    const run = async (): Promise<void> => {
      if (running) return;
      running = true;
      try {
        await work();
        told.reset();
      } catch (error) {
        // What is away is so for a while: it is told at once, then seldom.
        if (!told.isDue()) return;
        const reason = error instanceof PaymentProviderUnavailable ? error.detail : String(error);
        this.#log.error({ outage: what, msg: `${what} failed; it runs again: ${reason}` });
      } finally {
        running = false;
      }
    };
    const timer = setInterval(() => void run(), everyMs);
    timer.unref();
    this.#timers.push(timer);
    return run;
  }
}
