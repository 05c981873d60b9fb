import { Inject, Injectable } from '@nestjs/common';
import { type Amount, DAY_MS, usd } from '../../kernel/index.js';
import { CONFIG, type Config } from '../../platform/config.js';

/** The rules for refunds that an operator sets. */
@Injectable()
export class RefundSettings {
  /** How many days after its purchase credit can be refunded. */
  readonly windowDays: number;
  /** The most that one person may decide alone on an account within 24 hours. */
  readonly alone: Amount;

  constructor(@Inject(CONFIG) config: Pick<Config, 'REFUND_WINDOW_DAYS' | 'REFUND_ALONE_USD'>) {
    this.windowDays = config.REFUND_WINDOW_DAYS;
    this.alone = usd(config.REFUND_ALONE_USD);
  }

  get windowMs(): number {
    return this.windowDays * DAY_MS;
  }
}
