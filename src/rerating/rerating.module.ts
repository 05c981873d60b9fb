import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { PricingModule } from '../pricing/index.js';
import { Reratings } from './reratings.js';

/** Re-rating runs, for gateways and the command line. */
@Module({ imports: [LedgerModule, PricingModule], providers: [Reratings], exports: [Reratings] })
export class ReratingModule {}
