import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { NoticeRecovery } from './notice-recovery.js';
import { PaymentProviderUnavailable } from './payment-provider.js';
import { PaymentSweeper, SWEEP_EVERY_MS } from './payment-sweeper.js';

const RECOVER_EVERY_MS = 10 * 60_000;

/** Runs in every gateway: looks for what no notice told, every minute, and for notices that did not come, at the start and every ten minutes. */
@Injectable()
export class PaymentWorkers implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #log = new Logger('payments');
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly sweeper: PaymentSweeper,
    private readonly recovery: NoticeRecovery,
  ) {}

  onApplicationBootstrap(): void {
    const recover = this.#repeat('following up undelivered notices', RECOVER_EVERY_MS, () => this.recovery.recover());
    this.#repeat('asking about payments', SWEEP_EVERY_MS, () => this.sweeper.sweep());
    void recover();
  }

  onApplicationShutdown(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Never twice at the same moment. Returns a run of it that never throws. */
  #repeat(what: string, everyMs: number, work: () => Promise<unknown>): () => Promise<void> {
    let running = false;
    const run = async (): Promise<void> => {
      if (running) return;
      running = true;
      try {
        await work();
      } catch (error) {
        const reason = error instanceof PaymentProviderUnavailable ? error.detail : String(error);
        this.#log.error(`${what} failed; it runs again: ${reason}`);
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
