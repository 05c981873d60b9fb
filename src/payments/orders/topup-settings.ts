import { Inject, Injectable } from '@nestjs/common';
import { type Amount, usd } from '../../kernel/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import type { OfferSettings } from './topup-offer.js';

/** The price of a dollar of credit in yuan where none is configured and no money is real. */
const SANDBOX_CNY_PER_USD = '7.20';

/** What an operator offers for sale. */
@Injectable()
export class TopupSettings implements OfferSettings {
  readonly max: Amount;
  readonly cnyPerUsd: string | undefined;

  constructor(@Inject(CONFIG) config: Pick<Config, 'TOPUP_MAX_USD' | 'TOPUP_CNY_PER_USD' | 'STRIPE_SECRET_KEY'>) {
    const isSandbox = config.STRIPE_SECRET_KEY === undefined;
    this.max = usd(config.TOPUP_MAX_USD);
    this.cnyPerUsd = config.TOPUP_CNY_PER_USD ?? (isSandbox ? SANDBOX_CNY_PER_USD : undefined);
  }
}
